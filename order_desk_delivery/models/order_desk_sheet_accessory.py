from odoo import api, fields, models

from .order_desk_accessory import OPEN_STATES, RELEASED_STATES

PACK_TODO = "order_desk_delivery.mail_activity_type_accessory"


class OrderDeskSheet(models.Model):
    """The sheet's list of accessories: signed with it, packed before it ships."""

    _inherit = "order.desk.sheet"

    accessory_ids = fields.One2many("order.desk.accessory", "sheet_id", "Accessories")

    def unlink(self):
        # with their messages and photos, which the database knows nothing of
        self.sudo().accessory_ids.unlink()
        return super().unlink()

    def action_submit(self):
        """Put on the list to be signed whatever is wanted now."""
        self.check_access("write")
        for accessory in self.sudo().accessory_ids:  # protected
            is_signed = accessory.state != "cancelled"
            if accessory.is_signed != is_signed:
                accessory.is_signed = is_signed
        return super().action_submit()

    def action_view_accessories(self):
        """Open the accessories of this sheet, to prepare and to pack them."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk_delivery.order_desk_accessory_action"
            ),
            "domain": [("sheet_id", "in", self.ids)],
            "context": {"default_sheet_id": self.id},
        }

    # ------------------------------------------------------------- what is signed

    @api.depends(
        "accessory_ids.is_signed",
        "accessory_ids.product_id",
        "accessory_ids.description",
        "accessory_ids.quantity",
        "accessory_ids.product_uom_id",
        "accessory_ids.sale_line_id",
    )
    def _compute_digests(self):
        return super()._compute_digests()

    @api.model
    def _get_content_keys(self):
        keys = super()._get_content_keys()
        order_keys, line_keys = keys["shipping"]
        return {**keys, "shipping": ((*order_keys, "accessories"), line_keys)}

    @api.model
    def _get_content_labels(self):
        return {
            **super()._get_content_labels(),
            "accessories": self.env._("Accessories"),
        }

    def _get_content_values(self):
        """Add the list of accessories where there is one: others keep what was signed.

        Their order is no content.
        """
        values = super()._get_content_values()
        accessories = self.accessory_ids.filtered("is_signed")
        if accessories:
            values["accessories"] = sorted(
                " → ".join(
                    filter(
                        None,
                        (
                            accessory._get_text(),
                            accessory.sale_line_id.product_id.display_name,
                        ),
                    )
                )
                for accessory in accessories
            )
        return values

    @api.model
    def _get_customer_content(self, content):
        """Leave accessories out: the customer confirms what is ordered."""
        customer_content = super()._get_customer_content(content)
        customer_content[0].pop("accessories", None)
        return customer_content

    # ------------------------------------------------------------- on paper

    def _get_print_accessories(self):
        """Return the accessories as they stand on paper, whoever prints it."""
        self.ensure_one()
        return self.sudo().accessory_ids.filtered(
            lambda accessory: accessory.state != "cancelled"
        )

    # ------------------------------------------------------------- to-dos

    @api.model
    def _get_todo_xmlids(self):
        return {**super()._get_todo_xmlids(), "accessories": PACK_TODO}

    def _get_todos(self):
        """Ask the follow-up clerks to pack what a released order still lacks."""
        todos = super()._get_todos()
        open_accessories = self.accessory_ids.filtered(
            lambda accessory: (
                accessory.state in OPEN_STATES
                and accessory.sheet_id.state in RELEASED_STATES
            )
        )
        sheets = open_accessories.sheet_id
        roles = self.env["order.desk.role"]._get_step_roles(
            sheets.company_id, "accessory"
        )
        for sheet in sheets:
            for user in roles[sheet.company_id].signer_ids:
                todos[sheet, "accessories", user] = roles[sheet.company_id]
        return todos

    def _get_todo_summary(self, kind, user, roles):
        if kind != "accessories":
            return super()._get_todo_summary(kind, user, roles)
        env = self.with_context(lang=user.lang).env
        return env._(
            "Prepare and pack the accessories: %s open",
            len(self.accessory_ids.filtered(lambda a: a.state in OPEN_STATES)),
        )

    def _get_todo_day(self, kind, deadline):
        """Give the follow-up clerk time until the first accessory is needed."""
        day = super()._get_todo_day(kind, deadline)
        if kind != "accessories":
            return day
        open_accessories = self.accessory_ids.filtered(
            lambda accessory: accessory.state in OPEN_STATES
        )
        return min(filter(None, open_accessories.mapped("needed_by")), default=day)

    def _get_escalations(self, wanted, open_todos):
        """Tell the superior of accessories that are late (SPEC J2)."""
        escalations = super()._get_escalations(wanted, open_todos)
        for sheet, kind, _user in open_todos:
            roles = wanted.get((sheet, kind, _user))
            if kind != "accessories" or not roles:
                continue
            if any(sheet.accessory_ids.mapped("is_late")):
                for role in roles:
                    superior = role.superior_id or sheet.clerk_id or sheet.user_id
                    if superior - role._get_signers():
                        told = (sheet, "late", superior)
                        escalations[told] = escalations.get(told, role) | role
        return escalations
