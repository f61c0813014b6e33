from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_advice import AdviceCommon
from .common_claim import ClaimCommon

BAD = (float("nan"), float("inf"), -1, 1e300, 10**400, "many", "nan", "1,5", [7])


@tagged("post_install", "-at_install")
class TestNumbers(AdviceCommon, ClaimCommon):
    """What clients send as numbers ends in a sentence that names the record."""

    def _assert_refused(self, words, do, values=BAD):
        for value in values:
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(UserError, words),
                self.env.cr.savepoint(),
            ):
                do(value)

    def test_claimed_quantities(self):
        self._assert_refused("Claimed", self._open)
        # the web client sends a name of its own for each new line
        new = {"sale_line_id": self.line.id, "quantity": -1}
        with self.assertRaisesRegex(UserError, "Claimed"):
            self._open(line_ids=[(Command.CREATE, "virtual_7", new)])
        line = self._open(1).line_ids
        self._assert_refused("Test pump", lambda value: line.write({"quantity": value}))
        self.assertEqual(line.quantity, 1)

    def test_quantities_and_amounts_of_an_outcome(self):
        claim = self._take()
        self._assert_refused(
            "Test pump", lambda value: self._decide(claim, "return", value)
        )
        self._assert_refused(
            "Other Cost",
            lambda value: self._decide(claim, "other", text="Ok", other_cost=value),
        )
        with self.assertRaisesRegex(UserError, "Choose from the goods"):
            claim.action_decide("return", {"nonsense": 1})
        outcome = self._decide(claim, "compensation", amount_asked=70)
        self._assert_refused("Amount Received", outcome.action_note_carrier)
        self.assertFalse(outcome.amount_received)

    def test_accessories(self):
        vals = {
            "sheet_id": self.sheet.id,
            "description": "Spare seal",
            "quantity": 2,
        }
        accessories = self.env["order.desk.accessory"].with_user(self.clerk)
        self._assert_refused(
            "Quantity", lambda value: accessories.create({**vals, "quantity": value})
        )
        accessory = accessories.create(vals).with_user(self.followup)
        self._assert_refused(
            "Spare seal, Packages",
            lambda value: accessory.action_pack("bulk", value),
            (*BAD, 1.5, 2**40),
        )
        self.assertEqual(accessory.package_count, 0)

    def test_packages_and_weight_of_an_advice(self):
        advice = self._make_advice()
        for name, words in (("package_count", "Packages"), ("weight", "Weight")):
            self._assert_refused(
                f"Shipping advice.*{words}",
                lambda value, name=name: advice.write({name: value}),
                (*BAD, 2**40),
            )
        advice.write({"weight": "", "package_count": "3"})
        self.assertRecordValues(advice, [{"weight": 0, "package_count": 3}])
        advice.action_submit()
        sent = advice.with_user(self.sales_admin)
        sent.check_ids.action_confirm()
        sent.action_send("print")
        self._assert_refused(
            sent.number,
            lambda value: sent.action_correct({"weight": value}, "Weighed", "print"),
        )

    def test_requested_quantities(self):
        line = self._request(self._make_released()).line_ids
        self._assert_refused("Test pump", lambda value: line.write({"quantity": value}))

    def test_days_of_a_tracking_check(self):
        check = self._send_advice().tracking_check_ids[:1]
        for do in (
            lambda value: check.action_arrived(value),
            lambda value: check.action_delay(value, "Snow"),
        ):
            self._assert_refused("no date", do, ("soon", "2026-99-99"))

    def test_lines_of_a_request_are_named(self):
        sheet = self._make_released()
        with self.assertRaisesRegex(UserError, "cannot be"):
            self._request(sheet, {sheet.order_line[:1]: "many"})
        self.assertFalse(
            self.env["order.desk.shipping.request"].search(
                [("line_ids.sale_line_id", "in", sheet.order_line.ids)]
            )
        )

    def test_dialogs(self):
        decide = self.env["order.desk.claim.decide"].with_user(self.service)
        claim = self._take()
        self._assert_refused(
            "Other Cost",
            lambda value: decide.create(
                {
                    "claim_id": claim.id,
                    "kind": "other",
                    "line_ids": [Command.clear()],
                    "other_cost": value,
                }
            ),
        )
