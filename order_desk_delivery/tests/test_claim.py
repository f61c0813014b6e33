from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common_claim import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaim(ClaimCommon):
    """What can be claimed, and who deals with it by when (SPEC I1)."""

    # ------------------------------------------------------------- opening

    def test_claim_has_a_number_and_waits_for_customer_service(self):
        claim = self._open()
        self.assertTrue(claim.number.startswith("CL"))
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "new",
                    "partner_id": self.customer.id,
                    "opened_by_id": self.clerk.id,
                    "owner_id": False,
                }
            ],
        )
        self.assertEqual(claim.sudo().activity_ids.user_id, self.service)

    def test_sheet_counts_its_claims_and_tells_of_them(self):
        self._open()
        self.assertEqual(self.sheet.claim_count, 1)
        self.assertIn("claim", self.sheet.milestone_ids.mapped("code"))

    def test_quantities_are_given_in_full(self):
        line = self._open().line_ids
        self.assertEqual(line._get_quantity_text(1234567), "1234567 Units")
        self.assertEqual(line._get_quantity_text(12345.67), "12345.67 Units")

    def test_salesperson_follows_the_claim_about_their_order(self):
        claim = self._open()
        self.assertIn(self.salesperson.partner_id, claim.message_partner_ids)

    def test_late_and_service_need_no_goods(self):
        claim = self._open(quantity=0, kind="late")
        self.assertFalse(claim.line_ids)

    def test_claim_needs_words(self):
        with self.assertRaisesRegex(ValidationError, "Say in one line"):
            self._open(name="  ")

    def test_claimant_belongs_to_the_customer(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        with self.assertRaisesRegex(ValidationError, "does not belong to"):
            self._open(partner_id=other.id)

    def test_contact_of_the_customer_may_claim(self):
        contact = self.env["res.partner"].create(
            {"name": "Ms Dock", "parent_id": self.customer.id}
        )
        self.assertEqual(self._open(partner_id=contact.id).partner_id, contact)

    # ------------------------------------------------------------- goods

    def test_no_more_is_claimed_than_has_left(self):
        with self.assertRaisesRegex(ValidationError, "10 Units has left"):
            self._open(11)

    def test_what_is_claimed_already_is_not_claimed_again(self):
        self._open(8)
        with (
            self.assertRaisesRegex(ValidationError, "2 Units of it is not claimed"),
            self.env.cr.savepoint(),
        ):
            self._open(3)
        self._open(2)

    def test_two_lines_of_the_same_goods_count_together(self):
        lines = [
            Command.create({"sale_line_id": self.line.id, "quantity": quantity})
            for quantity in (6, 5)
        ]
        with self.assertRaisesRegex(ValidationError, "11 Units is claimed"):
            self._open(line_ids=lines)

    def test_withdrawn_claim_gives_its_goods_free(self):
        claim = self._open(10)
        claim.action_withdraw("Opened twice")
        self._open(10)

    def test_goods_that_have_not_left_cannot_be_claimed(self):
        sheet = self._make_released()
        with self.assertRaisesRegex(ValidationError, "nothing of it has left"):
            self._open(1, sheet=sheet)

    def test_goods_of_another_order_cannot_be_claimed(self):
        other = self._make_shipped()
        line = Command.create({"sale_line_id": other.order_line.id, "quantity": 1})
        with self.assertRaisesRegex(ValidationError, "does not belong to"):
            self._open(line_ids=[line])

    def test_part_that_has_left_can_be_claimed(self):
        sheet = self._make_released()
        self._issue(sheet)
        self._ship(sheet, quantity=4)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._open(5, sheet=sheet)
        self.assertEqual(self._open(4, sheet=sheet).line_ids.quantity, 4)

    def test_quantity_of_nothing_is_refused(self):
        line = Command.create({"sale_line_id": self.line.id, "quantity": 0})
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._open(line_ids=[line])

    def test_lot_must_have_been_delivered(self):
        self.pump.tracking = "lot"
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.pump.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self._put_in_stock(self.pump, 50, lot)
        sheet = self._make_released()
        self._issue(sheet)
        picking = sheet.order_id.picking_ids
        picking.move_ids.move_line_ids.lot_id = lots[0]
        self._ship(sheet)
        values = {"sale_line_id": sheet.order_line.id, "quantity": 1}
        claim = self._open(
            sheet=sheet,
            line_ids=[Command.create({**values, "lot_ids": lots[0].ids})],
        )
        self.assertEqual(claim.line_ids.delivered_lot_ids, lots[0])
        with self.assertRaisesRegex(ValidationError, "L2 was not delivered"):
            self._open(
                sheet=sheet,
                line_ids=[Command.create({**values, "lot_ids": lots[1].ids})],
            )

    # ------------------------------------------------------------- dealing with it

    def test_customer_service_takes_it(self):
        claim = self._take()
        self.assertRecordValues(
            claim, [{"state": "working", "owner_id": self.service.id}]
        )
        with self.assertRaisesRegex(UserError, "You have taken"):
            claim.action_take()

    def test_whoever_is_named_in_the_role_needs_no_further_rights(self):
        self.roles["customer_service"].user_ids = self.stranger
        claim = self._open().with_user(self.stranger)
        claim.action_take()
        self.assertEqual(Form(claim).number, claim.number)
        claim.action_answer("We look at it")
        outcome = claim.action_decide("return", {claim.line_ids.id: 1})
        outcome.other_cost = 20
        resend = claim.action_decide("resend", {claim.line_ids.id: 1})
        self.assertEqual((outcome.state, resend.state), ("asked", "asked"))
        self.assertIn(self.clerk, claim.sudo().activity_ids.user_id)
        self.assertEqual(Form(claim).cost, 20)
        resend.action_drop("Not wanted")
        outcome.action_drop("Not wanted")
        claim.action_decide("other", text="A letter")
        claim.action_settle("A letter")
        claim.action_set_responsible(self.shipper.id, False, "Not strapped")
        claim.action_close()
        self.assertEqual(claim.state, "closed")

    def test_salesperson_and_shipper_open_the_form(self):
        claim = self._take()
        self._decide(claim, "return")
        for user in (self.salesperson, self.shipper, self.accountant):
            with self.subTest(user.name):
                self.assertEqual(Form(claim.with_user(user)).number, claim.number)

    def test_others_do_not_deal_with_it(self):
        claim = self._open()
        for user in (self.clerk, self.salesperson, self.shipper):
            with self.subTest(user.name), self.assertRaises(AccessError):
                claim.with_user(user).action_take()

    def test_owner_hands_it_over_and_the_new_one_deals_with_it(self):
        claim = self._take()
        claim.action_hand_over(self.clerk.id, "You know them")
        self.assertEqual(claim.owner_id, self.clerk)
        self.assertEqual(claim.sudo().activity_ids.user_id, self.clerk)
        claim.with_user(self.clerk).action_answer("We look at it")
        self.assertTrue(claim.answered_on)

    def test_nobody_gets_what_they_may_not_see(self):
        claim = self._take()
        with self.assertRaisesRegex(UserError, "may not see"):
            claim.action_hand_over(self.stranger.id)
        with self.assertRaisesRegex(UserError, "Choose the colleague"):
            claim.action_hand_over(False)

    def test_opener_completes_it_until_it_is_taken(self):
        claim = self._open()
        claim.description = "All of one crate"
        claim.with_user(self.service).action_take()
        with self.assertRaisesRegex(AccessError, "whoever deals with it"):
            claim.description = "Another crate"
        claim.with_user(self.service).description = "Looked at"

    def test_state_and_owner_are_not_written_by_hand(self):
        claim = self._open().with_user(self.service)
        for vals in (
            {"state": "closed"},
            {"owner_id": self.clerk.id},
            {"number": "X"},
            {"responsible_user_id": self.clerk.id},
            {"answered_on": fields.Datetime.now()},
            {"sheet_id": self._make_released().id},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                claim.write(vals)

    def test_claims_stay_on_file(self):
        claim = self._open()
        with self.assertRaisesRegex(UserError, "stays on file"):
            claim.sudo().unlink()
        with self.assertRaisesRegex(UserError, "cannot be duplicated"):
            claim.copy()

    # ------------------------------------------------------------- words

    def test_answer_goes_to_the_customer(self):
        claim = self._take()
        claim.action_answer("We are looking at it.")
        message = claim.message_ids[:1]
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn("looking at it", message.body)
        self.assertIn(message, claim._get_portal_messages())

    def test_message_to_the_customer_in_the_chatter_is_an_answer_too(self):
        claim = self._take()
        claim.message_post(
            body="Hello",
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(claim.answered_on)

    def test_note_to_a_colleague_is_no_answer_and_not_for_the_customer(self):
        claim = self._take()
        claim.message_post(body="Their fault", partner_ids=self.clerk.partner_id.ids)
        claim.message_post(body="A comment", subtype_xmlid="mail.mt_comment")
        self.assertFalse(claim.answered_on)
        self.assertFalse(claim._get_portal_messages())

    def test_call_is_noted_with_whom(self):
        claim = self._take()
        with self.assertRaisesRegex(UserError, "whom you have spoken with"):
            claim.action_answer("We come", "phone")
        claim.action_answer("We come", "phone", "Ms Dock")
        self.assertTrue(claim.answered_on)

    def test_no_address_no_mail(self):
        claim = self._take()
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "has no e-mail address"):
            claim.action_answer("Hello")

    # ------------------------------------------------------------- the end

    def test_settling_takes_a_decision(self):
        claim = self._take()
        with self.assertRaisesRegex(UserError, "decide first"):
            claim.action_settle("Sorry")

    def test_settled_and_closed(self):
        claim = self._take()
        self._decide(claim, "other", text="A letter from the manager")
        claim.action_settle("Sorry, we have written to you")
        self.assertRecordValues(
            claim, [{"state": "settled", "settled_by_id": self.service.id}]
        )
        self.assertIn("claim_settled", self.sheet.milestone_ids.mapped("code"))
        claim.action_close()
        self.assertEqual(claim.state, "closed")
        self.assertFalse(claim.sudo().activity_ids)

    def test_refused_with_a_reason_the_customer_reads(self):
        claim = self._take()
        with self.assertRaisesRegex(UserError, "Say why it is refused"):
            claim.action_refuse(" ")
        claim.action_refuse("The seal was broken")
        self.assertRecordValues(
            claim, [{"state": "refused", "end_reason": "The seal was broken"}]
        )
        self.assertIn("seal", claim._get_portal_messages()[-1:].body)

    def test_not_refused_while_something_is_done_about_it(self):
        claim = self._take()
        self._decide(claim, "other", text="A letter")
        with self.assertRaisesRegex(UserError, "Drop it first"):
            claim.action_refuse("No")

    def test_clerk_withdraws_what_they_opened_until_it_is_taken(self):
        claim = self._open()
        self._open(1).action_withdraw("By mistake")
        claim.with_user(self.service).action_take()
        with self.assertRaises(AccessError):
            claim.action_withdraw("By mistake")

    def test_opened_again_when_the_customer_is_not_content(self):
        claim = self._take()
        self._decide(claim, "other", text="A letter")
        claim.action_settle("A letter")
        claim.action_close()
        claim.action_reopen("They want their money")
        self.assertRecordValues(
            claim,
            [{"state": "working", "owner_id": self.service.id, "closed_on": False}],
        )

    def test_withdrawn_goods_claimed_elsewhere_are_not_claimed_again(self):
        claim = self._open(6)
        claim.action_withdraw("By mistake")
        self._open(6)
        with self.assertRaisesRegex(ValidationError, "is not claimed yet"):
            claim.with_user(self.service).action_reopen("It was right")

    # ------------------------------------------------------------- deadlines

    def test_deadlines_count_working_hours(self):
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.roles["customer_service"].deadline_hours = 8
        self.env.company.order_desk_claim_hours = 16
        # a Friday, 15:00 in Shanghai; work goes from 8 to 12 and 13 to 17
        with freeze_time("2026-03-06 07:00:00"):
            claim = self._open()
        self.assertEqual(str(claim.answer_due_on), "2026-03-09 07:00:00")
        self.assertEqual(str(claim.settle_due_on), "2026-03-10 07:00:00")

    def test_due_is_the_answer_first_and_then_the_settlement(self):
        claim = self._take()
        self.assertEqual(claim.due_on, claim.answer_due_on)
        claim.action_answer("We look at it")
        self.assertEqual(claim.due_on, claim.settle_due_on)

    def test_late_claim_is_found_and_told_to_the_superior_once(self):
        self.roles["customer_service"].superior_id = self.manager
        claim = self._open()
        claims = self.env["order.desk.claim"]
        with freeze_time(claim.answer_due_on + timedelta(minutes=1)):
            self.assertIn(claim, claims.search([("is_overdue", "=", True)]))
            self._run_cron()
            self.assertIn(self.manager, claim.sudo().activity_ids.user_id)
            self.assertEqual(claim.sudo().escalated_to_id, self.manager)
            self._run_cron()
            self.assertEqual(len(claim.sudo().activity_ids), 2)
        claim.with_user(self.service).action_take()
        self.assertNotIn(self.manager, claim.sudo().activity_ids.user_id)

    def test_superior_who_is_told_may_take_it(self):
        self.roles["customer_service"].superior_id = self.manager
        claim = self._open()
        with freeze_time(claim.answer_due_on + timedelta(minutes=1)):
            self._run_cron()
        claim.with_user(self.manager).action_take()
        self.assertEqual(claim.owner_id, self.manager)

    # ------------------------------------------------------------- who was responsible

    def test_customer_service_says_who_was_responsible(self):
        claim = self._take()
        claim.action_set_responsible(self.shipper.id, False, "Not strapped")
        self.assertEqual(claim.responsible_user_id, self.shipper)
        with self.assertRaises(AccessError):
            claim.with_user(self.clerk).action_set_responsible(
                self.clerk.id, False, "Me"
            )
        with self.assertRaisesRegex(UserError, "Say why"):
            claim.action_set_responsible(self.shipper.id, False, "")

    def test_owner_does_not_judge(self):
        claim = self._take()
        claim.action_hand_over(self.clerk.id)
        with self.assertRaises(AccessError):
            claim.with_user(self.clerk).action_set_responsible(
                self.service.id, False, "They"
            )

    def test_warehouse_does_not_read_who_was_responsible(self):
        claim = self._take()
        claim.action_set_responsible(self.shipper.id, False, "Not strapped")
        packer = new_test_user(
            self.env, login="odd_packer", groups="stock.group_stock_user"
        )
        self.assertEqual(claim.with_user(packer).name, "They leak")
        with self.assertRaises(AccessError):
            claim.with_user(packer).read(["responsible_user_id"])

    def test_complaints_are_counted_per_person(self):
        claims = [self._take(quantity=1) for _number in range(3)]
        for claim in claims:
            claim.action_set_responsible(self.shipper.id, False, "Not strapped")
        claims[2].action_withdraw("By mistake")
        today = self._today()
        users = self.shipper | self.clerk
        count = self.env["order.desk.claim"]._count_complaints
        self.assertEqual(count(users, today, today), {self.shipper: 2, self.clerk: 0})
        tomorrow = today + timedelta(days=1)
        self.assertEqual(count(self.shipper, tomorrow, tomorrow), {self.shipper: 0})

    # ------------------------------------------------------------- rating

    def test_customer_is_asked_when_it_is_closed(self):
        claim = self._take()
        self._decide(claim, "other", text="A letter")
        claim.action_settle("A letter")
        claim.action_close()
        rating = claim.sudo().rating_ids
        self.assertRecordValues(
            rating,
            [
                {
                    "partner_id": self.customer.id,
                    "rated_partner_id": self.service.partner_id.id,
                    "consumed": False,
                }
            ],
        )
        claim.sudo().rating_apply(5, rating=rating, feedback="Quick")
        self.assertEqual(claim.rating_last_value, 5)

    def test_average_leaves_out_who_has_not_rated(self):
        rated, unrated = self._take(quantity=1), self._take(quantity=1)
        token = rated._rating_get_access_token()
        rated.sudo().rating_apply(4, token=token)
        [[average]] = self.env["order.desk.claim"]._read_group(
            [("id", "in", (rated | unrated).ids)], [], ["rating_last_value:avg"]
        )
        self.assertEqual(average, 4)

    # ------------------------------------------------------------- companies

    def test_other_company_sees_nothing(self):
        claim = self._open()
        other = self.env["res.company"].create({"name": "Other works"})
        self.service.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            claim.with_user(self.service).read(["name"])
