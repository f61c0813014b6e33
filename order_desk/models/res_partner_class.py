from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

CLASS_FIELD = "order_desk_class_id"


class ResPartner(models.Model):
    """The class of a customer changes by a decision, never by hand (SPEC F1)."""

    _inherit = "res.partner"

    order_desk_class_note = fields.Char(
        "Why this Class",
        compute="_compute_order_desk_class_note",
        compute_sudo=True,
        groups="base.group_user",
    )
    order_desk_open_change_id = fields.Many2one(
        "order.desk.class.change",
        "Open Change of Class",
        compute="_compute_order_desk_class_note",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("order_desk_applied_class_id")
    @api.depends_context("company", "lang")
    def _compute_order_desk_class_note(self):
        changes = self._get_last_class_changes()
        for partner in self:
            customer = partner.commercial_partner_id
            partner.order_desk_class_note = customer._get_class_note(
                changes.get((customer, "applied"))
            )
            partner.order_desk_open_change_id = changes.get((customer, "open"), False)

    def _get_last_class_changes(self):
        """Return the last changes of these customers: ``{(customer, state): change}``.

        They are those of the current company; a request goes before a proposal.
        """
        changes = self.env["order.desk.class.change"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("applied", "open")),
            ],
            order="decided_on, kind, id",  # of the open ones a request comes last
        )
        return {(change.partner_id, change.state): change for change in changes}

    def _get_class_note(self, change):
        """Return why the class that applies does: who decided, when and for what."""
        self.ensure_one()
        own = self.order_desk_class_id
        if not own:
            return self.env._("No class is set, so the strictest one applies.")
        if not own.active:
            return self.env._(
                "Class %s is archived, so the strictest one applies.", own.display_name
            )
        if not change or change.new_class_id != own:
            return self.env._("Entered with the customer.")
        return self.env._(
            "Since %(date)s, decided by %(user)s: %(reason)s",
            date=format_date(
                self.env, self.env.company._order_desk_date(change.decided_on)
            ),
            user=change.decided_by_id.name,
            reason=change.reason,
        )

    # ------------------------------------------------------------- no way by hand

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._prepare_class_vals(vals) for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _prepare_class_vals(self, vals):
        """Return ``vals`` without a class; a contact gets that of its company.

        :raise UserError: another class is given
        """
        given = vals.get(CLASS_FIELD)
        parent = self.browse(vals.get("parent_id"))
        if given and given != parent.commercial_partner_id.order_desk_class_id.id:
            raise UserError(self._get_class_by_hand_message(vals.get("name")))
        fallback = self._fields[CLASS_FIELD].get_company_dependent_fallback(self)
        # given here, it wins over the defaults of a context, which anybody may send
        return {**vals, CLASS_FIELD: given or fallback.id}

    def write(self, vals):
        if CLASS_FIELD in vals and not self.env.su:
            self._check_class_by_hand(vals[CLASS_FIELD])
        if not {"parent_id", "is_company"} & set(vals):
            return super().write(vals)
        dependents = self.filtered(lambda p: p.commercial_partner_id != p)
        classes = self._get_classes_of_open_sheets()
        result = super().write(vals)
        dependents.filtered(
            lambda partner: partner.commercial_partner_id == partner
        )._start_without_class()
        self._check_class_not_laxer(classes)
        return result

    def _check_class_by_hand(self, class_id):
        changed = self.filtered(lambda p: p[CLASS_FIELD].id != (class_id or False))
        if changed:
            names = ", ".join(changed[:10].mapped("display_name"))
            raise UserError(self._get_class_by_hand_message(names))

    @api.model
    def _get_class_by_hand_message(self, names):
        return self.env._(
            "The customer class of %s cannot be entered by hand: a change has a reason,"
            " and a supervisor of the order desk decides. Use the button “Change"
            " Class” on the customer.",
            names or self.env._("a new customer"),
        )

    def _start_without_class(self):
        """Contacts that become customers of their own start in the strictest class.

        Otherwise they would keep what their company has earned.
        """
        if not self:
            return
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            # the desk takes away what nobody has decided
            self.sudo().with_company(company).order_desk_class_id = False

    def _get_classes_of_open_sheets(self):
        """Return the class of each order the desk has of these: ``{sheet: class}``."""
        # whoever looks after addresses need not be able to read the order desk
        sheets = (
            self.env["order.desk.sheet"]
            .sudo()
            .search(
                [
                    ("order_id.partner_id", "child_of", self.ids),
                    ("state", "not in", ("done", "cancel")),
                ]
            )
        )
        return {sheet: sheet.customer_class_id for sheet in sheets}

    def _check_class_not_laxer(self, classes):
        """Refuse that a customer with open orders joins one of a laxer class.

        Supervisors may: they decide about classes anyway.

        :param classes: what ``_get_classes_of_open_sheets`` returned before
        """
        if self.env.su or self.env["order.desk.class.change"]._is_decider(
            self.env.user
        ):
            return
        for sheet, before in classes.items():
            if sheet.customer_class_id._is_laxer_than(before):
                raise UserError(
                    self.env._(
                        "%(order)s is an order of class %(before)s; for %(customer)s"
                        " class %(after)s applies. Ask a supervisor of the order desk"
                        " to put the two together.",
                        order=sheet.order_id.name,
                        before=before.code,
                        customer=sheet.partner_id.commercial_partner_id.name,
                        after=sheet.customer_class_id.code,
                    )
                )

    def _create_contact_parent_company(self):
        """Let the company made of a person be the customer that the person was."""
        parent = super()._create_contact_parent_company()
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            # it is the same customer, so nothing is decided here
            person = self.sudo().with_company(company)
            if parent and person.order_desk_class_id:
                parent.sudo().with_company(
                    company
                ).order_desk_class_id = person.order_desk_class_id
        return parent

    def _commercial_sync_from_company(self):
        """Show on a contact also that its company has no class."""
        result = super()._commercial_sync_from_company()
        for partner in self:
            customer = partner.commercial_partner_id
            if partner.order_desk_class_id and not customer.order_desk_class_id:
                partner.order_desk_class_id = False
        return result

    # ------------------------------------------------------------- the way to change

    def action_change_order_desk_class(self):
        """Open the dialog that changes the class, or asks a supervisor to."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Class"),
            "res_model": "order.desk.class.change.ask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }

    @api.private
    def change_order_desk_class(self, customer_class, reason, company):
        """Change the class of these customers in ``company``, or ask for it.

        A supervisor's change applies at once; anybody else's waits for a supervisor.

        :return: the ``order.desk.class.change``
        :raise UserError: no reason, nothing to change, or asked for already
        """
        self.check_access("read")
        customers = self.commercial_partner_id.with_company(company)
        changes = self.env["order.desk.class.change"]
        may_decide = changes._is_decider(self.env.user)
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You do not work for %s.", company.sudo().name)
            )
        customers._check_class_change(customer_class, (reason or "").strip(), company)
        if not may_decide:
            customers._check_no_open_request(company)
        # nobody writes changes by hand, so nobody has the right to create them, and
        # who asks need not see the accounts that those who decide are shown
        changes = changes.sudo()
        figures = changes._get_payment_figures(company, customers)
        created = changes.create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "old_class_id": customer._get_order_desk_class(company).id,
                    "new_class_id": customer_class.id,
                    "reason": reason.strip(),
                    "user_id": self.env.uid,
                    # beside a request of somebody else, which is then settled by it
                    "state": "applied" if may_decide else "open",
                    "figures_on": customer.id in figures and company._order_desk_date(),
                    **figures.get(customer.id, {}),
                }
                for customer in customers
            ]
        )
        if may_decide:
            created._apply()
        else:
            created._update_todos()
        return created.sudo(False)

    def _check_class_change(self, customer_class, reason, company):
        if not reason:
            raise UserError(self.env._("Write the reason for the change of class."))
        same = self.filtered(lambda p: p.order_desk_class_id == customer_class)
        if same:
            raise UserError(
                self.env._(
                    "%(customers)s: already in class %(class)s in %(company)s.",
                    customers=", ".join(same.mapped("display_name")),
                    **{"class": customer_class.display_name, "company": company.name},
                )
            )

    def _check_no_open_request(self, company):
        # whoever asked, the request counts
        asked = (
            self.env["order.desk.class.change"]
            .sudo()
            .search(
                [
                    ("kind", "=", "request"),
                    ("state", "=", "open"),
                    ("partner_id", "in", self.ids),
                    ("company_id", "=", company.id),
                ]
            )
        )
        if asked:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(change)s has been asked for by %(user)s already and waits"
                        " for a supervisor.",
                        change=change.display_name,
                        user=change.user_id.name,
                    )
                    for change in asked
                )
            )
