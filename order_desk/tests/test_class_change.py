from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_class import ClassCommon


@tagged("post_install", "-at_install")
class TestClassChange(ClassCommon):
    """A class changes by a decision: asked for, decided, told, written down."""

    def _get_todos(self, changes, user):
        return changes.activity_ids.filtered(lambda todo: todo.user_id == user)

    def _get_told(self, change):
        return self.env["mail.message"].search(
            [
                ("model", "=", change._name),
                ("res_id", "in", change.ids),
                ("notified_partner_ids", "in", self.salesperson.partner_id.ids),
            ]
        )

    # ------------------------------------------------------------- changing

    def test_supervisor_changes_the_class_at_once(self):
        change = self._ask(self.class_b, self.supervisor)
        self.assertEqual(self._get_class(self.customer), self.class_b)
        self.assertRecordValues(
            change,
            [
                {
                    "state": "applied",
                    "old_class_id": self.class_c.id,
                    "decided_by_id": self.supervisor.id,
                    "reason": "Pays well",
                }
            ],
        )

    def test_customers_chatter_tells_old_class_new_class_and_reason(self):
        self._ask(self.class_b, self.supervisor)
        message = self.customer.message_ids[0]
        for text in (
            self.class_c.display_name,
            self.class_b.display_name,
            "Pays well",
            self.env.company.name,
        ):
            self.assertIn(text, message.body)
        self.assertEqual(message.author_id, self.supervisor.partner_id)

    def test_customer_form_tells_since_when_and_why(self):
        self._ask(self.class_b, self.supervisor)
        note = self.customer.with_user(self.salesperson).order_desk_class_note
        self.assertIn("Pays well", note)
        self.assertIn(self.supervisor.name, note)
        self.customer.order_desk_class_id = False
        self.customer.invalidate_recordset()
        self.assertIn("strictest", self.customer.order_desk_class_note)

    def test_others_ask_and_the_class_stays(self):
        change = self._ask(self.class_a)
        self.assertEqual(change.state, "open")
        self.assertEqual(self._get_class(self.customer), self.class_c)
        self.assertEqual(self.customer.order_desk_open_change_id, change)

    def test_supervisors_get_a_todo_by_the_working_calendar(self):
        change = self._ask(self.class_a)
        company = self.env.company
        for user in (self.supervisor, self.second_supervisor):
            todo = self._get_todos(change, user)
            self.assertEqual(len(todo), 1)
            self.assertEqual(
                todo.date_deadline,
                company._order_desk_date(company._order_desk_plan_hours(8)),
            )
        self.assertFalse(self._get_todos(change, self.clerk))

    def test_supervisor_of_another_company_gets_no_todo(self):
        stranger = new_test_user(
            self.env,
            login="od_other_supervisor",
            groups="order_desk.group_order_desk_supervisor",
            company_id=self.other_company.id,
            company_ids=[(6, 0, self.other_company.ids)],
        )
        change = self._ask(self.class_a)
        self.assertFalse(self._get_todos(change, stranger))
        with self.assertRaises(AccessError):
            change.with_user(stranger).action_accept()

    def test_reason_is_required(self):
        for reason in (False, "", "  \n"):
            with self.assertRaisesRegex(UserError, "reason"):
                self._ask(self.class_a, reason=reason)

    def test_class_the_customer_has_already_is_refused(self):
        with self.assertRaisesRegex(UserError, self.customer.name):
            self._ask(self.class_c, self.supervisor)

    def test_archived_class_is_refused(self):
        self.class_b.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self._ask(self.class_b, self.supervisor)

    def test_second_request_names_who_asked_before(self):
        self._ask(self.class_a)
        with self.assertRaisesRegex(UserError, self.salesperson.name):
            self._ask(self.class_b, self.clerk)

    def test_company_of_others_is_refused(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.salesperson).change_order_desk_class(
                self.class_a, "Why not", self.other_company
            )

    def test_contact_stands_for_its_company(self):
        change = self._ask(self.class_b, self.supervisor, customers=self.contact)
        self.assertEqual(change.partner_id, self.customer)
        self.assertEqual(self._get_class(self.contact), self.class_b)

    def test_dialog_changes_many_customers_at_once(self):
        customers = self.customer | self._make_customer() | self._make_customer()
        action = customers.with_user(self.supervisor).action_change_order_desk_class()
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.supervisor)
            .with_context(**action["context"])
        )
        dialog.new_class_id = self.class_b
        dialog.reason = "Asked by the sales manager"
        dialog.save().action_change()
        self.assertEqual(customers.order_desk_class_id, self.class_b)

    def test_dialog_of_a_salesperson_asks(self):
        action = self.customer.with_user(
            self.salesperson
        ).action_change_order_desk_class()
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.salesperson)
            .with_context(**action["context"])
        )
        self.assertEqual(dialog.present_classes, self.class_c.display_name)
        dialog.new_class_id = self.class_a
        self.assertIn("terms", dialog.policy)
        dialog.reason = "Pays well"
        dialog.save().action_change()
        self.assertEqual(self.customer.order_desk_open_change_id.state, "open")

    # ------------------------------------------------------------- deciding

    def test_accepted_request_applies_and_the_asker_is_told(self):
        change = self._ask(self.class_a)
        change.with_user(self.supervisor).action_accept()
        self.assertEqual(self._get_class(self.customer), self.class_a)
        self.assertRecordValues(
            change, [{"state": "applied", "decided_by_id": self.supervisor.id}]
        )
        self.assertFalse(change.activity_ids)
        told = self._get_told(change)
        self.assertIn("Accepted", told.subject)

    def test_declined_request_tells_why(self):
        change = self._ask(self.class_a)
        change.with_user(self.supervisor).action_decline("Not before the new year")
        self.assertEqual(self._get_class(self.customer), self.class_c)
        self.assertEqual(change.state, "declined")
        told = self._get_told(change)
        self.assertIn("Not before the new year", told.body)

    def test_request_is_not_declined_without_a_word(self):
        change = self._ask(self.class_a).with_user(self.supervisor)
        action = change.action_decline()
        self.assertEqual(change.state, "open")
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.supervisor)
            .with_context(**action["context"])
        )
        dialog.note = "Too early"
        dialog.save().action_decline()
        self.assertRecordValues(change, [{"state": "declined", "note": "Too early"}])

    def test_note_entered_on_the_form_is_the_answer(self):
        change = self._ask(self.class_a).with_user(self.supervisor)
        change.note = "Too early"
        change.action_decline()
        self.assertEqual(change.state, "declined")
        with self.assertRaisesRegex(UserError, "decided"):
            change.note = "Something else"

    def test_second_decision_is_told_who_was_first(self):
        change = self._ask(self.class_a)
        change.with_user(self.supervisor).action_accept()
        with self.assertRaisesRegex(UserError, self.supervisor.name):
            change.with_user(self.second_supervisor).action_decline("No")
        self.assertEqual(self._get_class(self.customer), self.class_a)

    def test_asker_does_not_decide(self):
        change = self._ask(self.class_a)
        for user in (self.salesperson, self.clerk):
            with self.assertRaises(AccessError):
                change.with_user(user).action_accept()
            with self.assertRaises(AccessError):
                change.with_user(user).action_decline("No")

    def test_asker_withdraws_and_others_do_not(self):
        change = self._ask(self.class_a)
        with self.assertRaises(AccessError):
            change.with_user(self.clerk).action_withdraw()
        change.with_user(self.salesperson).action_withdraw()
        self.assertEqual(change.state, "withdrawn")
        self.assertFalse(change.activity_ids)

    def test_decision_settles_what_else_was_open(self):
        change = self._ask(self.class_a)
        self._ask(self.class_b, self.supervisor)
        self.assertEqual(change.state, "withdrawn")
        self.assertIn(self.class_b.display_name, change.note)

    def test_class_archived_meanwhile_is_not_given(self):
        change = self._ask(self.class_b)
        self.class_b.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            change.with_user(self.supervisor).action_accept()

    def test_many_are_accepted_at_once(self):
        others = self._make_customer() | self._make_customer()
        changes = self._ask(self.class_a, customers=self.customer | others)
        changes.with_user(self.supervisor).action_accept()
        self.assertEqual((self.customer | others).order_desk_class_id, self.class_a)

    def test_one_decided_among_many_stops_all(self):
        others = self._make_customer() | self._make_customer()
        changes = self._ask(self.class_a, customers=others)
        changes[0].with_user(self.supervisor).action_accept()
        with self.assertRaisesRegex(UserError, self.supervisor.name):
            changes.with_user(self.second_supervisor).action_accept()
        self.assertEqual(changes[1].state, "open")

    def test_changed_class_moves_the_gates(self):
        sheet = self._make_sheet()
        self.assertEqual(sheet.customer_class_id, self.class_c)
        self._ask(self.class_b, self.supervisor)
        self.assertEqual(sheet.customer_class_id, self.class_b)
        self.assertTrue(sheet.money_moved)

    # ------------------------------------------------------------- on file

    def test_nobody_writes_or_deletes_a_change_by_hand(self):
        change = self._ask(self.class_a)
        for user in (self.salesperson, self.supervisor, self.administrator):
            for vals in (
                {"state": "applied"},
                {"new_class_id": self.class_b.id},
                {"decided_by_id": user.id},
                {"partner_id": self.contact.id},
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    change.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                change.with_user(user).unlink()
            with self.assertRaises(AccessError):
                change.with_user(user).create(
                    {
                        "partner_id": self.customer.id,
                        "company_id": self.env.company.id,
                        "new_class_id": self.class_a.id,
                        "reason": "Mine",
                    }
                )
        with self.assertRaisesRegex(UserError, "on file"):
            change.sudo().unlink()

    def test_who_sees_the_changes(self):
        self.customer.user_id = self.salesperson
        change = self._ask(self.class_a, self.clerk)
        other_seller = new_test_user(
            self.env, login="od_seller", groups="sales_team.group_sale_salesman"
        )
        accountant = new_test_user(
            self.env, login="od_books", groups="account.group_account_invoice"
        )
        for user, sees in (
            (self.salesperson, True),
            (self.clerk, True),
            (self.supervisor, True),
            (accountant, True),
            (other_seller, False),
            (self.stranger, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(change.with_user(user).has_access("read"), sees)

    def test_decision_has_its_day(self):
        change = self._ask(self.class_b, self.supervisor)
        day = self.env.company._order_desk_date(change.decided_on)
        self.assertEqual(day, self._today())
