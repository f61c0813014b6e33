from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.order_desk.quantity import format_quantity


class OrderDeskInstructionPoint(models.Model):
    """One point of a production instruction, acknowledged with a tap (SPEC E1).

    One for each line of the order, then one for each item of the checklist.
    """

    _name = "order.desk.instruction.point"
    _description = "Point of a Production Instruction"
    _order = "instruction_id, sequence, id"
    _rec_name = "title"

    instruction_id = fields.Many2one(
        "order.desk.instruction",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="instruction_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    check_item_id = fields.Many2one(
        "order.desk.check.item", readonly=True, index=True, ondelete="restrict"
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        # its name tells the customer's reference
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer",
    )
    content_key = fields.Char(
        readonly=True, help="Where the line stands in the released content."
    )
    done_by_id = fields.Many2one(
        "res.users", "Ticked by", readonly=True, ondelete="restrict"
    )
    done_on = fields.Datetime("Ticked on", readonly=True)
    question_ids = fields.One2many(
        "order.desk.clarification",
        "instruction_point_id",
        "Questions",
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer",
    )
    has_open_question = fields.Boolean(compute="_compute_questions", compute_sudo=True)
    questions = fields.Text(
        "Questions and Answers", compute="_compute_questions", compute_sudo=True
    )
    title = fields.Char(compute="_compute_content", compute_sudo=True)
    quantity = fields.Char(compute="_compute_content", compute_sudo=True)
    content = fields.Html(compute="_compute_content", compute_sudo=True)
    instruction_state = fields.Selection(related="instruction_id.state")
    can_acknowledge = fields.Boolean(related="instruction_id.can_acknowledge")

    @api.depends("question_ids.state", "question_ids.answer")
    @api.depends_context("lang")
    def _compute_questions(self):
        for point in self:
            questions = point.question_ids.filtered(lambda q: q.state != "withdrawn")
            point.has_open_question = "open" in questions.mapped("state")
            point.questions = "\n".join(
                self.env._("Asked: %s", question.name)
                if question.state == "open"
                else self.env._(
                    "%(question)s — %(answer)s",
                    question=question.name,
                    answer=question.answer,
                )
                for question in questions.sorted("id")
            )

    @api.depends("check_item_id", "instruction_id.revision_id")
    @api.depends_context("lang")
    def _compute_content(self):
        contents = {
            instruction: instruction._get_workshop_content(instruction.revision_id)
            for instruction in self.instruction_id
        }
        qweb = self.env["ir.qweb"]
        for point in self:
            if point.check_item_id:
                point.title = point.check_item_id.name
                point.quantity = point.content = False
                continue
            item = point._get_item(contents[point.instruction_id])
            point.title = item["title"]
            point.quantity = item["quantity"]
            point.content = qweb._render(
                "order_desk_mrp.instruction_item_content", {"item": item}
            )

    def _get_item(self, content):
        """Return what was released of this point's line, in words for people.

        :param content: see ``_get_workshop_content`` of the instruction
        """
        self.ensure_one()
        values = content["lines"].get(self.content_key) or {}
        revision = self.instruction_id.revision_id
        product = values.get("product") or []
        name = self._get_product_name(product)
        quantity, unit = values.get("quantity") or (0.0, "")
        texts, _drawings = self._get_engineering(values)
        return {
            "title": name,
            "is_note": not (product and product[0]),
            "quantity": f"{format_quantity(quantity)} {unit}"
            if product and product[0]
            else "",
            "description": self._get_description(values, name),
            "answers": [
                (question, answer)
                for question, answer in values.get("configuration") or []
                if answer != ""
            ],
            "special_requirement": values.get("special_requirement") or "",
            "packaging_note": values.get("packaging_note") or "",
            "engineering": texts,
            "tolerance": revision._get_tolerance_text(
                values.get("tolerance_over"), values.get("tolerance_under")
            ),
        }

    def _get_engineering(self, values):
        """Return what engineering has answered on the line, and its drawings.

        An answer that has changed since is shown as it was released; the next version
        of the instruction brings the other one, with its drawings.

        :param values: the line's released values
        :return: (list of texts, ``ir.attachment``)
        """
        self.ensure_one()
        none = self.env["ir.attachment"]
        released = values.get("engineering")
        if not released:
            return [], none
        line = self.sale_line_id
        # the line of an order that was cancelled may be gone
        answer = line and line.with_context(lang="en_US", tz="UTC")._get_engineering()
        if answer and answer._get_content_value() == released:
            return line._get_engineering_texts(), line._get_drawings()
        text = self.env["order.desk.revision"]._get_value_text("engineering", released)
        return [text], none

    def _get_product_name(self, values):
        """Return the product as it was signed, in the reader's language.

        Its name is translated as long as it is the one that was signed.
        """
        if not values or not values[0]:
            return values[2].partition("\n")[0] if values else ""
        product = self.env["product.product"].browse(values[0]).exists()
        if product.with_context(lang="en_US").name == values[2]:
            values = [*values[:2], product.name, *values[3:]]
        return self.env["order.desk.revision"]._get_product_text(values)

    @api.model
    def _get_description(self, values, name):
        """Return what the line says beyond the name of its product."""
        text = values.get("description") or ""
        product = values.get("product") or []
        first, _newline, rest = text.partition("\n")
        if product and product[0]:
            return rest.strip() if product[2] in first else text
        return rest.strip() if first == name else text

    # ------------------------------------------------------------- ticking

    def action_tick(self):
        """Acknowledge these points, each with a tap.

        :raise UserError: no supervisor, not open, a question waits, ticked already
        """
        self.check_access("read")
        self.instruction_id._lock()
        self.instruction_id._check_may_acknowledge()
        for point in self:
            if point.done_on:
                raise UserError(point._get_ticked_error())
            if point.has_open_question:
                raise UserError(
                    self.env._(
                        "“%s” waits for an answer. Withdraw the question, or tick it"
                        " when it is answered.",
                        point.title,
                    )
                )
        # nobody writes points by hand; after the checks it is the supervisor's word
        self.sudo().write(
            {"done_by_id": self.env.uid, "done_on": fields.Datetime.now()}
        )

    def action_untick(self):
        """Take the tick back, as long as the instruction is not acknowledged."""
        self.check_access("read")
        self.instruction_id._lock()
        self.instruction_id._check_may_acknowledge()
        self.sudo().write({"done_by_id": False, "done_on": False})  # as in action_tick

    def _get_ticked_error(self):
        point = self.sudo()  # colleagues' names
        return self.env._(
            "%(user)s ticked “%(point)s” on %(moment)s already.",
            user=point.done_by_id.name,
            point=self.title,
            moment=format_datetime(self.env, self.done_on, dt_format="short"),
        )

    def action_open_ask(self):
        """Open the dialog in which something unclear about this point is asked."""
        self.ensure_one()
        self.instruction_id._check_may_acknowledge()
        wizard = self.env["order.desk.instruction.ask"].create({"point_id": self.id})
        return wizard._get_records_action(name=self.env._("Unclear"), target="new")

    def _ask(self, question):
        """Ask what is unclear about this point: a clarification of the sheet.

        :raise UserError: nothing was written, or the supervisor's turn is over
        """
        self.ensure_one()
        self.instruction_id._check_may_acknowledge()
        first, _newline, rest = (question or "").strip().partition("\n")
        if not first:
            raise UserError(self.env._("Write what is unclear."))
        point = self.sudo()  # who works in the workshop need not see the order
        clarification = self.env["order.desk.clarification"].create(
            {
                "sheet_id": point.instruction_id.sheet_id.id,
                "instruction_point_id": self.id,
                "name": first,
                "description": self.env._(
                    "%(instruction)s, %(point)s\n%(text)s",
                    instruction=point.instruction_id.name,
                    point=point.title,
                    text=rest.strip(),
                ).strip(),
                "order_line_id": point.sale_line_id.id,
                "asked_of": "salesperson",
            }
        )
        if point.done_on:  # what is unclear is not acknowledged
            point.write({"done_by_id": False, "done_on": False})
        return clarification
