from odoo.tests import HttpCase, tagged

from .common_material import OrderDeskMaterialCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursFinishDate(OrderDeskMaterialCommon, HttpCase):
    """What the production manager does in the browser (SPEC B7)."""

    def test_production_manager_decides_on_the_proposed_date(self):
        sheet = self._state_material(10).sheet_id
        proposed, _hint = sheet._get_finish_proposals()[sheet]
        self.start_tour(
            f"/odoo/order-desk/{sheet.id}",
            "order_desk_finish_date",
            login="od_production",
        )
        self.assertTrue(proposed)
        self.assertEqual(sheet.finish_date, proposed)
