from datetime import time

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, get_lang


class OrderDeskArchive(models.Model):
    """The papers of one month's shipments, handed over and archived (SPEC G5).

    Slips, advices and receipts of everything that left in the month. The sales admin
    files them and hands them over; customer service signs off, by name and with the
    reason for whatever is missing. From then on it stays as it is.
    """

    _name = "order.desk.archive"
    _description = "Archive of Delivery Papers"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "month desc, id desc"
    _rec_name = "number"
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(
        readonly=True, copy=False, index="trigram", help="Given when it is signed off."
    )
    # what the layout of documents prints at the foot of each page
    name = fields.Char("Document", related="display_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        required=True,
        index=True,
        default=lambda self: self._default_month(),
        help="Any day of the month whose shipments are archived, as the company counts"
        " its days.",
    )
    state = fields.Selection(
        [
            ("open", "Being Filed"),
            ("handed_over", "Handed Over"),
            ("signed", "Archived"),
        ],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("order.desk.archive.line", "archive_id", "Shipments")
    line_count = fields.Integer("Shipment Count", compute="_compute_counts")
    filed_count = fields.Integer("Filed", compute="_compute_counts")
    missing_count = fields.Integer("With Something Missing", compute="_compute_counts")
    refreshed_on = fields.Datetime("Read on", readonly=True, copy=False)
    due_on = fields.Date(
        "Hand over by",
        compute="_compute_due_on",
        store=True,
        help="Five working days after the month has ended.",
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    handed_over_on = fields.Datetime(readonly=True, copy=False)
    handed_over_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    signed_on = fields.Datetime("Signed off on", readonly=True, copy=False)
    signed_by_id = fields.Many2one(
        "res.users", "Signed off by", readonly=True, copy=False
    )
    note = fields.Text("Remarks")
    can_hand_over = fields.Boolean(compute="_compute_can")
    can_sign = fields.Boolean(compute="_compute_can")

    _month_uniq = models.UniqueIndex(
        "(company_id, month)", "This company already has an archive of this month."
    )
    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has an archive of this number."
    )

    @api.model
    def _default_month(self):
        return self.env.company._order_desk_last_month()

    # ------------------------------------------------------------- computed

    @api.depends("number", "month", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for archive in self:
            month = archive.month and format_skeleton(
                "yMMMM",
                archive.month,
                locale=babel_locale_parse(get_lang(self.env).code),
            )
            archive.display_name = " · ".join(
                part for part in (archive.number, month) if part
            )

    @api.depends("line_ids.is_filed", "line_ids.missing")
    def _compute_counts(self):
        for archive in self:
            archive.line_count = len(archive.line_ids)
            archive.filed_count = len(archive.line_ids.filtered("is_filed"))
            archive.missing_count = len(archive.line_ids.filtered("missing"))

    @api.depends("month", "company_id")
    def _compute_due_on(self):
        for archive in self:
            last = archive.month and archive.month + relativedelta(
                months=1, day=1, days=-1
            )
            archive.due_on = last and (
                archive.company_id._order_desk_add_working_days(last, 5)
            )

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        for archive in self:
            archive.is_overdue = bool(
                archive.state != "signed"
                and archive.due_on
                and archive.due_on < archive.company_id._order_desk_date()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self.env["res.company"]._order_desk_past_domain(
            self, Domain("state", "!=", "signed"), "due_on"
        )
        return overdue if True in value else ~overdue

    @api.depends("state", "company_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for archive in self:
            errors = archive._get_hand_over_error(), archive._get_sign_error()
            archive.can_hand_over, archive.can_sign = (not error for error in errors)

    # ------------------------------------------------------------- rules

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "open",
            "refreshed_on": False,
            "handed_over_on": False,
            "handed_over_by_id": False,
            "signed_on": False,
            "signed_by_id": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"company_id", "due_on", "month"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of an archive cannot be changed by hand. Use the buttons.", names
        )

    @api.constrains("month", "company_id")
    def _check_month(self):
        for archive in self:
            today = archive.company_id._order_desk_date()
            if archive.month > today.replace(day=1):
                raise ValidationError(
                    self.env._(
                        "%s has not begun yet, so there is nothing to archive.",
                        archive.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            month = fields.Date.to_date(vals.get("month")) or self._default_month()
            vals["month"] = month.replace(day=1)
        archives = super().create(vals_list)
        archives._refresh()
        archives._update_todos()
        return archives

    def write(self, vals):
        # what people type is kept as it was signed; messages go on
        if {"note", "line_ids"} & set(vals) and not self.env.su:
            self._check_not_signed()
        return super().write(vals)

    def _check_not_signed(self):
        signed = self.filtered(lambda archive: archive.state == "signed")
        if signed:
            raise UserError(
                self.env._(
                    "%s is archived and stays as it is.",
                    ", ".join(signed.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        kept = self.filtered(lambda archive: archive.state != "open")
        if kept:
            raise UserError(
                self.env._(
                    "%s was handed over and stays on file.",
                    ", ".join(kept.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- what left

    def _get_period(self):
        """Return when the month begins and when the next one does (UTC).

        The company's time zone decides: what left just before midnight there belongs
        to the month that ended.
        """
        self.ensure_one()
        to_utc = self.company_id._order_desk_to_utc
        return (
            to_utc(self.month, time.min),
            to_utc(self.month + relativedelta(months=1), time.min),
        )

    def _get_moves(self):
        """Return what has left for customers of the desk in this month."""
        self.ensure_one()
        start, end = self._get_period()
        # the sales admin need not be able to read stock moves
        moves = self.env["stock.move"].sudo()
        moves = moves.search(
            [
                ("state", "=", "done"),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", start),
                ("date", "<", end),
                ("sale_line_id.order_id.sheet_id", "!=", False),
            ],
            order="date, id",
        )
        ways = moves.grouped(lambda move: (move.location_id, move.location_dest_id))
        return moves.browse().union(
            *(some for some in ways.values() if some[:1]._is_leaving())
        )

    def action_refresh(self):
        """Read again what has left in the month, and which papers have come."""
        self.check_access("write")
        self._lock()
        handed_over = self.filtered(lambda archive: archive.state != "open")
        if handed_over:
            raise UserError(
                self.env._(
                    "%s was handed over as it is. Send it back to add to it.",
                    ", ".join(handed_over.mapped("display_name")),
                )
            )
        self._refresh()

    def _refresh(self):
        """Bring the shipments in line with the transfers; ticks and notes stay."""
        for archive in self.sudo():  # protected; whoever asks need not read transfers
            wanted = archive._get_moves()._prepare_archive_lines()
            present = {line._get_key(): line for line in archive.line_ids}
            gone = [line.id for key, line in present.items() if key not in wanted]
            archive.line_ids.browse(gone).unlink()
            for key, vals in wanted.items():
                if key in present:
                    present[key]._write_changed(vals)
            archive.line_ids.create(
                [
                    {"archive_id": archive.id, **vals}
                    for key, vals in wanted.items()
                    if key not in present
                ]
            )
            archive.refreshed_on = fields.Datetime.now()
