from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, models


@dataclass
class MaterialNeed:
    """One product that an order takes, against what there is of it."""

    product: object
    bom: object  # empty for what is bought
    quantity: float  # in the product's unit
    supply: dict = field(default_factory=dict)
    to_make: float = 0.0


@dataclass
class MaterialPlan:
    """What one order takes, level by level; see ``order.desk.material.plan``."""

    needs: dict = field(default_factory=dict)  # {product: MaterialNeed}, tops first
    made_lines: dict = field(default_factory=dict)  # {order line: (bom, quantity)}
    problems: list = field(default_factory=list)  # what makes the plan unreliable
    errors: list = field(default_factory=list)  # what makes it impossible
    parts: dict = field(default_factory=dict)  # {product or line: products in it}


class OrderDeskMaterialPlan(models.AbstractModel):
    """Explode whole orders against the forecast (SPEC B6).

    Everything is read for all orders at once: the number of queries follows the depth
    of the bills of materials and nothing else. The caller reads as superuser.
    """

    _name = "order.desk.material.plan"
    _description = "Material Plan of an Order"

    @api.model
    def _get_plans(self, sheets):
        """Return what each sheet's order still takes: ``{sheet: MaterialPlan}``."""
        plans = {}
        by_place = sheets.grouped(lambda s: (s.company_id, s.order_id.warehouse_id))
        for (company, warehouse), group in by_place.items():
            env = group.with_company(company).env
            planner = self.with_env(env)
            plans.update(planner._get_plans_of(group.with_env(env), warehouse))
        return {sheet: plans[sheet] for sheet in sheets}

    @api.model
    def _get_plans_of(self, sheets, warehouse):
        """Return the plans of sheets whose orders leave from one warehouse."""
        company = sheets.company_id
        lines = self._get_goods_lines(sheets)
        boms = lines._get_making_boms()
        structure = self._get_structure(company, warehouse, lines, boms)
        made = self._get_made_quantities(lines)
        forecasts = self.env["order.desk.material.forecast"]._get_forecasts(
            self.env["product.product"].union(*structure["boms"], lines.product_id),
            sheets.order_id,
            warehouse,
        )
        plans = {}
        for sheet in sheets:
            plan = plans[sheet] = MaterialPlan()
            gross = defaultdict(float)
            for line in lines.filtered(lambda li, s=sheet: li.order_id == s.order_id):
                self._add_line(plan, gross, line, boms[line], structure, made)
            self._explode(plan, gross, structure, forecasts[sheet.order_id])
        return plans

    @api.model
    def _get_goods_lines(self, sheets):
        """Return what is made or bought for these orders; services are neither."""
        lines = sheets.order_id.order_line
        return lines.filtered(
            lambda line: (
                not line.display_type
                and line.product_id.type == "consu"
                and line.product_uom_id
                and line.product_uom_id.compare(line.product_uom_qty, 0) > 0
            )
        )

    @api.model
    def _get_made_quantities(self, lines):
        """Return what has been made of each line, in the product's unit."""
        made = defaultdict(float)
        groups = self.env["stock.move"]._read_group(
            [
                ("production_id.sale_line_id", "in", lines.ids),
                ("state", "=", "done"),
            ],
            ["production_id", "product_id", "product_uom"],
            ["quantity:sum"],
        )
        for production, product, unit, quantity in groups:
            if product == production.product_id:
                made[production.sale_line_id] += unit._compute_quantity(
                    quantity, product.uom_id, round=False
                )
        return made

    # ------------------------------------------------------------- structure

    @api.model
    def _get_structure(self, company, warehouse, lines, line_boms):
        """Return the bills of materials of all that may be in these lines.

        :return: ``boms`` of the products that are made or are kits, ``parts`` of each
            bill, and the routes that say what is made to order and what is bought
        """
        structure = {"boms": {}, **self._get_routes(warehouse)}
        # what engineering has chosen for a line is made for that line alone
        level = self.env["mrp.bom"].union(*line_boms.values())
        products, known = lines.product_id, self.env["product.product"]
        while products:
            known |= products
            found = self.env["mrp.bom"]._get_for_making(products, company)
            for product in products:
                bom = found.get(product, self.env["mrp.bom"])
                if bom.type != "phantom" and self._is_bought(product, structure):
                    bom = bom.browse()
                structure["boms"][product] = bom
                level |= bom
            products = level.bom_line_ids.product_id - known
        return structure

    @api.model
    def _get_routes(self, warehouse):
        """Return which routes make to order, and what the routes do to supply."""
        rules = self.env["stock.rule"].search(
            [
                ("company_id", "in", [False, warehouse.company_id.id]),
                ("warehouse_id", "in", [False, warehouse.id]),
            ],
            order="route_sequence, sequence, id",
        )
        return {
            "to_order": rules.filtered(
                lambda rule: (
                    rule.procure_method == "make_to_order"
                    and rule.location_src_id == warehouse.lot_stock_id
                )
            ).route_id,
            # the first of a product's routes that supplies it counts, as in Odoo
            "supply": [
                (rule.route_id, rule.action)
                for rule in rules
                if rule.action in ("buy", "manufacture")
            ],
        }

    @api.model
    def _get_product_routes(self, product, line=None):
        routes = product.route_ids | product.categ_id.total_route_ids
        return (line.route_ids | routes) if line else routes

    @api.model
    def _is_bought(self, product, structure, line=None):
        """Tell whether a product is bought although it has a bill of materials."""
        routes = self._get_product_routes(product, line)
        actions = [action for route, action in structure["supply"] if route in routes]
        return actions[:1] == ["buy"]

    @api.model
    def _is_made_to_order(self, line, structure):
        """Tell whether Odoo makes this line anew, whatever is in stock."""
        routes = self._get_product_routes(line.product_id, line)
        return bool(routes & structure["to_order"])

    # ------------------------------------------------------------- explosion

    @api.model
    def _add_line(self, plan, gross, line, bom, structure, made):
        """Add what an order line takes to ``gross``: ``{product: quantity}``."""
        product = line.product_id
        left = line.product_uom_id._compute_quantity(
            line.product_uom_qty - line.qty_delivered, product.uom_id, round=False
        )
        self._check_line(plan, line, bom, structure)
        never = line.product_no_variant_attribute_value_ids
        if bom.type == "phantom":
            self._add_parts(plan, gross, line, bom, product, left, structure, never)
            return
        is_usual = bom == structure["boms"][product]
        is_bought = not bom or self._is_bought(product, structure, line)
        if is_bought or (is_usual and not self._is_made_to_order(line, structure)):
            plan.parts.setdefault(line, set()).add(product)
            gross[product] += max(0.0, left)
            return
        # what is configured for the customer is made for them, not taken from a shelf
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, product.uom_id, round=False
        )
        left = max(0.0, ordered - made[line])
        plan.made_lines[line] = (bom, left)
        self._add_parts(plan, gross, line, bom, product, left, structure, never)

    @api.model
    def _check_line(self, plan, line, bom, structure):
        product = line.product_id
        if not product.active:
            plan.problems.append(self.env._("%s is archived.", product.display_name))
        if bom and not bom.active:
            plan.problems.append(
                self.env._(
                    "The bill of materials chosen for %s is archived.",
                    product.display_name,
                )
            )
        if not bom:
            self._check_source(plan, product, structure, line)

    @api.model
    def _check_source(self, plan, product, structure, line=None):
        """Note a product that is to be made, or bought for the order, by nobody."""
        routes = self._get_product_routes(product, line)
        actions = [action for route, action in structure["supply"] if route in routes]
        is_to_order = bool(routes & structure["to_order"])
        if product.seller_ids or not (is_to_order or actions[:1] == ["manufacture"]):
            return
        plan.problems.append(
            self.env._(
                "%s is made to order, but there is no bill of materials for it:"
                " nobody can say what it takes.",
                product.display_name,
            )
        )

    @api.model
    def _add_parts(self, plan, gross, whole, bom, product, made, structure, never=None):
        """Add what making a quantity takes, in whole units of each line as Odoo does.

        :param whole: what it is part of: an order line, or a product
        :param made: quantity of ``product``, in its unit
        """
        if product.uom_id.compare(made, 0) <= 0:
            return
        factor = self._get_factor(bom, product, made)
        todo = [(bom, product, factor, (product,), never)]
        while todo:
            bom, product, factor, path, never = todo.pop()
            for line in bom.bom_line_ids:
                part = line.product_id
                quantity = factor * line.product_qty
                if part.type != "consu" or line._skip_bom_line(product, never):
                    continue
                inner = structure["boms"][part]
                if inner.type == "phantom":
                    if part in path:
                        self._note_cycle(plan, [*path[path.index(part) :], part])
                        continue
                    inner_quantity = line.product_uom_id._compute_quantity(
                        quantity / inner.product_qty, inner.product_uom_id, round=False
                    )
                    todo.append((inner, part, inner_quantity, (*path, part), None))
                    continue
                quantity = line.product_uom_id.round(quantity, rounding_method="UP")
                gross[part] += line.product_uom_id._compute_quantity(
                    quantity, part.uom_id, round=False
                )
                plan.parts.setdefault(whole, set()).add(part)

    @api.model
    def _get_factor(self, bom, product, quantity):
        """Return how many times a bill of materials is made for a quantity."""
        unit = bom.product_uom_id
        return (
            product.uom_id._compute_quantity(quantity, unit, round=False)
            / bom.product_qty
        )

    @api.model
    def _explode(self, plan, gross, structure, forecasts):
        """Work down from what the lines take, a product when all of it is known."""
        tops = [product for product in gross if gross[product] > 0]
        order, cycle = self._sort_by_level(tops, structure)
        if cycle:
            self._note_cycle(plan, cycle)
        for product in order:
            quantity = product.uom_id.round(gross[product], rounding_method="UP")
            if product.uom_id.is_zero(quantity):
                continue
            bom = structure["boms"][product]
            need = MaterialNeed(product, bom, quantity)
            plan.needs[product] = need
            need.supply = forecasts[product].get_supply(quantity)
            if not product.active:
                plan.problems.append(
                    self.env._("%s is archived.", product.display_name)
                )
            if not bom:
                self._check_source(plan, product, structure)
            else:
                taken = min(quantity, need.supply["available"])
                need.to_make = product.uom_id.round(quantity - taken)
                self._add_parts(
                    plan, gross, product, bom, product, need.to_make, structure
                )

    @api.model
    def _sort_by_level(self, tops, structure):
        """Return all products in ``tops``, each before its parts.

        :return: the products, and those of a circle that keeps it from being complete
        """
        parts, todo = {}, list(tops)
        while todo:
            product = todo.pop()
            if product in parts:
                continue
            parts[product] = self._get_made_parts(product, structure)
            todo += parts[product]
        above = defaultdict(int)
        for inner in parts.values():
            for product in inner:
                above[product] += 1
        free = [product for product in parts if not above[product]]
        order = []
        while free:
            product = free.pop()
            order.append(product)
            for inner in parts[product]:
                above[inner] -= 1
                if not above[inner]:
                    free.append(inner)
        rest = parts.keys() - set(order)
        return order, self._find_cycle(rest, parts) if rest else []

    @api.model
    def _find_cycle(self, rest, parts):
        """Return products of ``rest`` each of which is part of the one before."""
        whole_of = {
            inner: product for product in rest for inner in parts[product] & rest
        }
        product, seen = next(iter(whole_of)), []
        while product not in seen:
            seen.append(product)
            product = whole_of[product]
        return [*seen[seen.index(product) :], product][::-1]

    @api.model
    def _get_made_parts(self, product, structure):
        """Return what a product is made of, kits taken apart."""
        found, todo, seen = set(), [structure["boms"][product]], set()
        while todo:
            bom = todo.pop()
            if not bom or bom in seen:
                continue
            seen.add(bom)
            for line in bom.bom_line_ids:
                inner = structure["boms"][line.product_id]
                if inner.type == "phantom":
                    todo.append(inner)
                elif line.product_id.type == "consu":
                    found.add(line.product_id)
        return found

    @api.model
    def _note_cycle(self, plan, products):
        names = " → ".join(product.display_name for product in products)
        error = self.env._(
            "These bills of materials go round in a circle: %s. Correct one of them.",
            names,
        )
        if error not in plan.errors:
            plan.errors.append(error)
