import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_claim import OPEN_STATES, SERVICE_KINDS

MAX_NAME = 200
MAX_TEXT = 5000
MAX_FILES = 10
# a second tap on a slow phone
SAME_MINUTES = 15


class OrderDeskClaim(models.Model):
    """Claims that customers open and follow by themselves (SPEC I1)."""

    _inherit = "order.desk.claim"

    # ------------------------------------------------------------- opening

    @api.model
    def _open_in_portal(self, sheet, partner, typed, quantities, files, receipt=None):
        """Return the claim that a customer opens; the caller has let them in.

        :param typed: what was typed: ``kind``, ``name``, ``description``
        :param quantities: ``{id of an order line: text}`` of what is claimed
        :param files: checked ``[(name, content)]``
        :raise UserError: something is missing or cannot be; nothing is lost
        """
        claims = self.sudo()  # customers have no right on the model
        values = claims._read_typed(typed)
        lines = claims._read_portal_quantities(sheet, quantities)
        if values["kind"] not in SERVICE_KINDS and not lines:
            raise UserError(
                self.env._("Say how many of which goods something is wrong with.")
            )
        if len(files) > MAX_FILES:
            raise UserError(self.env._("At most %s files at a time.", MAX_FILES))
        same = claims._find_same(sheet, partner, values)
        if same:
            return same
        claim = claims.create(
            {
                **values,
                "sheet_id": sheet.id,
                "partner_id": partner.id,
                "contact": partner.name,
                "source": "portal",
                "receipt_id": receipt.id if receipt else False,
                "line_ids": [
                    (0, 0, {"sale_line_id": line.id, "quantity": quantity})
                    for line, quantity in lines.items()
                ],
            }
        )
        claim.attachment_ids = claim._keep_files(files)
        claim._mail_received()
        return claim

    @api.model
    def _read_typed(self, typed):
        """Return what a customer has typed, cut to what an honest text takes."""
        kinds = dict(self._fields["kind"].selection)
        kind = typed.get("kind")
        name = str(typed.get("name") or "").strip()[:MAX_NAME]
        if kind not in kinds:
            raise UserError(self.env._("Choose what it is about."))
        if not name:
            raise UserError(self.env._("Say in one line what is wrong."))
        description = str(typed.get("description") or "").strip()[:MAX_TEXT]
        return {"kind": kind, "name": name, "description": description or False}

    @api.model
    def _read_portal_quantities(self, sheet, quantities):
        """Return ``{order line: quantity}`` of what was entered on the page.

        :raise UserError: names the line whose entry is no number
        """
        lines = {}
        for line in sheet.order_line:
            text = str(quantities.get(line.id) or "").strip().replace(",", ".")
            if not text:
                continue
            try:
                quantity = float(text)
            except ValueError:
                quantity = math.nan
            if not 0 <= quantity < math.inf:
                raise UserError(
                    self.env._(
                        "%(line)s: “%(text)s” is no quantity. Enter a number.",
                        line=line.name.split("\n")[0],
                        text=text[:40],
                    )
                )
            if line.product_uom_id.compare(quantity, 0) > 0:
                lines[line] = quantity
        return lines

    @api.model
    def _find_same(self, sheet, partner, values):
        """Return the claim that was just opened with the same words, if any."""
        sheet._start_over_if_second()  # two taps at the same moment
        since = fields.Datetime.now() - timedelta(minutes=SAME_MINUTES)
        return self.search(
            [
                ("sheet_id", "=", sheet.id),
                ("partner_id", "=", partner.id),
                ("source", "=", "portal"),
                ("state", "=", "new"),
                ("name", "=", values["name"]),
                ("description", "=", values["description"]),
                ("opened_on", ">=", since),
            ],
            limit=1,
        )

    def _keep_files(self, contents):
        """Return attachments of this claim with these ``[(name, content)]``."""
        self.ensure_one()
        return (
            self.env["ir.attachment"]
            .sudo()  # the customer has no right on attachments
            .create(
                [
                    {
                        "name": name,
                        "raw": raw,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, raw in contents
                ]
            )
        )

    # ------------------------------------------------------------- adding to it

    def _write_in_portal(self, partner, text, files):
        """Take down what a customer adds on the page of this claim.

        :raise UserError: the claim is over, nothing was written, or too many files
        """
        self.ensure_one()
        text = str(text or "").strip()[:MAX_TEXT]
        if self.state not in OPEN_STATES:
            raise UserError(
                self.env._(
                    "%s is closed. Open a new claim, or answer our last e-mail.",
                    self.number,
                )
            )
        if not text and not files:
            raise UserError(self.env._("Write something, or add a photo."))
        if len(files) > MAX_FILES:
            raise UserError(self.env._("At most %s files at a time.", MAX_FILES))
        attachments = self._keep_files(files)
        self.attachment_ids |= attachments
        self.with_context(mail_notify_force_send=False).message_post(
            body=text or self.env._("Added: %s", ", ".join(attachments.mapped("name"))),
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    # ------------------------------------------------------------- reading it

    def _get_portal_badge(self):
        """Return the status in the customer's words, and the colour of its badge."""
        self.ensure_one()
        return {
            "new": (self.env._("Received"), "warning"),
            "working": (self.env._("We are at it"), "info"),
            "settled": (self.env._("Settled"), "success"),
            "closed": (self.env._("Closed"), "secondary"),
            "refused": (self.env._("Refused"), "secondary"),
            "withdrawn": (self.env._("Withdrawn"), "secondary"),
        }[self.state]

    def _get_portal_outcomes(self):
        """Return what the customer reads of what is done: nothing before it is told."""
        self.ensure_one()
        if self.state not in ("settled", "closed"):
            return self.env["order.desk.claim.outcome"]
        return self._get_live_outcomes().filtered(
            lambda outcome: outcome.kind != "compensation"
        )

    def _get_portal_files(self):
        """Return the files that the customer may open."""
        self.ensure_one()
        return self.attachment_ids | self._get_portal_messages().attachment_ids

    def _get_rating_url(self):
        """Return the page on which the customer rates a closed claim, or "".

        Reading the page makes no rating: that was made when the claim was closed.
        """
        self.ensure_one()
        ratings = self.rating_ids.filtered(
            lambda rating: self._is_customer(rating.partner_id)
        )
        if self.state != "closed" or not ratings or any(ratings.mapped("consumed")):
            return ""
        return f"/rate/{ratings[-1].access_token}/5"
