from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_class import ClassCommon


@tagged("post_install", "-at_install")
class TestClassProposal(ClassCommon):
    """The payments of the last twelve months suggest a class, a person decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.changes = cls.env["order.desk.class.change"]
        cls.class_a.write(
            {
                "is_proposed": True,
                "propose_max_days_late": 5,
                "propose_max_overdue_share": 5,
                "propose_min_turnover": 1000,
            }
        )
        cls.class_b.write(
            {
                "is_proposed": True,
                "propose_max_days_late": 30,
                "propose_max_overdue_share": 25,
                "propose_min_turnover": 0,
            }
        )
        cls.class_c.is_proposed = True
        cls.today = cls._today()

    @classmethod
    def _bill(cls, amount=1000, issued=60, due=30, customer=None, **vals):
        """Return a posted invoice of ``issued`` days ago, due ``due`` days ago."""
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.customer).id,
                "invoice_date": cls.today - timedelta(days=issued),
                "invoice_date_due": cls.today - timedelta(days=due),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Pumps", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _pay_ago(cls, invoice, ago, amount=None):
        """Register a payment of ``ago`` days ago."""
        day = cls.today - timedelta(days=ago)
        return cls._pay(invoice, amount, user=cls.env.user, payment_date=day)

    def _get_figures(self, customer=None):
        figures = self.changes._get_payment_figures(self.env.company)
        return figures.get((customer or self.customer).id)

    def _assert_figures(self, days, share, turnover, customer=None):
        figures = self._get_figures(customer)
        self.assertAlmostEqual(figures["average_days_late"], days, 2)
        self.assertAlmostEqual(figures["overdue_share"], share, 2)
        self.assertAlmostEqual(figures["turnover"], turnover, 2)

    def _propose(self, user=None):
        self.changes.with_user(user or self.supervisor).action_propose()
        return self._get_proposals()

    def _get_proposals(self, customer=None):
        return self.changes.search(
            [
                ("kind", "=", "proposal"),
                ("state", "=", "open"),
                ("partner_id", "=", (customer or self.customer).id),
            ]
        )

    # ------------------------------------------------------------- figures

    def test_days_late_are_weighted_by_amount(self):
        self._pay_ago(self._bill(3000, due=30), ago=20)
        self._pay_ago(self._bill(1000, due=30), ago=10)
        self._assert_figures((3000 * 10 + 1000 * 20) / 4000, 0, 4000)

    def test_partial_payments_count_each_on_its_day(self):
        invoice = self._bill(1000, due=30)
        self._pay_ago(invoice, ago=30, amount=600)
        self._pay_ago(invoice, ago=20, amount=400)
        self._assert_figures(4, 0, 1000)

    def test_early_payment_does_not_make_up_for_a_late_one(self):
        self._pay_ago(self._bill(1000, due=0), ago=40)
        self._pay_ago(self._bill(1000, due=40), ago=20)
        self._assert_figures(10, 0, 2000)

    def test_open_part_is_late_until_today(self):
        invoice = self._bill(1000, due=10)
        self._pay_ago(invoice, ago=10, amount=500)
        self._assert_figures(5, 50, 1000)

    def test_what_is_not_due_yet_says_nothing(self):
        self._bill(1000, issued=1, due=-30)
        self.assertIsNone(self._get_figures())
        self._pay_ago(self._bill(1000, due=30), ago=20)
        self._assert_figures(10, 0, 2000)

    def test_credit_note_is_no_payment_and_lowers_the_turnover(self):
        invoice = self._bill(1000, due=30)
        self._pay_ago(invoice, ago=30, amount=400)
        refund = invoice._reverse_moves(
            [{"invoice_date": self.today, "date": self.today}]
        )
        refund.invoice_line_ids.price_unit = 600
        refund.action_post()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self._assert_figures(0, 0, 400)

    def test_draft_and_cancelled_invoices_do_not_count(self):
        self._pay_ago(self._bill(1000, due=30), ago=30)
        self._bill(5000).button_draft()
        cancelled = self._bill(5000)
        cancelled.button_draft()
        cancelled.button_cancel()
        self._assert_figures(0, 0, 1000)

    def test_older_than_twelve_months_counts_only_while_open(self):
        self._pay_ago(self._bill(1000, issued=500, due=470), ago=400)
        self.assertIsNone(self._get_figures())
        self._bill(1000, issued=500, due=400)
        self._assert_figures(400, 100, 0)

    def test_invoices_of_contacts_count_for_their_company(self):
        self._pay_ago(self._bill(1000, due=30, customer=self.contact), ago=20)
        self.assertIsNone(self._get_figures(self.contact))
        self._assert_figures(10, 0, 1000)

    def test_other_currency_counts_in_the_companys(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [Command.create({"name": "2000-01-01", "rate": 0.5})],
            }
        )
        self._pay_ago(self._bill(1000, due=30, currency_id=currency.id), ago=20)
        self._assert_figures(10, 0, 2000)

    def test_figures_of_another_company_do_not_count(self):
        self._pay_ago(self._bill(1000, due=30), ago=20)
        figures = self.changes._get_payment_figures(self.other_company)
        self.assertFalse(figures)

    def test_many_customers_cost_no_more_queries(self):
        def count(customers):
            for customer in customers:
                self._pay_ago(self._bill(2000, customer=customer), ago=30)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            differences = self.changes._get_differences(self.env.company)
            self.assertTrue(set(customers) <= set(differences))
            return self.env.cr.sql_log_count - before

        few = count([self._make_customer() for _number in range(2)])
        many = count([self._make_customer() for _number in range(10)])
        self.assertLessEqual(many, few)

    # ------------------------------------------------------------- proposing

    def test_customer_who_pays_well_is_proposed_the_least_strict_class(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        proposal = self._propose()
        self.assertRecordValues(
            proposal,
            [
                {
                    "old_class_id": self.class_c.id,
                    "new_class_id": self.class_a.id,
                    "average_days_late": 2.0,
                    "turnover": 2000.0,
                    "figures_on": self.today,
                    "is_laxer": True,
                }
            ],
        )
        self.assertIn("2.0 days late", proposal.reason)

    def test_too_little_turnover_leads_to_the_next_class(self):
        self._pay_ago(self._bill(999, due=30), ago=28)
        self.assertEqual(self._propose().new_class_id, self.class_b)

    def test_customer_who_pays_late_is_proposed_the_strictest_class(self):
        self.customer.order_desk_class_id = self.class_a
        self._pay_ago(self._bill(2000, issued=90, due=60), ago=10)
        proposal = self._propose()
        self.assertEqual(proposal.new_class_id, self.class_c)
        self.assertFalse(proposal.is_laxer)

    def test_limits_hold_to_the_shown_decimal(self):
        self._pay_ago(self._bill(2000, due=30), ago=25)
        self.assertEqual(self._propose().new_class_id, self.class_a)

    def test_customer_without_history_is_not_proposed(self):
        self.assertFalse(self._propose())

    def test_class_that_fits_is_not_proposed(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        self.customer.order_desk_class_id = self.class_a
        self.assertFalse(self._propose())

    def test_unclassified_customer_of_the_strictest_sort_is_not_proposed(self):
        self.customer.order_desk_class_id = False
        self._pay_ago(self._bill(2000, issued=90, due=60), ago=10)
        self.assertFalse(self._propose())

    def test_classes_that_are_not_proposed_are_left_out(self):
        self.class_a.is_proposed = False
        self._pay_ago(self._bill(2000, due=30), ago=28)
        self.assertEqual(self._propose().new_class_id, self.class_b)
        (self.class_b | self.class_c).is_proposed = False
        self.assertFalse(self._propose())

    def test_proposing_again_refreshes_what_is_open(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        first = self._propose()
        self._pay_ago(self._bill(2000, due=30), ago=4)
        second = self._propose()
        self.assertEqual(first, second)
        self.assertRecordValues(
            second,
            [
                {
                    "new_class_id": self.class_b.id,
                    "average_days_late": 14.0,
                    "turnover": 4000.0,
                }
            ],
        )

    def test_proposal_that_does_not_hold_any_more_is_withdrawn(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        proposal = self._propose()
        self._bill(20000, issued=90, due=60)
        self.assertFalse(self._propose())
        self.assertEqual(proposal.state, "withdrawn")
        self.assertFalse(proposal.activity_ids)

    def test_declined_proposal_is_not_made_again_at_once(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        proposal = self._propose()
        proposal.with_user(self.supervisor).action_decline()
        self.assertEqual(proposal.state, "declined")
        self.assertFalse(self._propose())
        proposal.decided_on -= timedelta(days=100)
        self.assertTrue(self._propose())

    def test_accepted_proposal_changes_the_class_and_tells_the_figures(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        self._propose().with_user(self.supervisor).action_accept()
        self.assertEqual(self._get_class(self.customer), self.class_a)
        self.assertIn("2.0 days late", self.customer.message_ids[0].body)

    def test_supervisors_get_one_todo_for_all_proposals(self):
        customers = [self._make_customer() for _number in range(3)]
        for customer in [self.customer, *customers]:
            self._pay_ago(self._bill(2000, customer=customer), ago=30)
        self._propose()
        proposals = self.changes.search(
            [("kind", "=", "proposal"), ("state", "=", "open")], order="id"
        )
        self.assertGreaterEqual(len(proposals), 4)
        for user in (self.supervisor, self.second_supervisor):
            todos = proposals.activity_ids.filtered(lambda t, u=user: t.user_id == u)
            self.assertEqual(todos.res_id, proposals[0].id)
        proposals[0].with_user(self.supervisor).action_decline()
        self.assertFalse(proposals[0].activity_ids)
        self.assertIn(self.supervisor, proposals[1].activity_ids.user_id)
        proposals[1:].with_user(self.supervisor).action_decline()
        self.assertFalse(proposals.activity_ids)

    def test_request_shows_the_figures_to_those_who_decide(self):
        self._pay_ago(self._bill(2000, due=30), ago=20)
        self._pay_ago(self._bill(9000, customer=self._make_customer()), ago=30)
        change = self._ask(self.class_b)
        self.assertRecordValues(
            change,
            [{"average_days_late": 10, "turnover": 2000, "figures_on": self.today}],
        )
        nobody = self._ask(self.class_b, customers=self._make_customer())
        self.assertFalse(nobody.figures_on)

    def test_customer_form_leads_to_the_request_first(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        change = self._ask(self.class_b)
        proposal = self._propose()
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.order_desk_open_change_id, change)
        change.with_user(self.salesperson).action_withdraw()
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.order_desk_open_change_id, proposal)

    def test_who_may_not_propose(self):
        for user in (self.clerk, self.salesperson, self.stranger):
            with self.assertRaises(AccessError):
                self._propose(user)

    def test_two_at_once_propose_one_after_the_other(self):
        with (
            patch.object(
                type(self.env["res.company"]),
                "try_lock_for_update",
                lambda companies, **_options: companies.browse(),
            ),
            self.assertRaisesRegex(UserError, "at this moment"),
        ):
            self._propose()

    # ------------------------------------------------------------- scheduled

    def test_scheduled_run_proposes_in_every_company(self):
        self._pay_ago(self._bill(2000, due=30), ago=28)
        with self.enter_registry_test_mode():
            self.env.ref("order_desk.ir_cron_propose_classes").method_direct_trigger()
        self.assertEqual(self._get_proposals().new_class_id, self.class_a)
        # one to-do for all that are proposed, those of the demo factory among them
        self.assertTrue(
            self.env["mail.activity"].search(
                [
                    ("res_model", "=", self.changes._name),
                    ("user_id", "=", self.supervisor.id),
                ]
            )
        )

    def test_one_customer_with_trouble_keeps_no_other_from_being_proposed(self):
        customers = [self._make_customer() for _number in range(2)]
        for customer in customers:
            self._pay_ago(self._bill(2000, customer=customer), ago=30)
        prepare = type(self.changes)._prepare_proposal_vals

        def break_down(changes, company, customer, *args):
            if customer == customers[0]:
                raise ValueError("Broken")
            return prepare(changes, company, customer, *args)

        self.patch(type(self.changes), "_prepare_proposal_vals", break_down)
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.order_desk.models.ir_cron", "ERROR"),
        ):
            self.env.ref("order_desk.ir_cron_propose_classes").method_direct_trigger()
        proposed = self.changes._get_open_proposals(self.env.company).partner_id
        self.assertIn(customers[1], proposed)
        self.assertNotIn(customers[0], proposed)

    def test_interrupted_run_goes_on_with_what_is_left(self):
        customers = [self._make_customer() for _number in range(3)]
        for customer in customers:
            self._pay_ago(self._bill(2000, customer=customer), ago=30)
        company = self.env.company
        work = self.changes._get_work(company)
        self.assertTrue(set(customers) <= set(work))
        done = {customer: work[customer] for customer in customers[:2]}
        self.changes._write_proposals(company, done)
        left = self.changes._get_work(company)
        self.assertIn(customers[2], left)
        self.assertFalse(set(customers[:2]) & set(left))
