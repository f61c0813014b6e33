from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime, html2plaintext

# what people have written; the rest is what Odoo notes by itself
WRITTEN_TYPES = ("comment", "email", "email_outgoing")


class OrderDeskSheet(models.Model):
    """The story of an order in its dossier: what happened, when, by whom (SPEC I2).

    It is told from milestones, signatures, waivers, questions and what people have
    written to each other; what Odoo notes by itself about changed fields is no story.
    """

    _inherit = "order.desk.sheet"

    def _make_dossier_event(self, moment, who, what, text=False):
        """Return one entry of the story.

        :param moment: UTC; an entry without a moment is left out
        """
        return {
            "moment": moment,
            "who": who or "",
            "what": what,
            "text": text or "",
        }

    def _get_dossier_events(self):
        """Return the entries of the story that records tell, read as superuser.

        Modules extend this with the steps of their documents.
        """
        self.ensure_one()
        make = self._make_dossier_event
        codes = dict(
            self.milestone_ids._fields["code"]._description_selection(self.env)
        )
        questions = self._filter_dossier_readable(self.clarification_ids)
        return [
            *(
                make(
                    step.reached_on, step.user_id.name, codes.get(step.code, step.code)
                )
                for step in self.milestone_ids
            ),
            *(
                self._make_dossier_signature(signature)
                for signature in self._filter_dossier_readable(self.signature_ids)
            ),
            *(
                make(
                    waiver.given_on,
                    waiver.user_id.name,
                    self.env._("Waived: %s", waiver._get_label()),
                    waiver.reason,
                )
                for waiver in self._filter_dossier_readable(self.waiver_ids)
            ),
            *(
                make(
                    question.create_date,
                    question.asked_by_id.name,
                    self.env._("Asked: %s", question.name),
                    question.description,
                )
                for question in questions
            ),
            *(
                make(
                    question.answered_on,
                    question.answered_by_id.name,
                    self.env._("Answered: %s", question.name),
                    question.answer,
                )
                for question in questions
            ),
            *(
                make(
                    shift.create_date,
                    shift.user_id.name,
                    self.env._(
                        "Finish date moved to %s",
                        format_date(self.env, shift.finish_date),
                    ),
                    shift.reason,
                )
                for shift in self.shift_ids
                if shift.finish_date
            ),
        ]

    def _make_dossier_signature(self, signature):
        """Return a signature as an entry of the story."""
        role = signature.role_id.name
        return self._make_dossier_event(
            signature.signed_on,
            signature.user_id.name,
            self.env._("Signed as %s", role)
            if signature.decision == "signed"
            else self.env._("Refused as %s", role),
            "\n".join(part for part in (signature.statement, signature.note) if part),
        )

    @api.model
    def _filter_dossier_readable(self, records):
        """Return those of the superuser's records that the reader may read."""
        return records.sudo(False)._filtered_access("read").sudo()

    def _get_dossier_messages(self, records_list):
        """Return what people have written on these documents, as the reader may read.

        :param records_list: recordsets of several models
        """
        domain = Domain.OR(
            Domain("model", "=", records._name) & Domain("res_id", "in", records.ids)
            for records in records_list
            if records and hasattr(records, "message_ids")
        )
        messages = self.env["mail.message"].search(
            domain & Domain("message_type", "in", WRITTEN_TYPES)
        )
        events = []
        for message in messages:
            body = html2plaintext(message.body or "").strip()
            names = ", ".join(message.attachment_ids.mapped("name"))
            text = "\n".join(part for part in (message.subject, body, names) if part)
            if body or names:
                events.append(
                    self._make_dossier_event(
                        message.date,
                        message.author_id.name or message.email_from,
                        self.env._("Note on %s", message.record_name or "")
                        if message.is_internal
                        else self.env._("Message on %s", message.record_name or ""),
                        "\n".join(
                            part for part in (message.subject, text, names) if part
                        ),
                    )
                )
        return events

    def _get_dossier_story(self, records_list=()):
        """Return the story of this order in the order of time, for the reader.

        :param records_list: whose messages belong to it
        """
        self.ensure_one()
        events = [
            # whoever reads the sheet reads who decided what about it
            *self.sudo()._get_dossier_events(),
            *self._get_dossier_messages(records_list),
        ]
        zone = self._get_dossier_zone()
        return [
            {
                **event,
                "time": format_datetime(self.env, event["moment"], zone, "short"),
            }
            for event in sorted(
                (event for event in events if event["moment"]),
                key=lambda event: event["moment"],
            )
        ]

    def _get_dossier_story_to_print(self):
        """Return the story as the report prints it, messages of the order included."""
        return self._get_dossier_story([self, self.order_id])

    def _get_dossier_zone(self):
        """Return the name of the reader's time zone."""
        self.ensure_one()
        return self.env.user.tz or self.company_id._order_desk_tz().zone

    def _get_dossier_now(self):
        """Return when the dossier is made, in words."""
        self.ensure_one()
        zone = self._get_dossier_zone()
        return format_datetime(self.env, fields.Datetime.now(), zone, "short")
