from odoo import api, fields, models
from odoo.exceptions import UserError

# Odoo's own kinds of carriers have no page but the one entered
NO_PAGE = ("fixed", "base_on_rule")


class OrderDeskTrackingCheck(models.Model):
    """A planned look at where a shipment is, until it has arrived (SPEC G6).

    The plan is made when the advice is sent, and can be changed. What a check has found
    is entered through the ``action_*`` methods only.
    """

    _name = "order.desk.tracking.check"
    _description = "Tracking Check"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "due_date, id"
    _rec_name = "advice_id"
    _rec_names_search = ["advice_id.number", "advice_id.tracking_ref"]
    _mail_post_access = "read"
    _check_company_auto = True

    advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        "Shipment",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="advice_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="advice_id.request_id.partner_id", string="Customer", store=True
    )
    partner_shipping_id = fields.Many2one(
        related="advice_id.request_id.partner_shipping_id"
    )
    carrier_id = fields.Many2one(related="advice_id.carrier_id", store=True)
    tracking_ref = fields.Char(related="advice_id.tracking_ref")
    driver = fields.Char(related="advice_id.driver")
    driver_phone = fields.Char(related="advice_id.driver_phone")
    expected_arrival = fields.Datetime(related="advice_id.expected_arrival", store=True)
    has_link = fields.Boolean(compute="_compute_has_link", compute_sudo=True)
    due_date = fields.Date(
        "Check on",
        required=True,
        tracking=True,
        help="The company's day on which somebody looks where the shipment is.",
    )
    kind = fields.Selection(
        [
            ("way", "On the way"),
            ("arrival", "Day of arrival"),
            ("late", "Not arrived yet"),
        ],
        default="way",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        domain=[("share", "=", False)],
        tracking=True,
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("skipped", "Not Needed")],
        "Status",
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    is_next = fields.Boolean(
        "Next of Its Shipment",
        compute="_compute_is_next",
        store=True,
        help="The first planned check of a shipment that is on its way.",
    )
    outcome = fields.Selection(
        [
            ("on_way", "On the way"),
            ("delayed", "Delayed"),
            ("arrived", "Arrived"),
            ("trouble", "Trouble"),
        ],
        "Found",
        readonly=True,
        copy=False,
    )
    note = fields.Char(help="Whom to ask, or what was heard.")
    new_date = fields.Date("New Day of Arrival", readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")
    is_late = fields.Boolean(
        "Later than Expected", compute="_compute_is_late", search="_search_is_late"
    )

    # the list shows one check of each open shipment, few that are due among very many
    _next_idx = models.Index("(due_date, id) WHERE is_next IS TRUE")
    _late_idx = models.Index("(expected_arrival) WHERE is_next IS TRUE")

    @api.depends("advice_id", "due_date")
    def _compute_display_name(self):
        for check in self:
            check.display_name = check.advice_id.display_name

    @api.depends(
        "advice_id.state",
        "advice_id.tracking_check_ids.due_date",
        "advice_id.tracking_check_ids.state",
    )
    def _compute_is_next(self):
        for check in self:
            travels = check.advice_id.state == "sent" and check.state == "planned"
            check.is_next = travels and check == check.advice_id._get_next_check()

    @api.depends("advice_id")
    def _compute_user_id(self):
        for check in self:
            check.user_id = check.user_id or check.sudo()._get_responsible()

    @api.depends("tracking_ref", "carrier_id.tracking_url")
    def _compute_has_link(self):
        """Guess whether there is a page; very many are not asked for their address."""
        for check in self:
            carrier = check.carrier_id
            has_page = carrier.tracking_url or carrier.delivery_type not in NO_PAGE
            check.has_link = bool(carrier and check.tracking_ref and has_page)

    @api.depends("state", "company_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        companies = self._get_tracking_companies(self.company_id)
        for check in self:
            check.can_answer = (
                check.state == "planned" and check.company_id in companies
            )

    @api.depends("is_next", "expected_arrival")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for check in self:
            arrival = check.expected_arrival
            check.is_late = check.is_next and bool(arrival) and arrival < now

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("is_next", "=", True) & fields.Domain(
            "expected_arrival", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    # ------------------------------------------------------------- protection

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "planned",
            "outcome": False,
            "new_date": False,
            "answered_on": False,
            "answered_by_id": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {*super()._get_fixed_fields(), "advice_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a tracking check cannot be entered by hand. Use the buttons.", names
        )

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        idle = checks.advice_id.filtered(lambda advice: advice.state != "sent")
        if idle:
            raise UserError(
                self.env._(
                    "%s: only shipments that are on their way are looked for.",
                    ", ".join(idle.mapped("display_name")),
                )
            )
        return checks

    def write(self, vals):
        answered = self.filtered(lambda check: check.state != "planned")
        if {"due_date", "kind"} & set(vals) and answered and not self.env.su:
            raise UserError(answered._get_answered_error())
        result = super().write(vals)
        if {"due_date", "user_id"} & set(vals):
            self._update_todos()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        answered = self.filtered(lambda check: check.state == "done")
        if answered:
            raise UserError(answered._get_answered_error())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        """Somebody goes on looking for what is on its way."""
        for advice in self.advice_id.filtered(lambda advice: advice.state == "sent"):
            planned = advice.tracking_check_ids.filtered(
                lambda check: check.state == "planned"
            )
            if planned and planned <= self:
                raise UserError(
                    self.env._(
                        "%s is on its way: its last check stays. Move it to another"
                        " day instead.",
                        advice.display_name,
                    )
                )

    def _get_answered_error(self):
        """Return why checks cannot be changed any more."""
        return "\n".join(
            self.env._(
                "%(shipment)s: %(name)s has entered already what this check has found.",
                shipment=check.display_name,
                name=check.answered_by_id.name,
            )
            if check.answered_by_id
            else self.env._(
                "%s: this check is not needed any more.", check.display_name
            )
            for check in self
        )
