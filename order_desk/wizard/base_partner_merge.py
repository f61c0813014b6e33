from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Two customers become one: nobody gets a laxer class by that (SPEC F1)."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Decide on class and open changes first, the rest of the merge is SQL.

        :raise UserError: an open order would get into a laxer class
        """
        classes = src_partners._get_classes_of_open_sheets()
        self._merge_class_changes(src_partners, dst_partner)
        self._merge_classes(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        src_partners._check_class_not_laxer(classes)
        return result

    @api.model
    def _merge_class_changes(self, src_partners, dst_partner):
        """Let the open changes of the merged customers go on for the one that stays.

        Only one of a kind can be open for a customer: the others are withdrawn.
        """
        # whoever merges customers need not be a supervisor of the order desk
        opened = (
            self.env["order.desk.class.change"]
            .sudo()
            .search(
                [
                    ("state", "=", "open"),
                    ("partner_id", "in", (src_partners | dst_partner).ids),
                ],
                order="id desc",
            )
        )
        kept = {}
        for change in opened.sorted(lambda change: change.partner_id != dst_partner):
            kept.setdefault((change.company_id, change.kind), change)
        rest = opened - opened.browse().union(*kept.values())
        for change in rest:
            change.note = self.env._("Merged with %s.", dst_partner.display_name)
        rest._settle("withdrawn")

    @api.model
    def _merge_classes(self, src_partners, dst_partner):
        """Keep the strictest class that was given to one of these customers.

        A customer without a class stays without one: its orders were in the strictest.
        What the others had is asked of the supervisors.
        """
        # a class is the desk's to write, whoever merges
        customers_sudo = src_partners.sudo().filtered(
            lambda partner: partner.commercial_partner_id == partner
        )
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            survivor = dst_partner.sudo().with_company(company)
            classes = customers_sudo.with_company(company).order_desk_class_id.filtered(
                "active"
            )
            own = survivor.order_desk_class_id.filtered("active")
            if not classes or survivor.commercial_partner_id != survivor:
                continue
            strictest = (classes | own).sorted(lambda c: (c.sequence, c.code))[-1]
            if not own:
                self._ask_for_class(survivor, strictest, company)
            elif own._is_laxer_than(strictest):
                survivor.order_desk_class_id = strictest
                survivor._message_log(
                    body=self.env._(
                        "Customer class in %(company)s: %(old)s → %(new)s, because"
                        " %(merged)s was in that class.",
                        company=company.name,
                        old=own.display_name,
                        new=strictest.display_name,
                        merged=", ".join(src_partners.mapped("display_name")),
                    )
                )
        self._forget_classes(src_partners)

    @api.model
    def _ask_for_class(self, survivor, customer_class, company):
        """Ask the supervisors whether it gets the class of the one that goes."""
        changes = self.env["order.desk.class.change"].sudo()  # asked by whoever merges
        opened = changes.search(
            [
                ("kind", "=", "request"),
                ("state", "=", "open"),
                ("partner_id", "=", survivor.id),
                ("company_id", "=", company.id),
            ]
        )
        if opened:
            return
        changes.create(
            {
                "partner_id": survivor.id,
                "company_id": company.id,
                "old_class_id": survivor._get_order_desk_class(company).id,
                "new_class_id": customer_class.id,
                "reason": self.env._(
                    "Merged with a customer of this class; none was set here."
                ),
                "user_id": self.env.uid,
            }
        )
        changes._update_todos()

    @api.model
    def _forget_classes(self, partners):
        """Empty the classes of those that go, or Odoo would hand them on."""
        partners.flush_recordset(["order_desk_class_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET order_desk_class_id = NULL WHERE id IN %s",
                tuple(partners.ids),
            )
        )
        partners.invalidate_recordset(["order_desk_class_id"])
