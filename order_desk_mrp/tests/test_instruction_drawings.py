from odoo.tests import tagged

from .common_engineering import EngineeringCommon
from .common_instruction import InstructionCommon


@tagged("post_install", "-at_install")
class TestInstructionDrawings(EngineeringCommon, InstructionCommon):
    """The workshop builds by what engineering has answered and drawn (SPEC B5, E1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._make_asked()
        cls.engineering = cls._answer(
            cls.sheet.engineering_ids, "changed", process="Balance the rotor"
        )
        cls.drawing = cls._send_drawing(cls.engineering)
        cls._note_approval(cls.drawing)
        cls._approve(cls.sheet)
        for state, step in (
            ("coding", cls._countersign),
            ("confirming", cls._code),
            ("released", cls._release),
        ):
            step(cls.sheet)
            assert cls.sheet.state == state
        cls.instruction = cls.sheet.instruction_id

    def test_worker_reads_the_answer_and_opens_the_drawing(self):
        instruction = self.instruction.with_user(self.worker)
        self.assertIn("Balance the rotor", instruction.point_ids[0].content)
        self.assertEqual(instruction.drawing_ids, self.drawing.attachment_id)
        self.assertTrue(instruction.drawing_ids.read(["name", "raw"]))

    def test_drawings_are_a_point_to_acknowledge(self):
        titles = self.instruction.point_ids.mapped("title")
        self.assertIn("Drawings are at hand, in these versions", titles)

    def test_print_names_the_drawing_and_its_version(self):
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "order_desk_mrp.report_instruction", self.instruction.ids
            )[0]
            .decode()
        )
        self.assertIn(self.drawing.display_name, html)
        self.assertIn("Balance the rotor", html)
