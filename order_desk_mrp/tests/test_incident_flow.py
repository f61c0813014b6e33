from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .test_incident import IncidentCommon


@tagged("post_install", "-at_install")
class TestIncidentFlow(IncidentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._released()
        cls.incident = cls._report(cls.sheet).sudo(False).with_user(cls.sales_admin)

    # ------------------------------------------------------------- taking

    def test_whoever_takes_it_is_the_owner(self):
        self.incident.with_user(self.service).action_take()
        self.assertEqual(self.incident.owner_id, self.service)
        self.assertTrue(self.incident.taken_on)
        self.assertEqual(self._get_todo_people(self.incident), self.service)

    def test_second_of_two_at_once_gets_a_message(self):
        with (
            patch.object(
                type(self.incidents), "lock_for_update", side_effect=LockError("")
            ),
            self.assertRaises(UserError) as caught,
        ):
            self.incident.action_take()
        self.assertIn(self.incident.number, str(caught.exception))

    def test_it_is_taken_once_by_the_same_person(self):
        self.incident.action_take()
        with self.assertRaises(UserError):
            self.incident.action_take()

    def test_another_of_the_chain_takes_it_over(self):
        self.incident.action_take()
        self.incident.with_user(self.marketing).action_take()
        self.assertEqual(self.incident.owner_id, self.marketing)

    def test_stand_in_of_the_sales_admin_takes_it(self):
        today = self._today()
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.sales_admin.id,
                "stand_in_id": self.stranger.id,
                "date_from": today,
                "date_to": today,
            }
        )
        incident = self._report(self.sheet).with_user(self.stranger)
        incident.action_take()
        self.assertEqual(incident.owner_id, self.stranger)

    def test_todo_is_not_ticked_off(self):
        with self.assertRaises(UserError):
            self.incident.activity_ids.action_done()

    # ------------------------------------------------------------- passing on

    def _escalate_after(self, hours):
        moment = self.env.company._order_desk_plan_hours(hours)
        cron = self.env.ref("order_desk_mrp.ir_cron_escalate_incidents")
        with (
            freeze_time(moment + timedelta(minutes=1)),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_nobody_else_is_asked_before_the_deadline(self):
        self._escalate_after(1)
        self.assertEqual(self._get_todo_people(self.incident), self.sales_admin)

    def test_next_of_the_chain_is_asked_after_the_deadline(self):
        self._escalate_after(2)
        people = self.sales_admin | self.service
        self.assertEqual(self._get_todo_people(self.incident), people)

    def test_chain_is_asked_to_its_end_and_then_the_superior(self):
        self.roles["marketing_director"].superior_id = self.manager
        for hours in (2, 10, 30, 60, 90):
            self._escalate_after(hours)
        people = self.sales_admin | self.service | self.marketing | self.manager
        self.assertEqual(self._get_todo_people(self.incident), people)
        self.assertFalse(self.incident.sudo().escalate_on)
        self.incident.with_user(self.manager).action_take()
        self.assertEqual(self._get_todo_people(self.incident), self.manager)

    def test_run_twice_asks_once(self):
        self._escalate_after(2)
        self._escalate_after(2)
        self.assertEqual(self.incident.sudo().escalation_level, 1)

    def test_what_is_taken_is_not_passed_on(self):
        self.incident.action_take()
        self._escalate_after(10)
        self.assertEqual(self._get_todo_people(self.incident), self.sales_admin)

    def test_trouble_with_one_stops_no_other(self):
        other = self._report(self.sheet)
        model = type(self.incidents)
        escalate = model._escalate

        def fail_on_first(incident):
            if incident.id == self.incident.id:
                raise ValueError("broken")
            return escalate(incident)

        with (
            patch.object(model, "_escalate", fail_on_first),
            mute_logger("odoo.addons.order_desk.models.ir_cron"),
        ):
            self._escalate_after(2)
        self.assertEqual(other.sudo().escalation_level, 1)
        self.assertEqual(self.incident.sudo().escalation_level, 0)

    # ------------------------------------------------------------- the plan

    def test_plan_has_an_owner_and_a_day(self):
        self._plan(self.incident, owner_id=self.supervisor.id)
        self.assertRecordValues(
            self.incident,
            [
                {
                    "state": "planned",
                    "plan": "Cast a new one",
                    "plan_owner_id": self.supervisor.id,
                    "plan_until": self._soon(2),
                    "owner_id": self.sales_admin.id,
                }
            ],
        )
        self.assertIn(self.supervisor, self._get_told(self.incident))
        self.assertTrue(self.incident.taken_on)

    def test_plan_without_text_day_or_with_a_past_one_is_refused(self):
        for values in (
            {"plan": " "},
            {"until": False},
            {"until": "someday"},
            {"until": self._soon(-3)},
            {"owner_id": self.env.ref("base.public_user").id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._plan(self.incident, **values)

    def test_chain_agrees_with_one_tap(self):
        self._plan(self.incident)
        people = self.service | self.marketing | self.salesperson
        self.assertEqual(
            self._get_todo_people(self.incident), people | self.sales_admin
        )
        for user in people:
            self.incident.with_user(user).action_agree()
        answers = self.incident.sudo().answer_ids
        self.assertEqual(set(answers.mapped("decision")), {"agreed"})
        self.assertEqual(answers.user_id, people | self.sales_admin)
        self.assertEqual(self._get_todo_people(self.incident), self.sales_admin)

    def test_no_needs_a_reason_and_the_owner_reads_it(self):
        self._plan(self.incident)
        incident = self.incident.with_user(self.service)
        with self.assertRaises(UserError):
            incident.action_decline(" ")
        incident.action_decline("Too late for the ship")
        self.assertIn("Too late for the ship", incident.agreement)
        body = self.env["mail.message"].search(
            [
                ("model", "=", "order.desk.incident"),
                ("res_id", "=", incident.id),
                ("partner_ids", "in", self.sales_admin.partner_id.ids),
                ("body", "like", "Too late for the ship"),
            ]
        )
        self.assertTrue(body)

    def test_new_plan_is_agreed_to_anew(self):
        self._plan(self.incident)
        self.incident.with_user(self.service).action_decline("Too late")
        self._plan(self.incident, plan="Fly it in")
        self.assertIn(self.service, self._get_todo_people(self.incident))
        self.assertNotIn("Too late", self.incident.sudo().agreement)
        self.incident.with_user(self.service).action_agree()
        self.assertEqual(len(self.incident.sudo().answer_ids), 4)

    def test_plan_is_answered_once_and_by_the_chain_alone(self):
        self._plan(self.incident)
        self.incident.with_user(self.service).action_agree()
        with self.assertRaises(UserError):
            self.incident.with_user(self.service).action_agree()
        with self.assertRaises(AccessError):
            self.incident.with_user(self.worker).action_agree()

    def test_answers_are_written_once(self):
        self._plan(self.incident)
        answer = self.incident.sudo().answer_ids
        with self.assertRaises(UserError):
            answer.decision = "declined"
        with self.assertRaises(UserError):
            answer.unlink()
        with self.assertRaises(AccessError):
            answer.with_user(self.sales_admin).write({"reason": "x"})

    def test_nothing_to_agree_to_without_a_plan(self):
        with self.assertRaises(UserError):
            self.incident.with_user(self.service).action_agree()

    def test_plan_dialog_proposes_the_next_working_day(self):
        action = self.incident.action_open_plan()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        with Form(dialog.with_user(self.sales_admin)) as form:
            form.plan = "Weld it"
        dialog.with_user(self.sales_admin).action_plan()
        company = self.env.company
        day = company._order_desk_add_working_days(company._order_desk_date(), 1)
        self.assertEqual(self.incident.plan_until, day)

    def test_dialogs_tell_nothing_to_whom_may_not_read_the_incident(self):
        self._plan(self.incident)
        model = self.env["order.desk.incident.plan"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            model.create({"incident_id": self.incident.id})

    def test_overdue_ones_are_found(self):
        self._plan(self.incident)
        with freeze_time(fields.Datetime.now() + timedelta(days=9)):
            self.incident.invalidate_recordset(["is_overdue"])
            self.assertTrue(self.incident.is_overdue)
            self.assertIn(
                self.incident, self.incidents.search([("is_overdue", "=", True)])
            )

    # ------------------------------------------------------------- the customer

    def _send_mail(self, user=None, partner=None):
        incident = self.incident.with_user(user or self.sales_admin)
        action = incident.action_inform()
        model = self.env["mail.compose.message"].with_user(user or self.sales_admin)
        composer = model.with_context(**action["context"]).create({})
        if partner:
            composer.partner_ids = partner
        composer.action_send_mail()
        return composer

    def test_customer_is_mailed_in_their_language_from_the_sheet(self):
        self.customer.email = "customer@example.com"
        self._plan(self.incident)
        composer = self._send_mail()
        self.assertEqual(composer.partner_ids, self.customer)
        self.assertIn("Casting cracked", composer.body)
        self.assertIn("Cast a new one", composer.body)
        message = self.sheet.message_ids.filtered(
            lambda m: self.customer in m.partner_ids
        )
        self.assertTrue(message)
        self.assertEqual(self.incident.informed_via, "email")
        self.assertEqual(self.incident.informed_by_id, self.sales_admin)
        self.assertTrue(self.incident.informed_on)

    def test_mail_to_a_colleague_does_not_inform_the_customer(self):
        self._send_mail(partner=self.clerk.partner_id)
        self.assertFalse(self.incident.informed_on)

    def test_shop_floor_does_not_read_the_mail(self):
        self.customer.email = "customer@example.com"
        self._send_mail()
        bodies = " ".join(self.incident.sudo().message_ids.mapped("body"))
        self.assertNotIn(self.customer.name, bodies)

    def test_context_alone_informs_nobody(self):
        stranger = self.sheet.with_user(self.manager)
        stranger.with_context(order_desk_incident_id=self.incident.id).message_post(
            body="Hello", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(self.incident.informed_on)

    def test_call_is_noted_with_person_and_moment(self):
        moment = fields.Datetime.now() - timedelta(hours=1)
        self.incident.action_informed_by_phone("Mr Customer", moment, "He waits")
        self.assertRecordValues(
            self.incident,
            [
                {
                    "informed_via": "phone",
                    "informed_on": moment,
                    "informed_person": "Mr Customer",
                    "informed_note": "He waits",
                }
            ],
        )
        self.assertIn("Mr Customer", " ".join(self.sheet.message_ids.mapped("body")))

    def test_call_to_come_or_with_nobody_is_refused(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for person, moment in (
            ("", False),
            ("Mr Customer", tomorrow),
            ("Mr Customer", "then"),
        ):
            with self.subTest(moment=moment), self.assertRaises(UserError):
                self.incident.action_informed_by_phone(person, moment)

    def test_customer_is_not_known_without_an_order(self):
        incident = self._report(user=self.stranger).with_user(self.sales_admin)
        with self.assertRaises(UserError):
            incident.action_inform()

    # ------------------------------------------------------------- the end

    def test_solved_says_what_came_out(self):
        self._plan(self.incident)
        self.incident.action_solve("short", "Two pieces fewer")
        self.assertRecordValues(
            self.incident,
            [
                {
                    "state": "solved",
                    "outcome_kind": "short",
                    "outcome": "Two pieces fewer",
                    "solved_by_id": self.sales_admin.id,
                }
            ],
        )
        self.assertFalse(self._get_todo_people(self.incident))
        codes = self.sheet.milestone_ids.mapped("code")
        self.assertIn("incident", codes)
        self.assertIn("incident_solved", codes)

    def test_finish_date_moves_with_the_outcome(self):
        company = self.env.company
        date = company._order_desk_add_working_days(self.sheet.finish_date, 3)
        self.incident.action_solve("moved", "Recast takes three days", date)
        self.assertEqual(self.sheet.finish_date, date)
        shift = self.env["order.desk.date.shift"].search(
            [("sheet_id", "=", self.sheet.id), ("kind", "=", "incident")]
        )
        self.assertIn(self.incident.number, shift.reason)
        self.assertEqual(shift.user_id, self.sales_admin)

    def test_finish_date_needs_a_later_day_and_an_order(self):
        for day in (False, self.sheet.finish_date):
            with self.subTest(day=day), self.assertRaises(UserError):
                self.incident.action_solve("moved", "Recast", day)
        other = self._report(user=self.stranger).with_user(self.sales_admin)
        with self.assertRaises(UserError):
            other.action_solve("moved", "Recast", self._soon(60))
        self.assertEqual(self.incident.state, "open")

    def test_reporter_is_told_how_it_ended(self):
        self.incident.action_solve("solved", "Recast")
        notified = self.incident.sudo().message_ids.notified_partner_ids
        self.assertIn(self.worker.partner_id, notified)

    def test_solving_needs_a_result_and_words(self):
        for kind, text in (("solved", " "), ("whatever", "Fine"), (False, "Fine")):
            with self.subTest(kind=kind), self.assertRaises(UserError):
                self.incident.action_solve(kind, text)

    def test_solved_once(self):
        self.incident.action_solve("solved", "Recast")
        with self.assertRaises(UserError):
            self.incident.with_user(self.service).action_solve("solved", "Me too")

    def test_solved_ones_are_not_edited(self):
        self.incident.action_solve("solved", "Recast")
        for name, value in (("gate", False), ("name", "Else"), ("quantity", 3)):
            with self.subTest(name), self.assertRaises(UserError):
                self.incident.write({name: value})

    def test_reporter_completes_what_was_seen_and_others_do_not(self):
        self.incident.with_user(self.worker).write({"quantity": 3, "description": "x"})
        self.assertEqual(self.incident.quantity, 3)
        colleague = self.incident.with_user(self.inspector)
        self.incident.sudo().message_subscribe(self.inspector.partner_id.ids)
        with self.assertRaises(AccessError):
            colleague.quantity = 4

    def test_reporter_withdraws_a_mistake_with_a_reason(self):
        incident = self.incident.with_user(self.worker)
        with self.assertRaises(UserError):
            incident.action_withdraw("")
        incident.action_withdraw("It was only dirt")
        self.assertEqual(incident.state, "withdrawn")
        self.assertIsNone(self._get_condition(self.sheet, "shipping"))

    def test_others_do_not_withdraw(self):
        with self.assertRaises(AccessError):
            self.incident.with_user(self.service).action_withdraw("No")

    def test_opened_again_holds_the_gate_and_asks_the_chain(self):
        self.incident.action_solve("solved", "Recast")
        incident = self.incident.with_user(self.worker)
        with self.assertRaises(UserError):
            incident.action_reopen(" ")
        incident.action_reopen("Cracked again")
        self.assertEqual(incident.state, "open")
        self.assertFalse(incident.outcome)
        self.assertTrue(self._get_condition(self.sheet, "shipping"))
        self.assertEqual(self._get_todo_people(self.incident), self.sales_admin)

    def test_many_are_solved_at_once_or_none(self):
        other = self._report(self.sheet).with_user(self.sales_admin)
        other.action_solve("solved", "Done")
        third = self._report(self.sheet).with_user(self.sales_admin)
        with self.assertRaises(UserError) as caught:
            (self.incident | other | third).action_solve("solved", "All")
        self.assertIn(other.number, str(caught.exception))
        self.assertEqual(self.incident.state, "open")
        (self.incident | third).action_solve("solved", "All")
        self.assertEqual(third.state, "solved")

    def test_reason_dialog_does_what_it_was_opened_for(self):
        action = self.incident.with_user(self.worker).action_open_withdraw()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog = dialog.with_user(self.worker)
        dialog.reason = "Mistake"
        dialog.action_confirm()
        self.assertEqual(self.incident.state, "withdrawn")
