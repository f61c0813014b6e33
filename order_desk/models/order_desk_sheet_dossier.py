from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# each takes a while to print, and the whole has to arrive in one download
DOSSIERS_AT_ONCE = 20


class OrderDeskSheet(models.Model):
    """The dossier of an order: every document and record in one ZIP (SPEC I2)."""

    _inherit = "order.desk.sheet"

    def action_download_dossier(self):
        """Download the dossiers of these orders, each in a folder of one ZIP.

        :raise UserError: too many at once
        """
        self.check_access("read")
        if len(self) > DOSSIERS_AT_ONCE:
            raise UserError(
                self.env._(
                    "%(count)s orders are too many for one download. Choose at most"
                    " %(most)s.",
                    count=len(self),
                    most=DOSSIERS_AT_ONCE,
                )
            )
        ids = ",".join(str(sheet_id) for sheet_id in self.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/order_desk/dossier/{ids}",
            "target": "download",
        }

    def _get_dossier_name(self):
        """Return what the dossier of this order is called."""
        self.ensure_one()
        parts = (self.order_id.name, self.order_code, self.partner_id.name)
        return " ".join(part for part in parts if part)

    @api.model
    def _make_dossier_chapter(
        self,
        sequence,
        title,
        records,
        report=False,
        fields=(),
        files=None,
        photos=(),
        missing=(),
        goes_along=False,
    ):
        """Return a chapter of a dossier: a folder with what there is of these records.

        :param sequence: where it stands in the dossier
        :param records: as superuser; what the reader may not read is left out
        :param report: XML id of the report that prints each of them
        :param fields: names of what a page about each of them tells
        :param files: attachments beside those that hang on the records
        :param photos: names of image fields
        :param missing: texts that say what should be there and is not
        :param goes_along: the report is a paper that travels with the goods; whoever
            may read the record may have it, without rights on what stands behind
        """
        return {
            "sequence": sequence,
            "title": title,
            "records": records,
            "report": report,
            "fields": fields,
            "files": self.env["ir.attachment"].sudo() if files is None else files,
            "photos": photos,
            "missing": [text for text in missing if text],
            "goes_along": goes_along,
        }

    def _get_dossier_documents(self):
        """Return the chapters of this order's dossier, read as superuser.

        Modules extend this with what they keep, see ``_make_dossier_chapter``.
        """
        self.ensure_one()
        return [
            *self._get_dossier_order(),
            *self._get_dossier_decisions(),
            *self._get_dossier_money(),
            self._get_dossier_deliveries(),
        ]

    def _get_dossier_order(self):
        """Return the chapters about what was ordered."""
        env = self.env
        return [
            self._make_dossier_chapter(
                100,
                env._("Configuration Sheet"),
                self,
                report=self._get_dossier_sheet_report(),
                files=self.order_form_ids,
                missing=[
                    ""
                    if self.order_form_ids
                    else env._("The customer's order form is not on file."),
                ],
            ),
            self._make_dossier_chapter(
                200,
                env._("Sales Order"),
                self.order_id,
                report="sale.action_report_saleorder",
            ),
            self._make_dossier_chapter(
                300,
                env._("Clarifications"),
                self.clarification_ids.sorted("id"),
                fields=(
                    "order_line_id",
                    "description",
                    "asked_of",
                    "asked_by_id",
                    "create_date",
                    "state",
                    "answer",
                    "answered_by_id",
                    "answered_on",
                    "recorded_by_id",
                    "follow_up",
                ),
                files=self.clarification_ids.attachment_ids,
                missing=[
                    env._("Not answered yet: %s", question.name)
                    for question in self.clarification_ids
                    if question.state == "open"
                ],
            ),
        ]

    def _get_dossier_sheet_report(self):
        """Return which form of the sheet the reader gets: with prices or without."""
        report = self.env.ref("order_desk.order_desk_sheet_report")
        if report.group_ids & self.env.user.all_group_ids:
            return "order_desk.order_desk_sheet_report"
        return "order_desk.order_desk_sheet_report_shop_floor"

    def _get_dossier_decisions(self):
        """Return the chapters about who decided, and what the customer confirmed."""
        env = self.env
        unsigned = self._get_roles_to_sign()[self]
        sent = self.confirmation_ids.filtered(lambda c: c.state != "draft").sorted("id")
        returned = sent.filtered(lambda c: c.return_copy_ids or c.signature)
        return [
            self._make_dossier_chapter(
                400,
                env._("Signatures"),
                self.signature_ids.sorted("id"),
                fields=(
                    "user_id",
                    "on_behalf_of_id",
                    "decision",
                    "signed_on",
                    "revision",
                    "statement",
                    "note",
                ),
                files=self.signature_ids.attachment_ids,
                missing=[env._("Not signed: %s", role.name) for role in unsigned],
            ),
            self._make_dossier_chapter(
                500,
                env._("Order Confirmations"),
                sent,
                report="order_desk.action_report_confirmation",
                files=sent.return_copy_ids,
                missing=[
                    "" if sent else env._("No order confirmation was sent."),
                    env._("There is no return copy.")
                    if sent - returned == sent
                    else "",
                ],
            ),
            self._make_dossier_chapter(
                600,
                env._("Waivers"),
                self.waiver_ids.sorted("id"),
                fields=(
                    "user_id",
                    "on_behalf_of_id",
                    "given_on",
                    "reason",
                    "make_good",
                    "make_good_by",
                    "state",
                    "made_good_on",
                    "made_good_by_id",
                    "closing_note",
                ),
                missing=[
                    env._("Not made good: %s", waiver._get_label())
                    for waiver in self.waiver_ids
                    if waiver.state == "open"
                ],
            ),
        ]

    def _get_dossier_money(self):
        """Return the chapters about invoices and money."""
        env, order = self.env, self.order_id
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted")
        payments = invoices._get_reconciled_payments()
        due = order.amount_total - order.amount_received
        is_open = order.currency_id.compare_amounts(due, 0.0) > 0
        return [
            self._make_dossier_chapter(
                700,
                env._("Balance Payment Notices"),
                self.balance_notice_ids.filtered(lambda n: n.state != "draft"),
                report="order_desk.action_report_balance_notice",
            ),
            self._make_dossier_chapter(
                800,
                env._("Invoices"),
                invoices.sorted("id"),
                report="account.account_invoices",
                missing=["" if invoices else env._("There is no posted invoice.")],
            ),
            self._make_dossier_chapter(
                810,
                env._("Payments"),
                payments.sorted("id"),
                report="account.action_report_payment_receipt",
                missing=[
                    env._(
                        "Not received yet: %s",
                        format_amount(env, due, order.currency_id),
                    )
                    if is_open and order.state == "sale"
                    else "",
                ],
            ),
        ]

    def _get_dossier_deliveries(self):
        """Return the chapter about what has left: the delivery slips."""
        moves = self.order_id.order_line.move_ids.filtered(
            lambda move: move.state == "done" and move._is_leaving()
        )
        return self._make_dossier_chapter(
            900,
            self.env._("Delivery Slips"),
            moves.picking_id.sorted("id"),
            report="stock.action_report_delivery",
            goes_along=True,
            missing=[
                ""
                if moves or self.order_id.state != "sale"
                else self.env._("Nothing has been delivered yet.")
            ],
        )
