from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

NAMED_CUSTOMERS = 5


class OrderDeskCustomerClass(models.Model):
    """What a class means in words, and who is in it (SPEC F1)."""

    _inherit = "order.desk.customer.class"

    policy = fields.Text(
        "What It Means",
        compute="_compute_policy",
        help="What the settings of this class mean for its customers.",
    )
    is_strictest = fields.Boolean(compute="_compute_is_strictest")
    customer_count = fields.Integer(
        compute="_compute_customer_count",
        help="Customers with this class in the current company.",
    )

    @api.depends(
        "deposit_percent",
        "ship_on",
        "deposit_offset",
        "check_credit",
        "max_overdue_days",
        "max_overdue_amount",
    )
    @api.depends_context("lang")
    def _compute_policy(self):
        for customer_class in self:
            sentences = (
                customer_class._get_deposit_sentence(),
                customer_class._get_shipping_sentence(),
                customer_class._get_credit_sentence(),
            )
            customer_class.policy = "\n".join(filter(None, sentences))

    def _get_deposit_sentence(self):
        self.ensure_one()
        if not self.deposit_percent:
            return self.env._("Production starts without a deposit.")
        percent = formatLang(self.env, self.deposit_percent, digits=2)
        return self.env._(
            "Production starts when %s %% of the order has been received.",
            percent.rstrip("0").rstrip(".,"),
        )

    def _get_shipping_sentence(self):
        self.ensure_one()
        if self.ship_on == "terms":
            return self.env._("Goods ship on the payment terms of the contract.")
        if not self.deposit_percent:
            return self.env._("Goods ship when they have been paid.")
        return {
            "proportional": self.env._(
                "Goods ship when they have been paid; each shipment uses up its share"
                " of the deposit."
            ),
            "first": self.env._(
                "Goods ship when they have been paid; the first shipments use up the"
                " deposit."
            ),
            "last": self.env._(
                "Goods ship when they have been paid; the last shipments use up the"
                " deposit."
            ),
        }[self.deposit_offset]

    def _get_credit_sentence(self):
        self.ensure_one()
        if not self.check_credit:
            return self.env._("Credit limit and overdue invoices hold nothing up.")
        if not self.max_overdue_days and not self.max_overdue_amount:
            return self.env._(
                "Over the credit limit, or with anything overdue, the order waits."
            )
        return self.env._(
            "Over the credit limit, or with more than %(amount)s overdue for longer"
            " than %(days)s days, the order waits.",
            amount=formatLang(self.env, self.max_overdue_amount, digits=2),
            days=self.max_overdue_days,
        )

    @api.depends("sequence", "code", "active")
    def _compute_is_strictest(self):
        strictest = self._get_strictest()
        for customer_class in self:
            customer_class.is_strictest = customer_class._origin == strictest

    @api.depends_context("company")
    def _compute_customer_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                self._get_customers_domain(), ["order_desk_class_id"], ["__count"]
            )
        )
        for customer_class in self:
            customer_class.customer_count = counts.get(customer_class._origin, 0)

    def _get_customers_domain(self):
        """Return the domain of the customers of these classes, contacts left out."""
        return [
            ("order_desk_class_id", "in", self.ids),
            "|",
            ("parent_id", "=", False),
            ("is_company", "=", True),
        ]

    def action_open_customers(self):
        """Show the customers with this class in the current company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %s", self.display_name),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": self._get_customers_domain(),
            "context": {"create": False},
        }

    # ------------------------------------------------------------- out of use

    def action_archive(self):
        """Take these classes out of use, and say what applies to their customers."""
        super().action_archive()
        strictest = self._get_strictest()
        users = self._get_users()
        count = sum(map(len, users.values()))
        if strictest:
            message = self.env._(
                "%(count)s customers of the archived class, and all customers without"
                " a class, are treated as %(strictest)s from now on.",
                count=count,
                strictest=strictest.display_name,
            )
        else:
            message = self.env._(
                "There is no customer class in use any more: nothing asks for a"
                " deposit or a balance."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "sticky": True, "message": message},
        }

    def _get_users(self):
        """Return who has these classes, in any company: ``{class: customers}``."""
        if not self:
            return {}
        self.env["res.partner"].flush_model(["order_desk_class_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT value::int, COALESCE(p.commercial_partner_id, p.id)
                  FROM res_partner p,
                       jsonb_each_text(p.order_desk_class_id)
                 WHERE p.order_desk_class_id IS NOT NULL
                   AND value::int IN %s
                """,
                tuple(self.ids),
            )
        )
        # their number and names do not depend on the companies of who asks
        partners = self.env["res.partner"].sudo()
        return {
            customer_class: partners.browse(
                partner_id
                for class_id, partner_id in rows
                if class_id == customer_class.id
            )
            for customer_class in self
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep classes that customers have or had: the policy would just be gone."""
        errors = []
        changes = self.env[
            "order.desk.class.change"
        ].sudo()  # whoever may not read them
        for customer_class, customers in self._get_users().items():
            customers |= changes.search(
                [
                    "|",
                    ("old_class_id", "=", customer_class.id),
                    ("new_class_id", "=", customer_class.id),
                ]
            ).partner_id
            if customers:
                names = customers[:NAMED_CUSTOMERS].mapped("display_name")
                errors.append(
                    self.env._(
                        "%(class)s cannot be deleted: %(number)s customers have or had"
                        " it, among them %(names)s. Archive it instead; the strictest"
                        " class then applies to its customers.",
                        **{
                            "class": customer_class.display_name,
                            "number": len(customers),
                            "names": ", ".join(names),
                        },
                    )
                )
        if errors:
            raise UserError("\n".join(errors))
