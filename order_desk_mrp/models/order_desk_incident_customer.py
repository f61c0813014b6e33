from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .order_desk_incident import OPEN_STATES

TEMPLATE = "order_desk_mrp.mail_template_incident"


class OrderDeskIncident(models.Model):
    """The customer is told what happened and what is done about it (SPEC E3).

    The mail goes out from the order's sheet: the shop floor, which reads incidents,
    does not read who the customer is.
    """

    _inherit = "order.desk.incident"

    informed_on = fields.Datetime("Customer Informed on", readonly=True)
    informed_by_id = fields.Many2one(
        "res.users", "Informed by", readonly=True, ondelete="restrict"
    )
    informed_via = fields.Selection(
        [("email", "E-mail"), ("phone", "Phone")], "Informed via", readonly=True
    )
    informed_person = fields.Char(
        "Spoke with",
        readonly=True,
        groups="order_desk.group_order_desk_signer,sales_team.group_sale_salesman",
    )
    informed_note = fields.Text("What Was Said", readonly=True)

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "informed_on": False,
            "informed_by_id": False,
            "informed_via": False,
            "informed_note": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return super()._get_fixed_fields() | {"informed_person"}

    def action_inform(self):
        """Open the mail to the customer, written from the template (SPEC E3).

        :raise AccessError: not the owner or one of the chain
        :raise UserError: it is not known whose order it is
        """
        self.ensure_one()
        self._check_informing()
        template = self.env.ref(TEMPLATE)
        # the template reads the order, which whoever sees to it need not
        incident = self.sudo()
        contact = incident._get_customer_contact()
        subject, body = (
            template.sudo()._render_field(name, self.ids, compute_lang=True)[self.id]
            for name in ("subject", "body_html")
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inform the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "order.desk.sheet",
                "default_res_ids": incident.sheet_id.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": contact.ids,
                "default_subject": subject,
                "default_body": body,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                # the mail that tells of it, see the sheet
                "order_desk_incident_id": self.id,
            },
        }

    def action_open_phone(self):
        """Open the dialog in which a call to the customer is noted."""
        self.ensure_one()
        self._check_informing()
        dialog = self.env["order.desk.incident.inform"].create({"incident_id": self.id})
        return dialog._get_records_action(
            name=self.env._("Informed by Phone"), target="new"
        )

    def action_informed_by_phone(self, person, informed_on=False, note=False):
        """Note that the customer has been told on the phone.

        :param person: who was told, at the customer's
        :param informed_on: when (UTC), by default now
        :raise AccessError: not the owner or one of the chain
        :raise UserError: nobody named, or a moment to come
        """
        self._start(*OPEN_STATES, "solved")
        self._check_informing()
        person = self._read_text(person, self.env._("Say whom you have told."))
        now = fields.Datetime.now()
        try:
            informed_on = fields.Datetime.to_datetime(informed_on) or now
        except (ValueError, TypeError):
            raise UserError(
                self.env._("Say when the customer was told, with date and time.")
            ) from None
        if informed_on > now:
            raise UserError(self.env._("You cannot have told the customer yet."))
        self._note_informed(
            "phone",
            informed_on=informed_on,
            informed_person=person,
            informed_note=(note or "").strip(),
        )
        for incident in self.sudo():  # the owner need not be able to write on the sheet
            incident.sheet_id._message_log(
                body=plaintext2html(incident._get_phone_sentence()),
                author_id=self.env.user.partner_id.id,
            )

    def _check_informing(self):
        self._check_managed()
        unknown = self.filtered(lambda incident: not incident.sudo().sheet_id)
        if unknown:
            raise UserError(
                self.env._(
                    "%s belongs to no order yet. Enter the order first, so that it is"
                    " known who the customer is.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )

    def _get_customer_contact(self):
        """Return who at the customer's is told: the contact of the order."""
        self.ensure_one()
        return self.sheet_id.order_id.partner_id

    def _note_informed(self, via, **vals):
        """Remember that, when and how the customer was told, and log it."""
        # protected; the callers have checked
        incidents = self.sudo()
        incidents.write(
            {
                "informed_on": fields.Datetime.now(),
                "informed_by_id": self.env.uid,
                "informed_via": via,
                "informed_person": False,
                "informed_note": False,
                **vals,
            }
        )
        labels = dict(self._fields["informed_via"]._description_selection(self.env))
        for incident in incidents:
            incident._message_log(
                body=self.env._(
                    "The customer was informed (%(way)s) on %(date)s.",
                    way=labels[via],
                    date=incident.company_id._order_desk_moment_text(
                        incident.informed_on
                    ),
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _get_phone_sentence(self):
        """Return what the sheet's history says about the call."""
        self.ensure_one()
        sentence = self.env._(
            "%(number)s: %(user)s has told %(person)s on the phone on %(date)s.",
            number=self.number,
            user=self.informed_by_id.name,
            person=self.informed_person,
            date=self.company_id._order_desk_moment_text(self.informed_on),
        )
        return "\n".join(text for text in (sentence, self.informed_note) if text)
