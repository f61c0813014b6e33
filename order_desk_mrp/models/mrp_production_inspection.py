from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# reporting goods as made; the inspection is asked for with it
REPORTING_FIELDS = {"qty_producing", "lot_producing_ids"}


class MrpProduction(models.Model):
    """Manufactured goods enter stock only inspected (SPEC E4).

    What the customer of a configuration sheet gets is inspected where its category has
    a release standard; sub-assemblies are not, by-products only if they are ordered.
    Back orders and split orders share what has passed: they are of one production
    group.
    """

    _inherit = "mrp.production"

    inspection_ids = fields.One2many(
        "order.desk.inspection", "production_id", "Inspections", copy=False
    )
    inspection_count = fields.Integer(
        compute="_compute_inspection_status", compute_sudo=True
    )
    inspection_status = fields.Selection(
        [
            ("ask", "To be inspected"),
            ("waiting", "Waiting for the inspector"),
            ("failed", "Failed goods"),
            ("passed", "Passed"),
        ],
        compute="_compute_inspection_status",
        compute_sudo=True,
        help="Where the inspection of these goods stands; empty where none is needed.",
    )
    inspection_note = fields.Char(
        compute="_compute_inspection_status", compute_sudo=True
    )

    @api.depends(
        "state",
        "product_id",
        "sale_line_id",
        "qty_producing",
        "inspection_ids.state",
        "inspection_ids.disposition",
        "production_group_id.production_ids.inspection_ids.state",
    )
    @api.depends_context("lang")
    def _compute_inspection_status(self):
        self.inspection_count = 0
        self.inspection_status = False
        self.inspection_note = False
        standards = self._origin._get_release_standards()
        for production in self:
            # of the finished product; what else is made has its own inspections
            key = (production._origin, production.product_id)
            if key not in standards and not production.inspection_ids:
                continue
            group = production._origin._get_inspection_group()
            inspections = group._get_inspections(production.product_id)
            production.inspection_count = len(inspections)
            if key in standards and production.state not in ("draft", "cancel"):
                production.inspection_status = inspections._get_status()
                production.inspection_note = inspections._get_status_note()

    # ------------------------------------------------------------- what is inspected

    def _get_inspection_group(self):
        """Return these orders with their back orders and what was split off them."""
        return self | self.production_group_id.production_ids

    def _get_release_standards(self):
        """Return what of these orders enters stock only inspected.

        :return: ``{(production, product): release standard}``
        """
        standard_model = self.env["order.desk.release.standard"]
        candidates = []
        for production in self:
            company = production.company_id
            begun = production._get_begun_standards()
            if not begun and not standard_model._get_index(company.id):
                continue  # nothing is inspected in this company
            for product in (
                production.product_id
                | production.move_byproduct_ids.filtered(
                    lambda move: move.state != "cancel"
                ).product_id
            ):
                standard, is_for_stock = standard_model._find(product, company)
                standard = standard or begun.get(product)
                if standard:
                    candidates.append((production, product, standard, is_for_stock))
        if not candidates:
            return {}
        companies = self.env["res.company"].union(
            *(c[0].company_id for c in candidates)
        )
        inspectors = self.env["order.desk.role"]._get_step_roles(
            companies, "inspection"
        )
        return {
            (production, product): standard
            for production, product, standard, is_for_stock in candidates
            if inspectors[production.company_id]
            and production._is_inspected(product, is_for_stock)
        }

    def _get_begun_standards(self):
        """Return by which standards goods of a sheet's order are inspected already.

        What has failed does not enter stock because the standard is archived, or the
        category another one, since.

        :return: ``{product: release standard}``
        """
        self.ensure_one()
        if not self.sheet_id:
            return {}
        # the workshop need not read them
        inspections = self._get_inspection_group().sudo().inspection_ids
        return {
            one.product_id: one.standard_id
            for one in inspections
            if one.state in ("partly", "failed") and one.standard_id
        }

    def _is_inspected(self, product, is_for_stock):
        """Tell whether ``product``, which has a release standard, is inspected here."""
        self.ensure_one()
        lines = self._get_customer_lines().filtered(
            lambda line: line._is_order_desk_controlled()
        )
        if product != self.product_id:
            return product in lines.order_id.order_line.product_id
        if lines:
            return True
        feeds = self.move_finished_ids.move_dest_ids.raw_material_production_id
        return is_for_stock and not feeds

    def _get_customer_lines(self):
        """Return the order lines whose customers get what these orders make.

        Those are found along the way of the goods: also for orders that were merged,
        and behind the receipt of what a subcontractor makes.
        """
        productions = self.sudo()  # the workshop need not read sales orders
        moves = productions.move_finished_ids.filtered(
            lambda move: move.product_id == move.production_id.product_id
        )
        lines = productions.sale_line_id | moves.sale_line_id
        seen = moves
        while moves := moves.move_dest_ids - seen:
            seen |= moves
            moves = moves.filtered(
                lambda move: (
                    move.state != "cancel" and not move.raw_material_production_id
                )
            )
            lines |= moves.sale_line_id
            moves = moves.filtered(lambda move: not move.sale_line_id)
        return lines

    def _get_inspections(self, product):
        """Return the inspections of ``product`` on these orders that count."""
        return (
            self.env["order.desk.inspection"]
            .sudo()
            .search(  # whoever works on the orders
                [
                    ("production_id", "in", self.ids),
                    ("product_id", "=", product.id),
                    ("state", "!=", "cancelled"),
                ],
                order="id",
            )
        )

    # ------------------------------------------------------------- quantities

    def _get_done_quantities(self, product):
        """Return what of ``product`` has entered stock: ``{lot: quantity}``.

        In the product's unit. What is unbuilt later has been received all the same:
        goods built anew are inspected anew.
        """
        done = defaultdict(float)
        # those that went to scrap, too: their lines may be sent elsewhere afterwards
        for move in self.all_move_ids:
            if move.product_id == product and move.state == "done":
                for line in move.move_line_ids:
                    if line.location_dest_usage != "inventory":
                        done[line.lot_id] += line.quantity_product_uom
        return done

    def _get_received_before(self, product):
        """Return what of ``product`` no inspection stands for: ``{lot: quantity}``.

        It was in stock before anybody inspected, or its inspection counts no more.
        """
        inspections = self.env["order.desk.inspection"].sudo()
        before = defaultdict(float)
        for one in inspections.search(
            [("production_id", "in", self.ids), ("product_id", "=", product.id)]
        ):
            for lot_id, quantity in (one.received_before or {}).items():
                before[self.env["stock.lot"].browse(filter(None, [int(lot_id)]))] += (
                    quantity
                )
        return before

    def _get_missing(self, product):
        """Return what of ``product`` was reported and is to be presented yet."""
        return (
            self._get_reported_quantity(product)
            - self._get_inspections(product)._get_present()
            - sum(self._get_received_before(product).values())
        )

    def _get_reported_quantity(self, product):
        """Return what of ``product`` the workshop has reported as made."""
        total = 0.0
        for production in self:
            if production.state == "cancel":
                continue
            if product != production.product_id:
                moves = production.move_finished_ids.filtered(
                    lambda move: move.product_id == product and move.state != "cancel"
                )
                total += sum(
                    move.product_uom._compute_quantity(move.quantity, product.uom_id)
                    for move in moves
                )
                continue
            done = sum(production._get_done_quantities(product).values())
            total += max(done, production._get_producing_quantity())
        return total

    def _get_producing_quantity(self):
        """Return what is being reported as made, in the product's unit.

        A subcontractor reports nothing: what is being received counts.
        """
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return 0.0
        if not self.qty_producing and (receipts := self._get_open_receipts()):
            return sum(receipts.move_line_ids.mapped("quantity_product_uom"))
        return self.product_uom_id._compute_quantity(
            self.qty_producing, self.product_id.uom_id
        )

    def _get_producing_lots(self):
        """Return the lots or serial numbers of what is being reported as made."""
        self.ensure_one()
        return self.lot_producing_ids or self._get_open_receipts().move_line_ids.lot_id

    def _get_open_receipts(self):
        """Return the receipts by which a subcontractor hands over these goods."""
        return self.move_finished_ids.move_dest_ids.filtered(
            lambda move: (
                move.picking_type_id.code == "incoming"
                and move.state not in ("done", "cancel")
            )
        )

    # ------------------------------------------------------------- asking

    def action_ask_inspection(self):
        """Ask for the inspection of what was made (SPEC E4).

        :return: the action that opens the inspections
        :raise UserError: nothing is inspected here, or nothing to present
        """
        self.check_access("write")
        standards = self.sudo()._get_release_standards()
        asked, errors = self.env["order.desk.inspection"].sudo(), []
        for production in self.sudo():
            mine = {key: s for key, s in standards.items() if key[0] == production}
            if not mine:
                errors.append(
                    self.env._(
                        "%s makes nothing that is inspected before it enters stock.",
                        production.name,
                    )
                )
                continue
            found = production._present(mine)
            if not found:
                errors.append(production._get_nothing_to_inspect_error(mine))
            asked |= found
        if errors:
            raise UserError("\n".join(errors))
        return asked.sudo(self.env.su)._get_records_action(
            name=self.env._("Inspections")
        )

    def _get_nothing_to_inspect_error(self, standards):
        self.ensure_one()
        group = self._get_inspection_group()
        for _production, product in standards:
            waiting = group._get_inspections(product).filtered(
                lambda one: one.state == "to_inspect"
            )
            if waiting:
                return self.env._(
                    "%(order)s: the inspection has been asked for already"
                    " (%(inspection)s).",
                    order=self.name,
                    inspection=", ".join(waiting.mapped("name")),
                )
        if self.product_tracking != "none" and not self._get_producing_lots():
            return self.env._(
                "%s: give the goods their lot or serial numbers first; they are"
                " inspected by number.",
                self.name,
            )
        return self.env._(
            "%s: enter the quantity made first. All that was reported so far is"
            " inspected.",
            self.name,
        )

    def _present(self, standards):
        """Present for inspection what was reported and not presented yet.

        :param standards: as ``_get_release_standards`` returns
        :return: the inspections that are new, or present more than before
        """
        asked = self.env["order.desk.inspection"]
        for (production, product), standard in standards.items():
            group = production._get_inspection_group()
            inspections = group._get_inspections(product)
            # in stock already, thus nothing to present
            before = group._get_not_inspected(product)
            before = {lot: made - released for lot, (made, released) in before.items()}
            missing = group._get_missing(product) - sum(before.values())
            rows = production._get_rows_to_present(product, inspections, missing)
            if product.uom_id.compare(missing, 0) <= 0 or rows is None:
                continue
            waiting = inspections.filtered(
                lambda one: (
                    one.state == "to_inspect"
                    and not one._is_begun()
                    and not one.previous_id
                )
            )[-1:]
            if waiting:
                waiting._add_presented(missing, rows)
            else:
                vals = production._prepare_inspection_vals(product, standard)
                # nobody has the right to create inspections but by asking here
                new = self.env["order.desk.inspection"].sudo()
                waiting = new.create({**vals, "quantity": missing, "lot_ids": rows})
            waiting._note_received_before(before)
            asked |= waiting
        asked._announce()
        return asked

    def _get_rows_to_present(self, product, inspections, missing):
        """Return the lots or serial numbers to present, as commands.

        :return: None when the goods have no number yet
        """
        self.ensure_one()
        if product.tracking == "none":
            return []
        if product != self.product_id:
            lots = self.move_finished_ids.filtered(
                lambda move: move.product_id == product
            ).lot_ids
        else:
            lots = self._get_producing_lots()
        if product.tracking == "lot":
            rows = [(lots[:1], missing)] if lots else []
        else:
            rows = [(lot, 1.0) for lot in lots - inspections._get_present_lots()]
        return [
            Command.create({"lot_id": lot.id, "quantity": quantity})
            for lot, quantity in rows
        ] or None

    def _prepare_inspection_vals(self, product, standard):
        self.ensure_one()
        sheets = self._get_customer_lines().order_id.sheet_id
        inspection = self.env["order.desk.inspection"]
        return {
            "name": self.company_id._order_desk_next_number(inspection._name),
            "company_id": self.company_id.id,
            "production_id": self.id,
            "product_id": product.id,
            "sheet_ids": [Command.set(sheets.ids)],
            "asked_by_id": self.env.uid,
            **inspection._prepare_standard_vals(standard.sudo()),
        }

    def write(self, vals):
        result = super().write(vals)
        if REPORTING_FIELDS & set(vals):
            self._follow_reported()
        return result

    def _follow_reported(self):
        """Ask for the inspection once all is reported; take back what is not any more.

        An inspection that has begun stays as it is.
        """
        productions = self.sudo()  # the workshop need not read standards
        open_ones = productions.filtered(lambda p: p.state not in ("done", "cancel"))
        for key, standard in open_ones._get_release_standards().items():
            production, product = key
            group = production._get_inspection_group()
            inspections = group._get_inspections(product)
            missing = group._get_missing(product)
            if product.uom_id.compare(missing, 0) < 0:
                inspections._take_back(-missing, production)
            elif (
                production.product_uom_id.compare(
                    production.qty_producing, production.product_qty
                )
                >= 0
            ):
                production._present({key: standard})

    # ------------------------------------------------------------- screens

    def action_view_inspections(self):
        """Open the inspections of this order and its back orders."""
        self.ensure_one()
        inspections = self.env["order.desk.inspection"].search(
            [("production_id", "in", self._get_inspection_group().ids)]
        )
        return inspections._get_records_action(name=self.env._("Inspections"))
