from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .order_desk_distribution import OPEN_STATES


class OrderDeskDistribution(models.Model):
    """Recipients take note and report done; their to-dos follow (SPEC C5)."""

    _inherit = "order.desk.distribution"

    # ------------------------------------------------------------- actions

    def action_take_note(self, remark=False):
        """Take note of these copies, for one's department where it got them.

        :raise UserError: not a recipient, noted already, or cancelled
        """
        self.check_access("read")
        self._lock()
        self._check_recipients()
        self._check_open("to_note")
        self._note(fields.Datetime.now())
        self._tell("noted", remark)
        self._update_todos()

    def action_report_done(self, remark=False):
        """Report done; that is to have taken note as well.

        :raise UserError: not a recipient, done already, or cancelled
        """
        self.check_access("read")
        self._lock()
        self._check_recipients()
        self._check_open(*OPEN_STATES)
        now = fields.Datetime.now()
        self.filtered(lambda copy: copy.state == "to_note")._note(now)
        # protected; after the checks above it is the recipient's own report
        self.sudo().write({"done_on": now, "done_by_id": self.env.uid})
        self._tell("done", remark)
        self._update_todos()

    def action_withdraw(self):
        """Call open copies back, which only who distributes may.

        :raise UserError: reported done or cancelled already
        """
        self.check_access("write")
        self._lock()
        self._check_open(*OPEN_STATES)
        self._cancel()
        for copy in self:
            copy.sudo().sheet_id.message_post(
                body=self.env._(
                    "The copy “%(document)s” for %(recipient)s was withdrawn.",
                    document=copy.document,
                    recipient=copy.recipient,
                ),
                author_id=self.env.user.partner_id.id,
            )

    @api.model
    def action_open_list(self):
        """Open the copies that wait for the user; whoever gets none sees all open."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_desk.order_desk_distribution_action"
        )
        if not self.env.user.has_group("order_desk.group_order_desk_recipient"):
            action["context"] = {"search_default_open": 1}
            action["views"] = [(False, "list"), (False, "kanban"), (False, "form")]
        return action

    def action_open_remark(self):
        """Open the dialog in which a recipient reports with a remark."""
        wizard = self.env["order.desk.distribution.report"].create(
            {"distribution_ids": self.ids}
        )
        return wizard._get_records_action(name=self.env._("Report"), target="new")

    def action_print_sheet(self):
        """Print the sheet of these copies as the shop floor gets it."""
        self.check_access("read")
        report = self.env.ref("order_desk.order_desk_distribution_report_sheet")
        return report.report_action(self, config=False)

    def _get_sheet_to_print(self):
        """Return the sheet of this copy for the form without prices.

        Whoever may read the copy may have it, and nobody else.
        """
        self.ensure_one()
        self.check_access("read")
        # recipients have no rights on the order; the form shows what their copy shows
        return self.sudo().sheet_id

    def _get_print_url(self):
        """Return where the QR code on paper leads: the recipient reports there."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk-distribution/{self.id}"

    def _get_busy_message(self):
        return self.env._(
            "Somebody else is reporting on %s at this moment. Look at it again"
            " in a few seconds.",
            ", ".join(self.mapped("display_name")),
        )

    def _check_recipients(self):
        for copy in self:
            if self.env.user not in copy._get_recipients():
                raise UserError(
                    self.env._(
                        "%(copy)s is for %(recipient)s, who reports on it in person.",
                        copy=copy.display_name,
                        recipient=copy._get_recipient_text(),
                    )
                )

    def _check_open(self, *states):
        errors = [copy._get_closed_error() for copy in self if copy.state not in states]
        if errors:
            raise UserError("\n".join(errors))

    def _get_closed_error(self):
        """Return why nothing can be reported on this copy any more."""
        self.ensure_one()
        if self.state == "cancelled":
            return self.env._(
                "%s was called back: nothing is to be done with it any more.",
                self.display_name,
            )
        done = self.state == "done"
        copy = self.sudo()  # colleagues' names
        values = {
            "copy": self.display_name,
            "user": (copy.done_by_id if done else copy.noted_by_id).name,
            "moment": format_datetime(
                self.env, self.done_on if done else self.noted_on, dt_format="short"
            ),
        }
        if done:
            return self.env._(
                "%(user)s reported %(copy)s done on %(moment)s already.", **values
            )
        return self.env._(
            "%(user)s took note of %(copy)s on %(moment)s already.", **values
        )

    def _note(self, moment):
        # protected; the caller has checked that it is the recipient's own word
        self.sudo().write({"noted_on": moment, "noted_by_id": self.env.uid})

    def _cancel(self):
        """Call these copies back: nothing is to be done with them any more."""
        # protected; a new revision, a cancellation or the clerk takes them back
        self.sudo().write({"cancelled_on": fields.Datetime.now()})
        self._update_todos()

    def _tell(self, report, remark):
        """Tell the story on the sheet in a plain sentence."""
        for copy in self:
            who = self.env.user.name
            if copy.department_id:
                who = self.env._(
                    "%(user)s (%(department)s)",
                    user=who,
                    department=copy.department_id.name,
                )
            what = ", ".join(text for text in (copy.document, copy.task) if text)
            if report == "done":
                body = self.env._("%(who)s reported done: %(what)s", who=who, what=what)
            else:
                body = self.env._("%(who)s took note of: %(what)s", who=who, what=what)
            lines = [body, (remark or "").strip()]
            # recipients need not see the sheet
            copy.sudo().sheet_id.message_post(
                body=Markup("<br/>").join(line for line in lines if line),
                author_id=self.env.user.partner_id.id,
            )

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        return {
            (copy, "order_desk.mail_activity_type_distribution", user): {
                "summary": copy.task or copy.document,
                "date_deadline": copy.company_id._order_desk_date(copy.due_on),
            }
            for copy in self._filter_open()
            for user in copy._get_recipients()
        }

    def _get_many_subject(self):
        """Return the subject of the message that says these copies wait."""
        return self.env._("%s copies of configuration sheets wait for you", len(self))
