from odoo import api, fields, models

from .order_desk_incident import OPEN_STATES


class OrderDeskSheet(models.Model):
    """The incidents of an order (SPEC E3)."""

    _inherit = "order.desk.sheet"

    incident_ids = fields.One2many(
        "order.desk.incident", "sheet_id", "Incidents", readonly=True
    )
    incident_count = fields.Integer(
        compute="_compute_incident_count", compute_sudo=True
    )

    @api.depends("incident_ids")
    def _compute_incident_count(self):
        groups = self.env["order.desk.incident"]._read_group(
            [("sheet_id", "in", self.ids)], ["sheet_id"], ["__count"]
        )
        counts = dict(groups)
        for sheet in self:
            sheet.incident_count = counts.get(sheet, 0)

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "incident_ids": []}

    def _raise_incident(self, kind, name, description=False, **values):
        """Raise an incident on this order; the chain of SPEC E3 is told at once.

        :param kind: production, material, quality, transport or other
        :param name: what happened, in one line
        :param values: other fields of the incident, e.g. production_id, quantity,
            attachment_ids; gate where it is not the usual one
        :return: the incident
        """
        self.ensure_one()
        # whoever notices it need not be able to read the order
        incidents = self.env["order.desk.incident"].sudo()
        incident = incidents.create(
            {
                "sheet_id": self.id,
                "kind": kind,
                "name": name,
                "description": description,
                **values,
            }
        )
        return incident.sudo(self.env.su)

    def _report_trouble(self, kind, name, description=False, **values):
        """Raise an incident instead of a to-do."""
        return self._raise_incident(kind, name, description, **values)

    def action_raise_incident(self):
        """Open the dialog in which an incident of this order is reported."""
        self.ensure_one()
        return self.env["order.desk.incident"]._get_raise_action(
            sheet_id=self.id, order_code=self.order_code
        )

    def action_view_incidents(self):
        """Open the incidents of these orders."""
        return self.incident_ids._get_records_action(name=self.env._("Incidents"))

    def _get_open_incidents(self, gate):
        """Return what holds these orders up at ``gate``: ``{sheet: incidents}``."""
        incidents = self.env["order.desk.incident"].sudo()
        found = incidents.search(
            [
                ("sheet_id", "in", self.ids),
                ("state", "in", OPEN_STATES),
                ("gate", "=", gate),
            ]
        )
        return found.grouped("sheet_id")

    def _make_good_waivers(self):
        """Close the waivers of what has been solved meanwhile: nothing is asked."""
        waivers = self.env["order.desk.waiver"].sudo()  # nobody may write them by hand
        open_waivers = waivers.search(
            [
                ("sheet_id", "in", self.ids),
                ("state", "=", "open"),
                ("condition", "=", "incident"),
            ]
        )
        for gate, same_gate in open_waivers.grouped("gate").items():
            held = same_gate.sheet_id._get_open_incidents(gate)
            same_gate.filtered(lambda w, held=held: w.sheet_id not in held)._close(
                "made_good", made_good_on=fields.Datetime.now()
            )
        return super()._make_good_waivers()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        # says which incident a mail is about; whether it may be is looked up here
        incident_id = self.env.context.get("order_desk_incident_id")
        if incident_id and not message.is_internal:
            self._note_informed(message, incident_id)
        return result

    def _note_informed(self, message, incident_id):
        """Note on its incident that this mail has told the customer."""
        self.ensure_one()
        incident = self.sudo().incident_ids.filtered(lambda i: i.id == incident_id)
        customer = self.sudo().partner_id.commercial_partner_id
        recipients = message.partner_ids.commercial_partner_id
        if incident and customer in recipients:
            incident.sudo(False)._filter_managed()._note_informed("email")
