from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

DECIDE_HOURS = 8.0  # working hours to decide about a change of class
REQUEST_TYPE = "order_desk.mail_activity_type_class_request"
PROPOSAL_TYPE = "order_desk.mail_activity_type_class_proposal"


class OrderDeskClassChange(models.Model):
    """Asking for a change of class, deciding, telling those concerned (SPEC F1)."""

    _inherit = "order.desk.class.change"

    # ------------------------------------------------------------- who may, and when

    def _check_decider(self):
        self.check_access("read")
        if not self._is_decider(self.env.user):
            raise AccessError(
                self.env._(
                    "Supervisors of the order desk decide about the classes of"
                    " customers. They see your request in their to-dos."
                )
            )

    def _get_busy_message(self):
        return self.env._(
            "Somebody else is deciding about %s at this moment. Look at it"
            " again in a few seconds.",
            ", ".join(self.mapped("display_name")),
        )

    def _check_open(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = [
            self.env._(
                "%(change)s: %(user)s has decided already, it is “%(state)s”.",
                change=change.display_name,
                user=change.decided_by_id.name or "",
                state=labels[change.state],
            )
            for change in self
            if change.state != "open"
        ]
        if errors:
            raise UserError("\n".join(errors))

    # ------------------------------------------------------------- deciding

    def action_accept(self):
        """Give these customers the class that was asked for or proposed."""
        self._check_decider()
        self._lock()
        self._check_open()
        self.sudo()._apply()  # the class and its history are the desk's to write

    def action_decline(self, note=False):
        """Leave these customers in their class.

        Whoever asked for it gets to know why; a proposal needs no answer.
        """
        self._check_decider()
        self._lock()
        self._check_open()
        unanswered = self.filtered(lambda change: change._needs_note() and not note)
        if unanswered:
            return unanswered._get_decline_action(self)
        if note:
            self.note = note
        # decided by a person who may, written by the desk
        self.sudo()._settle("declined")
        return True

    def _needs_note(self):
        self.ensure_one()
        return self.kind == "request" and not (self.note or "").strip()

    def _get_decline_action(self, changes):
        """Return the dialog that asks why; it declines all of ``changes``."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decline"),
            "res_model": "order.desk.class.change.decline",
            "view_mode": "form",
            "target": "new",
            "context": {"default_change_ids": changes.ids},
        }

    def action_withdraw(self):
        """Take back one's own requests; supervisors take back anybody's."""
        self.check_access("read")
        others = self.filtered(lambda change: change.user_id != self.env.user)
        if others:
            others._check_decider()
        self._lock()
        self._check_open()
        self.sudo()._settle("withdrawn")  # one's own request, or a supervisor acts

    def _apply(self):
        """Write the new class, settle what else is open, and tell those concerned."""
        archived = self.filtered(lambda change: not change.new_class_id.active)
        if archived:
            raise UserError(
                self.env._(
                    "Class %(classes)s is archived, so nobody can be put into it:"
                    " decline %(changes)s, or unarchive the class first.",
                    classes=", ".join(archived.new_class_id.mapped("display_name")),
                    changes=", ".join(archived.mapped("display_name")),
                )
            )
        for change in self:
            company = change.company_id
            customer = change.partner_id.with_company(company)
            change.old_class_id = customer._get_order_desk_class(company)
            customer.order_desk_class_id = change.new_class_id
            customer._message_log(body=change._get_story())
        self._settle("applied")
        self._settle_others()
        self._follow_class()

    def _settle(self, state):
        """Write down the decision, take the to-dos away and tell who asked."""
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        for change in self:
            change._tell_asker()
        self._update_todos()

    def _settle_others(self):
        """Withdraw what else was open for these customers: it starts from the past."""
        others = self.search(
            [
                ("state", "=", "open"),
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        ).filtered(
            lambda other: any(
                (change.partner_id, change.company_id)
                == (other.partner_id, other.company_id)
                for change in self
            )
        )
        for other in others:
            other.note = self.env._(
                "The customer has been put into another class meanwhile: %s.",
                other.partner_id._get_order_desk_class(other.company_id).display_name,
            )
        others._settle("withdrawn")

    def _follow_class(self):
        """Have the gates of these customers' open orders looked at again."""
        self.env["order.desk.sheet"].search(
            [
                ("order_id.partner_id", "child_of", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "not in", ("done", "cancel")),
            ]
        )._note_money_moved()

    # ------------------------------------------------------------- telling

    def _get_story(self):
        """Return what the customer's chatter says about this change."""
        self.ensure_one()
        text = self.env._(
            "Customer class in %(company)s: %(old)s → %(new)s",
            company=self.company_id.name,
            old=self.old_class_id.display_name or "–",
            new=self.new_class_id.display_name,
        )
        return Markup("<p>%s</p><p>%s</p>") % (text, plaintext2html(self.reason))

    def _tell_asker(self):
        """Tell whoever asked for this change what has become of it."""
        self.ensure_one()
        asker = self.user_id
        if self.kind != "request" or not asker.active or asker == self.env.user:
            return
        change = self.with_context(lang=asker.lang, mail_notify_force_send=False)
        subject = {
            "applied": change.env._("Accepted: %s", change.display_name),
            "declined": change.env._("Declined: %s", change.display_name),
            "withdrawn": change.env._("Settled: %s", change.display_name),
        }[self.state]
        change.message_notify(
            partner_ids=asker.partner_id.ids,
            subject=subject,
            body=plaintext2html(f"{subject}\n{self.note or ''}"),
            email_layout_xmlid="mail.mail_notification_light",
        )

    # ------------------------------------------------------------- to-dos

    @api.model
    def _get_deciders(self, companies):
        """Return who decides in each company: ``{company: users}``."""
        # everybody may know who decides
        group = self.env.ref("order_desk.group_order_desk_supervisor").sudo()
        users = group.all_user_ids.filtered(lambda user: user.active and not user.share)
        return {
            company: users.filtered(lambda user, c=company: c in user.company_ids)
            for company in companies
        }

    @api.model
    def _get_todos(self):
        """Return who has to decide what: ``{(change, activity type, user)}``.

        Each request is a to-do; the proposals of a company are one to-do together, on
        the oldest of them.
        """
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        opened = self.search([("state", "=", "open")], order="id")
        deciders = self._get_deciders(opened.company_id)
        proposals = opened.filtered(lambda change: change.kind == "proposal")
        firsts = self.browse().union(
            *(changes[0] for changes in proposals.grouped("company_id").values())
        )
        return {
            (change, get_id(xmlid), user)
            for changes, xmlid in (
                (opened - proposals, REQUEST_TYPE),
                (firsts, PROPOSAL_TYPE),
            )
            for change in changes
            for user in deciders[change.company_id]
        }

    @api.model
    def _update_todos(self):
        """Bring the supervisors' to-dos in line with what is open."""
        changes = self.sudo()  # to-dos of others are the desk's to give and take back
        wanted = changes._get_todos()
        activities = changes.env["mail.activity"]
        present = {
            (
                self.browse(activity.res_id),
                activity.activity_type_id.id,
                activity.user_id,
            ): activity
            for activity in activities.search(
                [("res_model", "=", self._name), ("automated", "=", True)]
            )
        }
        gone = activities.union(*(present[key] for key in present.keys() - wanted))
        gone.unlink()
        vals_list = [
            change._prepare_todo_vals(type_id, user)
            for change, type_id, user in wanted - present.keys()
        ]
        created = activities.with_context(mail_activity_quick_update=True).create(
            vals_list
        )
        request_type = self.env["ir.model.data"]._xmlid_to_res_id(REQUEST_TYPE)
        created.filtered(
            lambda activity: activity.activity_type_id.id == request_type
        )._order_desk_notify()

    def _prepare_todo_vals(self, type_id, user):
        self.ensure_one()
        company = self.company_id
        env = self.with_context(lang=user.lang).env
        if self.kind == "request":
            summary = env._("Decide on the class: %s", self.with_env(env).display_name)
        else:
            summary = env._("Decide on the proposed classes")
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": type_id,
            "user_id": user.id,
            "automated": True,
            "summary": summary,
            "date_deadline": company._order_desk_date(
                company._order_desk_plan_hours(DECIDE_HOURS)
            ),
        }

    def _get_many_subject(self):
        """Return the subject of the message that says these changes wait."""
        return self.env._("%s changes of class wait for your decision", len(self))
