from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_advice import AdviceCommon


@tagged("post_install", "-at_install")
class TestShippingAdviceSending(AdviceCommon):
    def _get_checks(self, advice):
        return {check.key: check for check in advice.check_ids}

    # ------------------------------------------------------------- the check

    def test_nothing_is_sent_unchecked(self):
        advice = self._submit_advice()
        with self.assertRaisesRegex(UserError, "nobody has checked: Goods, Ship to"):
            advice.action_send("print")

    def test_what_differs_from_what_is_known_is_marked(self):
        request = self._make_left(10, leaving=4)
        checks = self._get_checks(self._submit_advice(request))
        self.assertTrue(checks["goods"].is_different)
        self.assertIn("4 Units", checks["goods"].text)
        self.assertIn("10 Units", checks["goods"].known)
        self.assertFalse(checks["arrival"].is_different)

    def test_what_agrees_is_ticked_at_once_the_rest_one_by_one(self):
        advice = self._submit_advice(self._make_left(10, leaving=4))
        advice.action_check_agreeing()
        self.assertFalse(self._get_checks(advice)["goods"].is_confirmed)
        self.assertTrue(self._get_checks(advice)["arrival"].is_confirmed)
        with self.assertRaisesRegex(UserError, "look at each"):
            advice.action_check_agreeing()

    def test_moments_are_those_of_the_readers_clock(self):
        """As the fields beside them show them; elsewhere the zone is named."""
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        tomorrow = self._soon(1)
        advice = self._submit_advice(expected_arrival=f"{tomorrow} 09:07:00")
        check = self._get_checks(advice)["arrival"]
        self.assertIn("5:07", check.text)
        self.assertNotIn("Shanghai", check.text)
        check.action_confirm()
        self.sales_admin.tz = "Asia/Tokyo"
        abroad = check.with_context(tz="Asia/Tokyo")
        self.assertIn("6:07", abroad.text)
        self.assertIn("(Asia/Tokyo)", abroad.text)
        self.assertTrue(abroad.is_confirmed)

    def test_a_field_that_changes_is_looked_at_again(self):
        advice = self._submit_advice()
        advice.check_ids.action_confirm()
        self.assertTrue(advice.is_checked)
        advice.package_count = 7
        self.assertTrue(self._get_checks(advice)["packages"].has_lapsed)
        with self.assertRaisesRegex(UserError, "Packages and weight"):
            advice.action_send("print")

    def test_nobody_but_the_sales_admin_checks_and_sends(self):
        advice = self._submit_advice().with_user(self.shipper)
        for action in (advice.check_ids.action_confirm, advice.action_send):
            with self.assertRaisesRegex(UserError, "Test sales_admin"):
                action()

    def test_it_is_sent_back_with_a_note(self):
        advice = self._submit_advice()
        with self.assertRaisesRegex(UserError, "Say what"):
            advice.action_send_back(" ")
        advice.action_send_back("Which truck?")
        self.assertRecordValues(
            advice, [{"state": "draft", "sent_back_note": "Which truck?"}]
        )
        number = advice.number
        shipper = advice.with_user(self.shipper)
        shipper.vehicle = "ZJ-A 1"
        shipper.action_submit()
        self.assertEqual((advice.number, advice.sent_back_note), (number, False))

    def test_what_was_handed_in_once_is_not_thrown_away(self):
        advice = self._submit_advice()
        advice.action_send_back("Which truck?")
        with self.assertRaisesRegex(UserError, "stays on file"):
            advice.with_user(self.shipper).action_discard()

    # ------------------------------------------------------------- the promise

    def _make_late(self):
        request = self._make_left()
        sheet = request.sheet_ids.sudo()
        sheet.promise_date = self._today()
        sheet.order_id.write({"commitment_date": False, "service_level_id": False})
        advice = self._submit_advice(request)
        advice.check_ids.action_confirm()
        return advice

    def test_later_than_promised_needs_a_reason(self):
        advice = self._make_late()
        self.assertTrue(advice.is_late)
        self.assertTrue(self._get_checks(advice)["arrival"].is_different)
        with self.assertRaisesRegex(UserError, "later than promised"):
            advice.action_send("print")

    def test_the_customer_reads_why_it_is_later(self):
        advice = self._make_late()
        advice.late_reason = "The pass is snowed in"
        advice.action_send("email")
        mail = advice.message_ids.filtered(
            lambda message: self.customer in message.partner_ids
        )
        self.assertIn("The pass is snowed in", mail.body)

    def test_goods_on_the_way_arrive_later_than_they_are_shipped(self):
        sheet = self._make_released()
        company = sheet.company_id
        sheet.promise_date = day = self._soon(10)
        order = sheet.order_id
        level = self.env["order.desk.service.level"].create(
            {"name": "Test", "code": "test", "due_by": "days", "days": 3}
        )
        order.write({"commitment_date": False, "service_level_id": level.id})
        self.assertEqual(
            sheet._get_promised_arrival(),
            company._order_desk_add_working_days(day, 3),
        )
        order.service_level_id = False
        self.assertEqual(sheet._get_promised_arrival(), day)
        order.commitment_date = fields.Datetime.now() + timedelta(days=30)
        self.assertGreater(sheet._get_promised_arrival(), day)

    def test_in_time_is_the_companys_day(self):
        advice = self._make_late()
        company = advice.company_id
        end = fields.Datetime.end_of(fields.Datetime.now(), "day")
        advice.request_id.sheet_ids.sudo().promise_date = company._order_desk_date(end)
        advice.expected_arrival = end
        self.assertFalse(advice.is_late)
        advice.expected_arrival = end + timedelta(days=1)
        self.assertTrue(advice.is_late)

    # ------------------------------------------------------------- sending

    def test_sending_tells_the_customer_and_the_story(self):
        advice = self._send_advice(via="email")
        self.assertRecordValues(
            advice,
            [{"state": "sent", "sent_by_id": self.sales_admin.id, "sent_via": "email"}],
        )
        mail = advice.message_ids.filtered(
            lambda message: self.customer in message.partner_ids
        )
        self.assertIn("10 Units", mail.body)
        self.assertTrue(mail.attachment_ids.name.startswith(advice.number))
        sheet = advice.request_id.sheet_ids.sudo()
        self.assertIn("advice_sent", sheet.milestone_ids.mapped("code"))
        self.assertIn(advice.number, "".join(sheet.message_ids.mapped("body")))

    def test_the_mail_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        template = self.env.ref("order_desk_delivery.mail_template_shipping_advice")
        template.with_context(lang="zh_CN").subject = "货物已发出"
        advice = self._send_advice(via="email")
        self.assertIn("货物已发出", advice.message_ids.mapped("subject"))

    def test_without_an_address_it_goes_another_way(self):
        self.customer.email = False
        advice = self._submit_advice()
        advice.check_ids.action_confirm()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            advice.action_send("email")
        self.assertTrue(advice.action_send("phone"))
        self.assertEqual(advice.state, "sent")

    def test_an_unknown_way_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be sent this way"):
            self._submit_advice().action_send("pigeon")

    def test_sending_once_more_changes_nothing(self):
        advice = self._send_advice()
        sent_on = advice.sent_on
        advice.action_send("email", again=True)
        self.assertEqual((advice.sent_on, advice.version), (sent_on, 1))

    def test_a_second_tap_sends_nothing_more(self):
        advice = self._send_advice(via="email")
        count = len(advice.message_ids)
        with self.assertRaisesRegex(UserError, "has been sent"):
            advice.action_send("email")
        self.assertEqual(len(advice.message_ids), count)

    def test_what_follows_is_started_once(self):
        advice = self._submit_advice()
        advice.check_ids.action_confirm()
        started = []
        self.patch(
            type(advice), "_note_sent", lambda records: started.append(records.ids)
        )
        advice.action_send("print")
        advice.action_send("phone", again=True)
        self.assertEqual([ids for ids in started if ids], [advice.ids])

    # ------------------------------------------------------------- correcting

    def test_a_correction_is_a_new_version(self):
        advice = self._send_advice()
        advice.action_note_receipt("Ms Lin")
        advice.action_correct({"tracking_ref": "T-2"}, "Two digits swapped", "email")
        self.assertRecordValues(
            advice,
            [
                {
                    "version": 2,
                    "tracking_ref": "T-2",
                    "state": "sent",
                    "received_clear_on": False,
                    "display_name": f"{advice.number}/2",
                }
            ],
        )
        mails = advice.message_ids.filtered(
            lambda message: self.customer in message.partner_ids
        )
        self.assertIn("have to correct", mails[0].body)

    def test_a_correction_is_complete_and_says_what_was_wrong(self):
        advice = self._send_advice()
        for vals, reason, text in (
            ({"package_count": 3}, "", "Say what was wrong"),
            ({"package_count": 2}, "x", "Nothing is different"),
            ({}, "x", "Nothing is different"),
            ({"package_count": 0}, "x", "packages"),
            ({"state": "draft"}, "x", "cannot be corrected"),
            ({"partner_id": 1}, "x", "cannot be corrected"),
        ):
            with self.subTest(vals):
                with self.assertRaises(UserError) as caught:
                    advice.action_correct(vals, reason, "print")
                self.assertIn(text, str(caught.exception))
        self.assertEqual(advice.version, 1)

    def test_the_dialog_corrects(self):
        advice = self._send_advice()
        wizard = self._open_dialog(advice.action_open_correct())
        wizard.write({"driver": "Mr Zhou", "reason": "Another driver", "via": "phone"})
        wizard.action_send()
        self.assertRecordValues(
            advice, [{"driver": "Mr Zhou", "version": 2, "package_count": 2}]
        )

    def test_a_draft_is_not_corrected(self):
        advice = self._make_advice().with_user(self.sales_admin)
        with self.assertRaisesRegex(UserError, "is with the shipper"):
            advice.action_correct({"package_count": 3}, "x", "print")

    # ------------------------------------------------------------- withdrawing

    def test_withdrawing_tells_the_customer_and_frees_the_goods(self):
        advice = self._send_advice(via="email")
        advice.action_withdraw("It was another truck")
        self.assertEqual(advice.state, "withdrawn")
        mails = advice.message_ids.filtered(
            lambda message: self.customer in message.partner_ids
        )
        self.assertIn("It was another truck", mails[0].body)
        request = advice.request_id
        self.assertTrue(request.has_unadvised_moves)
        newer = self._send_advice(request)
        self.assertNotEqual(newer.number, advice.number)
        self.assertEqual(newer.line_ids.quantity, 10)

    def test_withdrawing_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._send_advice().action_withdraw()

    def test_what_has_arrived_is_not_withdrawn(self):
        advice = self._send_advice()
        self.assertEqual(advice.sudo()._note_arrival(), advice)
        self.assertEqual(advice.state, "arrived")
        self.assertFalse(advice.sudo()._note_arrival())
        with self.assertRaisesRegex(UserError, "have arrived already"):
            advice.action_withdraw("x")

    # ------------------------------------------------------------- clear receipt

    def test_the_sales_admin_notes_the_receipt(self):
        advice = self._send_advice()
        advice.action_note_receipt("Ms Lin", "fax")
        self.assertRecordValues(
            advice,
            [
                {
                    "received_clear_name": "Ms Lin",
                    "received_clear_via": "fax",
                    "received_clear_by_id": self.sales_admin.id,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "received clearly by Ms Lin"):
            advice.action_note_receipt("Mr Wang")

    def _open_dialog(self, action):
        wizards = self.env[action["res_model"]].with_user(self.sales_admin)
        return wizards.browse(action["res_id"])

    def test_the_dialogs_do_what_they_say(self):
        advice = self._submit_advice()
        wizard = self._open_dialog(advice.action_open_send_back())
        wizard.reason = "Which truck?"
        wizard.action_apply()
        self.assertEqual(advice.state, "draft")
        advice.with_user(self.shipper).action_submit()
        advice.check_ids.filtered(lambda c: not c.is_confirmed).action_confirm()
        advice.action_send("phone")
        wizard = self._open_dialog(advice.action_open_receipt())
        wizard.name = wizard.name or "Ms Lin"
        wizard.action_note()
        self.assertTrue(advice.received_clear_on)
        wizard = self._open_dialog(advice.action_open_withdraw())
        wizard.reason = "Wrong truck"
        wizard.action_apply()
        self.assertEqual(advice.state, "withdrawn")

    def test_who_and_how_are_said(self):
        advice = self._send_advice()
        for name, via in ((" ", "phone"), ("Ms Lin", "portal"), ("Ms Lin", "x")):
            with self.assertRaisesRegex(UserError, "Say"):
                advice.action_note_receipt(name, via)

    # ------------------------------------------------------------- tracking

    def test_the_link_has_the_number_of_the_advice(self):
        advice = self._send_advice(tracking_ref="T-5")
        self.assertEqual(
            advice.sudo()._get_tracking_links(),
            [("T-5", "https://track.example.com/T-5")],
        )

    def test_a_carrier_without_tracking_has_no_link(self):
        self.carrier.tracking_url = False
        self.assertFalse(
            self._send_advice(tracking_ref="T-5").sudo()._get_tracking_links()
        )

    def test_only_web_addresses_are_links(self):
        self.carrier.tracking_url = "javascript:<shipmenttrackingnumber>"
        advice = self._send_advice(tracking_ref="alert(1)")
        self.assertFalse(advice.sudo()._get_tracking_links())
