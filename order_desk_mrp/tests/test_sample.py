from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OrderDeskMrpCommon

WANTED = "order_desk_mrp.mail_activity_type_sample"
OVERDUE = "order_desk_mrp.mail_activity_type_sample_overdue"


@tagged("post_install", "-at_install")
class TestSample(OrderDeskMrpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._make_sheet()
        cls._submit(cls.sheet)
        cls.fair = cls.env["res.partner"].create({"name": "Test fair"})

    def _make_sample(self, **vals):
        return (
            self.env["order.desk.sample"]
            .with_user(self.clerk)
            .create({"sheet_id": self.sheet.id, "housing": "Blue, round", **vals})
        )

    def _make_lent(self, days=5):
        sample = self._make_sample(found_where="Shelf 3")
        sample.action_found()
        sample.write({"lent_to_id": self.fair.id, "due_back": self._soon(days)})
        sample.action_lend()
        return sample

    def _get_todo_users(self, sample, xmlid):
        return sample.sudo().activity_search([xmlid]).user_id

    def test_the_clerk_of_the_order_looks_it_up(self):
        sample = self._make_sample()
        self.assertEqual(sample.user_id, self.clerk)
        self.assertEqual(self._get_todo_users(sample, WANTED), self.clerk)
        sample.found_where = "Shelf 3"
        sample.action_found()
        self.assertFalse(self._get_todo_users(sample, WANTED))

    def test_wanted_found_lent_returned(self):
        sample = self._make_lent()
        self.assertRecordValues(
            sample,
            [
                {
                    "state": "lent",
                    "lent_on": self._today(),
                    "lent_by_id": self.clerk.id,
                }
            ],
        )
        sample.return_condition = "good"
        sample.action_return()
        self.assertRecordValues(
            sample,
            [
                {
                    "state": "returned",
                    "returned_on": self._today(),
                    "returned_to_id": self.clerk.id,
                }
            ],
        )
        story = " ".join(sample.message_ids.mapped("body"))
        self.assertIn("Lent to Test fair", story)
        self.assertIn("Returned by Test fair: Good.", story)

    def test_what_is_not_found_is_made(self):
        sample = self._make_sample()
        sample.action_not_found()
        self.assertEqual(sample.state, "not_found")
        sample.action_made()
        self.assertRecordValues(sample, [{"state": "found", "is_made": True}])

    def test_found_says_where(self):
        sample = self._make_sample()
        with self.assertRaisesRegex(UserError, "where it was found"):
            sample.action_found()
        sample.location_id = self.stock_warehouse.lot_stock_id
        sample.action_found()
        self.assertEqual(sample.state, "found")

    def test_lending_what_is_lent(self):
        sample = self._make_lent()
        with self.assertRaisesRegex(UserError, "is lent to Test fair"):
            sample.action_lend()
        with self.assertRaisesRegex(UserError, "Take it back first"):
            sample.lent_to_id = self.customer

    def test_lending_what_nobody_has_found(self):
        sample = self._make_sample()
        with self.assertRaisesRegex(UserError, "Wanted"):
            sample.action_lend()

    def test_lending_says_to_whom_and_until_when(self):
        sample = self._make_sample(found_where="Shelf 3")
        sample.action_found()
        with self.assertRaisesRegex(UserError, "to whom"):
            sample.action_lend()
        sample.lent_to_id = self.fair
        with self.assertRaisesRegex(UserError, "when it is due back"):
            sample.action_lend()
        sample.due_back = self._soon(-2)
        with self.assertRaisesRegex(UserError, "in the past"):
            sample.action_lend()

    def test_due_back_before_it_was_lent(self):
        sample = self._make_lent()
        with self.assertRaisesRegex(ValidationError, "before it was lent"):
            sample.due_back = self._soon(-3)

    def test_returned_twice(self):
        sample = self._make_lent()
        sample.return_condition = "good"
        sample.action_return()
        with self.assertRaisesRegex(UserError, "was returned on"):
            sample.action_return()

    def test_return_says_in_which_condition(self):
        sample = self._make_lent()
        with self.assertRaisesRegex(UserError, "in which condition"):
            sample.action_return()
        sample.return_condition = "damaged"
        with self.assertRaisesRegex(UserError, "what is damaged"):
            sample.action_return()
        sample.return_note = "A scratch"
        sample.action_return()
        self.assertEqual(sample.state, "returned")

    def test_what_came_back_is_lent_again_but_not_what_is_lost(self):
        sample = self._make_lent()
        sample.return_condition = "good"
        sample.action_return()
        sample.write({"lent_to_id": self.customer.id, "due_back": self._soon(9)})
        sample.action_lend()
        self.assertRecordValues(
            sample, [{"state": "lent", "returned_on": False, "return_condition": False}]
        )
        sample.write({"return_condition": "lost", "return_note": "At the fair"})
        sample.action_return()
        with self.assertRaisesRegex(UserError, "is lost"):
            sample.action_lend()

    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "order_desk_mrp.ir_cron_remind_samples"
            ).method_direct_trigger()

    def test_overdue_samples_are_reminded_of_and_escalated(self):
        sample = self._make_lent(days=1)
        self._remind()
        self.assertFalse(self._get_todo_users(sample, OVERDUE))
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.env.invalidate_all()
            self._remind()
            self.assertTrue(sample.is_overdue)
            self.assertIn(sample, sample.search([("is_overdue", "=", True)]))
            self.assertEqual(self._get_todo_users(sample, OVERDUE), self.clerk)
        with freeze_time(fields.Datetime.now() + timedelta(days=12)):
            self.env.invalidate_all()
            self._remind()
            self.assertEqual(
                self._get_todo_users(sample, OVERDUE), self.clerk | self.salesperson
            )
        sample.return_condition = "good"
        sample.action_return()
        self.assertFalse(self._get_todo_users(sample, OVERDUE))

    def test_which_housing_is_said(self):
        with self.assertRaisesRegex(ValidationError, "which housing"):
            self._make_sample(housing=" ")
        self.assertTrue(self._make_sample(housing=False, product_id=self.pump.id))

    @mute_logger("odoo.sql_db")
    def test_none_is_no_quantity(self):
        with self.assertRaises(IntegrityError):
            self._make_sample(quantity=0)

    def test_the_state_is_written_by_the_steps_alone(self):
        sample = self._make_sample()
        for vals in ({"state": "lent"}, {"lent_on": self._soon()}):
            with self.subTest(vals), self.assertRaises(AccessError):
                sample.write(vals)
        with self.assertRaises(UserError):
            sample.return_condition = "good"

    def test_who_may(self):
        sample = self._make_lent()
        for user in (self.worker, self.manager):
            reader = sample.with_user(user)
            self.assertEqual(reader.state, "lent")
            with self.subTest(user.name), self.assertRaises(AccessError):
                reader.action_return()
        self.assertFalse(sample.with_user(self.stranger).has_access("read"))
        other = new_test_user(
            self.env, "odm_other", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(sample.with_user(other).has_access("read"))
        self.assertTrue(sample.with_user(self.salesperson).has_access("write"))

    def test_the_workshop_looks_it_up_without_the_customer(self):
        sample = self._make_sample().with_user(self.worker)
        name = self.sheet.order_id.name
        self.assertIn(sample.id, dict(sample.name_search(name)))
        self.assertIn(sample, sample.search([("display_name", "ilike", name)]))
        with self.assertRaises(AccessError):
            sample.read(["partner_id"])

    def test_what_was_worked_with_stays_on_the_list(self):
        self._make_sample().with_user(self.clerk).unlink()
        sample = self._make_lent()
        with self.assertRaisesRegex(UserError, "stays on the list"):
            sample.unlink()

    def test_a_duplicate_starts_anew(self):
        copy = self._make_lent().copy()
        self.assertRecordValues(
            copy, [{"state": "wanted", "lent_to_id": False, "due_back": False}]
        )
