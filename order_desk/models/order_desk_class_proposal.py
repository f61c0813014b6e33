from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount
from odoo.tools.misc import formatLang

PROPOSALS_AT_ONCE = 200  # proposals in one transaction of the scheduler
HISTORY_MONTHS = 12
DECLINED_MONTHS = 3  # a declined proposal is not made again for so long


class OrderDeskClassChange(models.Model):
    """Proposals: the class that a customer's payment history suggests (SPEC F1)."""

    _inherit = "order.desk.class.change"

    # ------------------------------------------------------------- payment history

    @api.model
    def _get_payment_figures(self, company, customers=None):
        """Return how the customers of ``company`` have paid: ``{partner id: figures}``.

        :param customers: leave out all others

        It looks at the posted invoices of the last twelve months, and at older ones
        that are still open. Days late count from the due date to the day the money
        came, for what is still overdue to today, weighted by amount; money that came
        early is not late. What is open and not yet due says nothing. Customers of
        whom nothing has been due are not in the result. Amounts are in the company's
        currency.
        """
        today = company._order_desk_date()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH move AS (
                    SELECT m.id,
                           p.commercial_partner_id AS customer_id,
                           m.move_type = 'out_refund' AS is_refund,
                           m.invoice_date > %(since)s AS is_recent,
                           m.amount_untaxed_signed AS untaxed
                      FROM account_move m
                      JOIN res_partner p ON p.id = m.partner_id
                     WHERE m.company_id = %(company_id)s
                       AND m.state = 'posted'
                       AND m.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                       AND %(only)s
                       AND (
                           m.invoice_date > %(since)s
                           OR m.payment_state IN ('not_paid', 'partial')
                       )
                ), line AS (
                    SELECT l.id,
                           move.customer_id,
                           move.is_refund,
                           l.balance,
                           l.amount_residual AS residual,
                           l.date_maturity AS due,
                           move.is_recent
                      FROM move
                      JOIN account_move_line l ON l.move_id = move.id
                      JOIN account_account a ON a.id = l.account_id
                     WHERE a.account_type = 'asset_receivable'
                ), paid AS (
                    SELECT line.customer_id,
                           part.amount,
                           GREATEST(part.max_date - line.due, 0) AS days
                      FROM line
                      JOIN account_partial_reconcile part
                        ON part.debit_move_id = line.id
                      JOIN account_move_line credit ON credit.id = part.credit_move_id
                      JOIN account_move origin ON origin.id = credit.move_id
                     WHERE origin.move_type != 'out_refund'
                       AND origin.journal_id IS DISTINCT FROM %(exchange_journal_id)s
                     UNION ALL
                    SELECT customer_id, residual, %(today)s - due
                      FROM line
                     WHERE residual > 0 AND due < %(today)s AND NOT is_refund
                ), lateness AS (
                    SELECT customer_id,
                           SUM(amount * days) / SUM(amount) AS average_days
                      FROM paid
                     WHERE amount > 0
                  GROUP BY customer_id
                ), owed AS (
                    SELECT customer_id,
                           SUM(residual) FILTER (WHERE due < %(today)s) AS overdue,
                           SUM(balance) FILTER (WHERE is_recent) AS invoiced
                      FROM line
                  GROUP BY customer_id
                ), sold AS (
                    SELECT customer_id, SUM(untaxed) AS turnover
                      FROM move
                     WHERE is_recent
                  GROUP BY customer_id
                )
                SELECT customer_id,
                       lateness.average_days,
                       COALESCE(owed.overdue, 0),
                       COALESCE(owed.invoiced, 0),
                       COALESCE(sold.turnover, 0)
                  FROM lateness
             LEFT JOIN owed USING (customer_id)
             LEFT JOIN sold USING (customer_id)
              ORDER BY customer_id
                """,
                company_id=company.id,
                only=SQL("p.commercial_partner_id IN %s", tuple(customers.ids))
                if customers
                else SQL("TRUE"),
                since=fields.Date.subtract(today, months=HISTORY_MONTHS),
                today=today,
                exchange_journal_id=company.currency_exchange_journal_id.id or None,
            )
        )
        return {
            customer_id: {
                "average_days_late": float(days),
                "overdue_share": self._get_overdue_share(overdue, invoiced),
                "turnover": float(turnover),
            }
            for customer_id, days, overdue, invoiced, turnover in rows
        }

    @api.model
    def _get_overdue_share(self, overdue, invoiced):
        """Return what is overdue in percent; all of it when nothing new was sold."""
        if overdue <= 0:
            return 0.0
        return min(float(overdue / invoiced), 1.0) * 100 if invoiced > 0 else 100.0

    @api.model
    def _get_differences(self, company):
        """Return whom to propose another class: ``{customer: (class, figures)}``."""
        classes = self.env["order.desk.customer.class"].search(
            Domain("is_proposed", "=", True)
        )
        if not classes:
            return {}
        figures = self._get_payment_figures(company)
        customers = self.env["res.partner"].browse(figures).with_company(company)
        declined = self._get_declined(company)
        differences = {}
        for customer in customers.filtered("active"):
            suggested = classes._get_suggested(figures[customer.id])
            if not suggested or (customer.id, suggested.id) in declined:
                continue
            if suggested != customer._get_order_desk_class(company):
                differences[customer] = (suggested, figures[customer.id])
        return differences

    @api.model
    def _get_declined(self, company):
        """Return what was declined lately: ``{(customer id, class id)}``."""
        since = fields.Datetime.subtract(fields.Datetime.now(), months=DECLINED_MONTHS)
        declined = self.search(
            [
                ("kind", "=", "proposal"),
                ("state", "=", "declined"),
                ("company_id", "=", company.id),
                ("decided_on", ">", since),
            ]
        )
        return {(change.partner_id.id, change.new_class_id.id) for change in declined}

    # ------------------------------------------------------------- proposing

    def action_propose(self):
        """Make the proposals of the current company again, now."""
        self.browse()._check_decider()
        # supervisors need not be able to read the accounts the figures come from
        proposals = self.sudo()
        company = self.env.company
        if not proposals._try_lock_proposals(company):
            raise UserError(
                self.env._(
                    "The proposals of %s are being made at this moment. Look at the"
                    " list again in a minute.",
                    company.name,
                )
            )
        differences = proposals._get_differences(company)
        proposals._withdraw_proposals(company, differences)
        proposals._write_proposals(company, differences)
        proposals._update_todos()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(number)s customers of %(company)s pay differently from what"
                    " their class expects.",
                    number=len(differences),
                    company=company.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_propose(self):
        """Propose classes in every company from the payments of the last months.

        Interrupted, it goes on with what is left when it runs again.
        """
        for company in self.env["res.company"].search(Domain.TRUE):
            differences = self._get_work(company)
            self.env["ir.cron"]._order_desk_follow(
                self.env["res.partner"].union(*differences),
                lambda customers, company=company, work=differences: self._propose(
                    company, {customer: work[customer] for customer in customers}
                ),
                size=PROPOSALS_AT_ONCE,
                lock=False,
            )
            self._update_todos()

    @api.model
    def _propose(self, company, differences):
        """Propose unless somebody else does right now: what is left comes next time."""
        if self._try_lock_proposals(company):
            self._write_proposals(company, differences)

    @api.model
    def _get_work(self, company):
        """Return the differences of ``company`` that are not proposed as of today.

        Proposals that do not hold any more are withdrawn.
        """
        differences = self._get_differences(company)
        self._withdraw_proposals(company, differences)
        done = self._get_open_proposals(company).filtered(
            lambda change: (
                change.figures_on == company._order_desk_date()
                and change.partner_id in differences
                and change.new_class_id == differences[change.partner_id][0]
            )
        )
        return {
            customer: difference
            for customer, difference in differences.items()
            if customer not in done.partner_id
        }

    @api.model
    def _try_lock_proposals(self, company):
        """Tell whether nobody else makes the proposals of ``company`` right now."""
        return bool(company.sudo().try_lock_for_update(allow_referencing=True))

    @api.model
    def _get_open_proposals(self, company):
        return self.search(
            [
                ("kind", "=", "proposal"),
                ("state", "=", "open"),
                ("company_id", "=", company.id),
            ]
        )

    @api.model
    def _withdraw_proposals(self, company, differences):
        """Take back the open proposals that the payment history does not bear out."""
        gone = self._get_open_proposals(company).filtered(
            lambda change: change.partner_id not in differences
        )
        # whoever decides about one right now has the last word
        gone = gone.try_lock_for_update()
        if gone:
            gone.note = self.env._("The payment history does not suggest it any more.")
            gone._settle("withdrawn")

    @api.model
    def _write_proposals(self, company, differences):
        """Refresh the open proposals for these customers, and make those missing."""
        company_lang = self.with_context(lang=company.partner_id.lang)
        present = {
            change.partner_id: change for change in self._get_open_proposals(company)
        }
        free = self.browse().union(*present.values()).try_lock_for_update()
        vals_list = []
        for customer, (suggested, figures) in differences.items():
            vals = company_lang._prepare_proposal_vals(
                company, customer, suggested, figures
            )
            if customer not in present:
                vals_list.append(vals)
            elif present[customer] in free:
                present[customer].write(vals)
        return self.create(vals_list)

    @api.model
    def _prepare_proposal_vals(self, company, customer, suggested, figures):
        return {
            "kind": "proposal",
            "partner_id": customer.id,
            "company_id": company.id,
            "old_class_id": customer._get_order_desk_class(company).id,
            "new_class_id": suggested.id,
            "reason": self._format_figures(company, figures),
            "figures_on": company._order_desk_date(),
            **figures,
        }

    @api.model
    def _format_figures(self, company, figures):
        """Return the figures as the reason of a proposal."""
        return self.env._(
            "In the last twelve months: paid %(days)s days late on average,"
            " %(share)s %% of what was invoiced is overdue, turnover %(turnover)s.",
            days=formatLang(self.env, figures["average_days_late"], digits=1),
            share=formatLang(self.env, figures["overdue_share"], digits=1),
            turnover=format_amount(self.env, figures["turnover"], company.currency_id),
        )
