from odoo import api, fields, models
from odoo.tools import SQL


class OrderDeskOwed(models.Model):
    """Owed for finished goods: the open balance notices, with what is still to pay.

    Nothing of it is stored: what is open is read from the accounts for each look.
    """

    _name = "order.desk.owed"
    _description = "Owed for Finished Goods"
    _auto = False
    _order = "age_days desc, id"
    _rec_name = "notice_id"
    _depends = {
        "order.desk.balance.notice": [
            "amount_asked",
            "company_id",
            "finished_on",
            "order_id",
            "pay_until",
            "promised_date",
            "sent_on",
            "sheet_id",
            "state",
        ],
        "order.desk.sheet": ["clerk_id"],
        "res.company": ["currency_id"],
        "sale.order": [
            "currency_id",
            "currency_rate",
            "partner_id",
            "team_id",
            "user_id",
        ],
    }

    notice_id = fields.Many2one("order.desk.balance.notice", readonly=True)
    sheet_id = fields.Many2one("order.desk.sheet", "Configuration Sheet", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    clerk_id = fields.Many2one("res.users", "Order Clerk", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    state = fields.Selection(
        [("draft", "Not Asked for Yet"), ("sent", "Asked for")], "Status", readonly=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_asked = fields.Monetary("Asked for", readonly=True)
    amount_open = fields.Monetary("Still to Pay", readonly=True)
    amount_company = fields.Monetary(
        "Still to Pay (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="At the exchange rate of the order.",
    )
    finished_on = fields.Datetime(readonly=True)
    sent_on = fields.Datetime(readonly=True)
    pay_until = fields.Date(readonly=True)
    promised_date = fields.Date(readonly=True)
    is_broken = fields.Boolean(
        "Promise Broken", readonly=True, help="Promised for a day that has passed."
    )
    age_days = fields.Integer(
        "Age (Days)",
        readonly=True,
        aggregator="avg",
        help="Days since the goods were finished.",
    )
    age = fields.Selection(
        [
            ("0", "0–7 days"),
            ("8", "8–14 days"),
            ("15", "15–30 days"),
            ("31", "Over 30 days"),
        ],
        readonly=True,
        help="Since the goods were finished.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT notice.id, notice.id AS notice_id, notice.sheet_id, notice.order_id,
                   notice.company_id, so.partner_id, so.user_id, sheet.clerk_id,
                   so.team_id, notice.state, so.currency_id,
                   company.currency_id AS company_currency_id, notice.amount_asked,
                   live.open AS amount_open,
                   live.open / COALESCE(NULLIF(so.currency_rate, 0), 1)
                       AS amount_company,
                   notice.finished_on, notice.sent_on, notice.pay_until,
                   notice.promised_date, live.age AS age_days,
                   COALESCE(notice.promised_date < live.today, FALSE) AS is_broken,
                   CASE WHEN live.age <= 7 THEN '0' WHEN live.age <= 14 THEN '8'
                        WHEN live.age <= 30 THEN '15' ELSE '31' END AS age
              FROM order_desk_balance_notice notice
              JOIN (%s) live ON live.id = notice.id
              JOIN order_desk_sheet sheet ON sheet.id = notice.sheet_id
              JOIN sale_order so ON so.id = notice.order_id
              JOIN res_company company ON company.id = notice.company_id
            """,
            self._get_live_rows(),
        )

    @api.model
    def _get_live_rows(self):
        """Return what changes with the accounts and the day, as a query of rows."""
        # which of them are read is decided by the rules on this list
        notices = self.env["order.desk.balance.notice"].sudo()
        owed = notices.with_context(active_test=False).search(
            [("state", "in", ("draft", "sent"))]
        )
        owed.invalidate_recordset(["amount_open"])  # money may just have moved
        rows = [
            (notice.id, notice.amount_open, *notice._get_age())
            for notice in owed
            if notice.amount_open
        ]
        if not rows:
            return SQL("SELECT 0 AS id, 0.0 AS open, 0 AS age, NULL::date AS today")
        return SQL(
            "SELECT * FROM (VALUES %s) AS row (id, open, age, today)",
            SQL(", ").join(
                SQL("(%s, %s, %s, %s::date)", id_, amount, age, today)
                for id_, amount, age, today in rows
            ),
        )

    def action_open_notice(self):
        """Open the notice itself."""
        return self.notice_id._get_records_action()
