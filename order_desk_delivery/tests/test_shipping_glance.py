from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestShippingGlance(ReceiptCommon):
    """A manager sees at one glance what is open and what is late in shipping."""

    def _get_figures(self, user=None):
        company = self.env.company.with_user(user or self.manager)
        company.invalidate_recordset()
        names = ("ready", "ship", "way", "receipt", "claim", "left")
        return {
            name: (
                company[f"order_desk_{name}_count"],
                company[f"order_desk_{name}_late"],
            )
            for name in names
        }

    def _list(self, tile, kind="open"):
        """Return what the list shows that a figure opens."""
        company = self.env.company.with_user(self.manager)
        company = company.with_context(order_desk_tile=tile)
        action = getattr(company, f"action_order_desk_view_{kind}")()
        records = self.env[action["res_model"]].with_user(self.manager)
        return records.search(action["domain"])

    def test_goods_are_counted_on_their_way(self):
        before = self._get_figures()
        sheet = self._make_released()
        self.assertEqual(self._get_figures()["ready"][0], before["ready"][0] + 1)
        self.assertIn(sheet, self._list("ready"))
        ready = sheet.with_user(self.manager)  # who cannot read stock moves
        self.assertIn("Test pump", ready.ready_goods)
        self.assertFalse(ready.waits_before_shipping)
        request = self._issue(sheet)
        ship, late = before["ship"]
        self.assertEqual(self._get_figures()["ship"], (ship + 1, late))
        request.sudo().due_pick_date = self._soon(-3)
        self.assertEqual(self._get_figures()["ship"], (ship + 1, late + 1))
        self.assertIn(request, self._list("ship", "late"))
        receipt = self._ship_and_advise(sheet)
        figures = self._get_figures()
        self.assertEqual(figures["ship"], before["ship"])
        for name in ("way", "receipt"):
            self.assertEqual(figures[name], (before[name][0] + 1, before[name][1]))
        late = fields.Datetime.now() - timedelta(days=20)
        receipt.sudo().advice_id.expected_arrival = late
        figures = self._get_figures()
        for name in ("way", "receipt"):
            self.assertEqual(figures[name][1], before[name][1] + 1)
        self.assertIn(receipt.advice_id, self._list("way", "late"))
        self.assertIn(receipt, self._list("receipt"))

    def test_what_left_in_an_emergency_is_counted_until_requested(self):
        sheet = self._make_released()
        sheet.with_user(self.service).action_waive(
            "shipping",
            "shipping_request",
            "The customer's line stands still",
            "Shipping request",
            self._soon(3),
        )
        before = self._get_figures()["left"][0]
        self._ship(sheet)
        self.assertEqual(self._get_figures()["left"][0], before + 1)
        self.assertIn(sheet, self._list("left"))

    def test_an_unknown_figure_opens_what_is_to_ship(self):
        request = self._issue(self._make_released())
        self.assertIn(request, self._list("nonsense"))

    def test_who_may_read_nothing_counts_nothing(self):
        self._issue(self._make_released())
        stranger = new_test_user(self.env, login="odd_nobody", groups="base.group_user")
        self.assertFalse(any(map(any, self._get_figures(stranger).values())))

    def test_customers_open_no_figure(self):
        customer = new_test_user(
            self.env, login="odd_glance", groups="base.group_portal"
        )
        company = self.env.company.with_user(customer)
        for tile in ("ready", "left", "claim"):
            with self.assertRaises(AccessError):
                company.with_context(order_desk_tile=tile).action_order_desk_view_open()
