from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.order_desk.tests.at_hand import at_hand

from .common_instruction import InstructionCommon


class InspectionCommon(InstructionCommon):
    """The small workshop whose pumps enter stock only inspected.

    Their release standard has a point to look at and a length to measure, 10 to 12 mm.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # with mrp_account, Odoo 19 makes back orders only for who reads accounting
        cls.worker.group_ids |= cls.env.ref("account.group_account_readonly")
        cls.standard = cls._make_standard(cls.category)
        for product in (cls.core, cls.wire, cls.seal, cls.motor):
            cls._put_in_stock(product, 1000)

    @classmethod
    def _make_standard(cls, category, **values):
        return cls.env["order.desk.release.standard"].create(
            {
                "category_id": category.id,
                "line_ids": [
                    Command.create({"name": "Paint", "kind": "appearance"}),
                    Command.create(
                        {
                            "name": "Shaft length",
                            "kind": "quantity",
                            "check_type": "measure",
                            "has_min": True,
                            "limit_min": 10,
                            "has_max": True,
                            "limit_max": 12,
                            "unit_text": "mm",
                        }
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def _bring_to(cls, sheets, state):
        sheets = super()._bring_to(sheets, state)
        if state == "released":
            for instruction in sheets.instruction_ids:
                cls._acknowledge(instruction)
        return sheets

    @classmethod
    @at_hand
    def _make_released(cls, quantity=10, **line_vals):
        """Return the manufacturing order of a released sheet's pumps."""
        sheet = cls._make_at("released", quantity, **line_vals)
        return cls._get_productions(sheet)

    @classmethod
    def _make(cls, production, quantity):
        """Report ``quantity`` as made, as the worker does on the form."""
        production = production.with_user(cls.worker)
        production.qty_producing = quantity
        production._set_qty_producing()
        return production

    @classmethod
    def _ask(cls, production, quantity=None):
        """Ask for the inspection of ``quantity``; return it as the inspector has it."""
        if quantity is not None:
            cls._make(production, quantity)
        waiting = cls._get_waiting(production)
        if not waiting:
            production.with_user(cls.worker).action_ask_inspection()
            waiting = cls._get_waiting(production)
        return waiting.with_user(cls.inspector)

    @classmethod
    def _get_waiting(cls, production):
        production.invalidate_recordset(["inspection_ids"])
        return production._get_inspection_group().inspection_ids.filtered(
            lambda one: one.state == "to_inspect"
        )

    @classmethod
    def _fill(cls, inspection, failed=0):
        """Enter what the inspector finds: all points in order unless pieces failed."""
        for point in inspection.point_ids:
            if point.check_type == "measure":
                point.measured = "11"
            elif failed:
                point.write({"result": "fail", "remark": "Scratched"})
            else:
                point.result = "pass"
        if inspection.lot_ids:
            inspection.lot_ids[:failed].action_fail()
            inspection.action_pass_rest()
        elif failed:
            inspection.write(
                {
                    "quantity_failed": failed,
                    "quantity_passed": inspection.quantity - failed,
                }
            )
        return inspection

    @classmethod
    def _inspect(cls, production, quantity=None, failed=0):
        """Make, ask, inspect and decide; return the inspection."""
        inspection = cls._fill(cls._ask(production, quantity), failed)
        inspection.action_decide()
        return inspection

    @classmethod
    def _finish(cls, production, quantity=None, backorder=False, user=None):
        """Mark done as the worker does, with or without a back order."""
        if quantity is not None:
            cls._make(production, quantity)
        production = production.with_user(user or cls.worker)
        context = {"skip_backorder": True}
        if backorder:
            context["mo_ids_to_backorder"] = production.ids
        return production.with_context(
            skip_consumption=True, **context
        ).button_mark_done()

    @contextmanager
    def assert_refused(self, pattern="."):
        """Check that a user is told why not, and that nothing is half done."""
        with self.assertRaises(UserError) as error, self.env.cr.savepoint():
            yield error
        self.env.invalidate_all()
        self.assertRegex(str(error.exception), pattern)
