from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from .order_desk_shipping_request import SHIPPING_STATES

TELL_TYPE = "order_desk_delivery.mail_activity_type_tell_payment"
TEMPLATE = "order_desk_delivery.mail_template_payment_ready"


class OrderDeskShippingRequest(models.Model):
    """Who pays on delivery is told to have the payment ready (SPEC G9)."""

    _inherit = "order.desk.shipping.request"

    collect_on_delivery = fields.Char(
        compute="_compute_collect_on_delivery",
        compute_sudo=True,
        help="What the customer pays when the goods of this request are handed over.",
    )
    payment_told_on = fields.Datetime(
        "Told to Have the Payment Ready", readonly=True, copy=False
    )
    payment_told_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    payment_told_via = fields.Selection(
        [("email", "E-mail"), ("phone", "Phone")], readonly=True, copy=False
    )

    @api.depends("state", "line_ids.quantity", "line_ids.shipped_quantity")
    @api.depends_context("lang")
    def _compute_collect_on_delivery(self):
        for request in self:
            request.collect_on_delivery = " + ".join(
                format_amount(self.env, amount, order.currency_id)
                for order, amount in request._get_cash_amounts().items()
                if amount
            )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "payment_told_on": False,
            "payment_told_by_id": False,
            "payment_told_via": False,
        }

    def _get_delivery_day(self):
        """Return the day on which the payment has to be ready, as far as one knows."""
        self.ensure_one()
        return self.due_arrival_date or self.order_due_date

    # ------------------------------------------------------------- telling

    def action_tell_payment(self, via="phone"):
        """Note that the customers know what to have ready, or mail it to them.

        :param via: "email" or "phone"
        :raise UserError: nothing to collect, not issued, told already, or no e-mail
            address
        """
        self.check_access("read")
        self._lock()
        requests = self.sudo()  # protected fields, the checks are here
        requests._check_tell_payment(via, self.env.user)
        requests.write(
            {
                "payment_told_on": fields.Datetime.now(),
                "payment_told_by_id": self.env.uid,
                "payment_told_via": via,
            }
        )
        for request in requests:
            request._message_log(body=request._get_told_text(via))
        if via == "email":
            requests._mail_payment()
        requests._update_todos()

    def action_revise(self):
        """Have the customers told anew: it may become another amount."""
        result = super().action_revise()
        self.sudo().write(  # protected fields, the checks are above
            {
                "payment_told_on": False,
                "payment_told_by_id": False,
                "payment_told_via": False,
            }
        )
        return result

    def action_mail_payment(self):
        """Mail to the customers what to have ready."""
        self.action_tell_payment("email")

    def _check_tell_payment(self, via, user):
        if via not in dict(self._fields["payment_told_via"].selection):
            raise UserError(self.env._("Tell the customer by e-mail or by phone."))
        checks = self.env["order.desk.tracking.check"].sudo(False)
        companies = checks._get_tracking_companies(self.company_id)
        for request in self:
            name = request.display_name
            if request.state not in SHIPPING_STATES:
                raise UserError(self.env._("%s: nothing is under way.", name))
            if not request.collect_on_delivery:
                raise UserError(
                    self.env._("%s: nothing is to be paid on delivery.", name)
                )
            if request.payment_told_on:
                raise UserError(request._get_told_text(request.payment_told_via))
            mine = user in request.order_ids.user_id or request.company_id in companies
            if not mine:
                raise AccessError(
                    self.env._(
                        "%s: the salesperson tells the customer, or the sales admin.",
                        name,
                    )
                )
            if via == "email" and not request.partner_id.email:
                raise UserError(
                    self.env._(
                        "%s has no e-mail address. Enter it on the contact, or call.",
                        request.partner_id.display_name,
                    )
                )

    def _get_told_text(self, via):
        ways = dict(self._fields["payment_told_via"]._description_selection(self.env))
        return self.env._(
            "%(customer)s was told to have %(amount)s ready (%(way)s).",
            customer=self.partner_id.name,
            amount=self.collect_on_delivery,
            way=ways[via],
        )

    def _mail_payment(self):
        """Mail in the customer's language, with Odoo's mail queue."""
        source = self.env.ref(TEMPLATE)
        for request in self.with_context(mail_notify_force_send=False):
            lang = request.partner_id.lang or self.env.lang
            request.with_context(lang=lang).message_post_with_source(
                source,
                email_layout_xmlid="mail.mail_notification_layout",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        """Have the salesperson tell in time who pays on delivery."""
        todos = super()._get_todos()
        untold = self.filtered(
            lambda request: (
                request.state in SHIPPING_STATES and not request.payment_told_on
            )
        )
        for request in untold.filtered("collect_on_delivery"):
            people = request.order_ids.user_id.filtered("active")
            company = request.company_id
            for user in people or request.issued_by_id:
                env = self.with_context(lang=user.lang).env
                todos[request, TELL_TYPE, user] = {
                    "summary": env._(
                        "Tell %(customer)s to have %(amount)s ready",
                        customer=request.partner_id.name,
                        amount=request.with_env(env).collect_on_delivery,
                    ),
                    "date_deadline": request.due_pick_date
                    or company._order_desk_date(),
                }
        return todos
