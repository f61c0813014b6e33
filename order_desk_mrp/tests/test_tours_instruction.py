from odoo.tests import HttpCase, tagged

from .common_instruction import InstructionCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursInstruction(InstructionCommon, HttpCase):
    """What the production supervisor does on the workshop's tablet (SPEC E1)."""

    browser_size = "1024x768"
    touch_enabled = True

    def test_supervisor_asks_acknowledges_and_starts(self):
        # work orders show to those who work with them
        self.supervisor.group_ids |= self.env.ref("mrp.group_mrp_routings")
        for product in (self.core, self.wire, self.seal):
            self._put_in_stock(product, 100)
        sheet = self._release_order()
        instruction = sheet.instruction_id
        self.start_tour(
            "/odoo", "order_desk_acknowledge_on_tablet", login="odm_supervisor"
        )
        question = sheet.clarification_ids
        self.assertEqual(question.name, "Which language?")
        question.with_user(self.salesperson).action_answer("Chinese")
        self.start_tour(
            f"/odoo/order-desk-instructions/{instruction.id}",
            "order_desk_acknowledge_and_start",
            login="odm_supervisor",
        )
        self.assertEqual(instruction.acknowledged_by_id, self.supervisor)
        self.assertEqual(self._get_productions(sheet).state, "progress")
