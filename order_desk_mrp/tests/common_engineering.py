from odoo import Command

from odoo.addons.order_desk.tests.common import PNG

from .common import OrderDeskMrpCommon


class EngineeringCommon(OrderDeskMrpCommon):
    """A company whose chief engineer signs for engineering's answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles["chief_engineer"].statement = "engineering"
        cls.customer.email = "customer@example.com"
        cls.team.user_id = cls.sales_manager

    @classmethod
    def _make_asked(cls, **line_vals):
        """Return the sheet of an order with a non-standard line, submitted."""
        line_vals.setdefault("special_requirement", "Ceramic shaft")
        sheet = cls._make_sheet(**line_vals)
        cls._submit(sheet)
        return sheet

    @classmethod
    def _add_line(cls, sheet, **vals):
        """Add another line of the same product to the order."""
        sheet.order_id.order_line = [
            Command.create({"product_id": cls.pump.id, "product_uom_qty": 2, **vals})
        ]
        line = sheet.order_id.order_line[-1]
        cls._configure(line)
        return line

    @classmethod
    def _answer(cls, engineering, answer="feasible", user=None, **vals):
        """Give an answer as an engineer does on the screen."""
        engineering = engineering.with_user(user or cls.draughtsman)
        engineering.write({"answer": answer, **vals})
        engineering.action_answer()
        return engineering

    @classmethod
    def _refuse(cls, engineering, **vals):
        """Answer that it is not feasible, by default with a proposal in words."""
        if not {"proposal", "proposed_requirement", "drops_requirement"} & set(vals):
            vals.setdefault("proposal", "Use the steel shaft")
        vals.setdefault("reason", "It would break")
        return cls._answer(engineering, "not_feasible", **vals)

    @classmethod
    def _draw(cls, engineering, **vals):
        """Return a drawing in preparation, with a picture as its file."""
        return (
            cls.env["order.desk.drawing"]
            .with_user(cls.draughtsman)
            .create(
                {
                    "engineering_id": engineering.id,
                    "file": cls._encode(PNG),
                    "file_name": "shaft.png",
                    **vals,
                }
            )
        )

    @classmethod
    def _send_drawing(cls, engineering, **vals):
        drawing = cls._draw(engineering, **vals)
        drawing.action_send()
        return drawing

    @classmethod
    def _encode(cls, raw):
        return cls.env["ir.attachment"].new({"raw": raw}).datas

    @classmethod
    def _note_approval(cls, drawing):
        drawing.with_user(cls.salesperson).action_note(
            "approved",
            "Mr Customer",
            cls.env["ir.attachment"]
            .with_user(cls.salesperson)
            .create({"name": "mail.png", "raw": PNG}),
        )
