from collections import defaultdict
from datetime import time

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

BUY_TYPE = "order_desk_mrp.mail_activity_type_buy_material"


class OrderDeskMaterialStatement(models.Model):
    """What is missing is asked for once, by Odoo's own way to buy (SPEC B6, E6)."""

    _inherit = "order.desk.material.statement"

    show_request = fields.Boolean(compute="_compute_show_request")
    request_count = fields.Integer(
        "Requests for Quotation", compute="_compute_request_count", compute_sudo=True
    )

    @api.depends("can_renew", "line_ids.requested_qty", "line_ids.expected_missing_qty")
    def _compute_show_request(self):
        for statement in self:
            statement.show_request = statement.can_renew and bool(
                statement._get_lines_to_request()
            )

    @api.depends("requested_on", "state")
    def _compute_request_count(self):
        for statement in self:
            statement.request_count = len(statement._find_requests())

    def _get_lines_to_request(self):
        """Return the materials of which more is missing than has been asked for."""
        return self.line_ids._filter_missing().filtered(
            lambda line: (
                line.product_uom_id.compare(
                    line.expected_missing_qty, line.requested_qty
                )
                > 0
            )
        )

    def action_request_purchase(self):
        """Ask purchasing for what is missing and has not been asked for.

        Where Odoo knows a way to buy it, that makes a request for quotation; of the
        rest purchasing gets a list.

        :raise UserError: not one of material control or purchasing, or nothing to buy
        """
        self.check_access("read")
        self._lock()
        self._check_may_renew()
        for statement in self:
            lines = statement._get_lines_to_request()
            if not lines:
                raise UserError(
                    self.env._(
                        "%s: nothing is missing that has not been requested already.",
                        statement.display_name,
                    )
                )
            # who states the material need have no rights in purchasing
            statement.sudo()._request(lines.sudo())

    def _request(self, lines):
        self.ensure_one()
        texts = {line: line._get_text() for line in lines}
        buyable = lines.filtered(lambda line: line._is_buyable())
        if buyable:
            self.env["stock.rule"].with_company(self.company_id).run(
                [line._prepare_procurement() for line in buyable]
            )
        rest = lines - buyable
        if rest:
            self._ask_buyers([texts[line] for line in rest])
        for line in lines:
            line.requested_qty = line.expected_missing_qty
        self.write(
            {
                "requested_on": fields.Datetime.now(),
                "requested_by_id": self.env.uid,
            }
        )
        self._tell(self.env._("%s: purchase requested.", self.name), *texts.values())

    def _ask_buyers(self, texts):
        """Give purchasing the list of what Odoo cannot order by itself."""
        self.ensure_one()
        buyers = self.env["res.users"].union(
            *(role._get_signers() for role in self._get_purchasing_roles())
        )
        if not buyers:
            roles = self.sheet_id._get_material_roles()[self.company_id]
            buyers = buyers.union(*(role._get_signers() for role in roles))
        company = self.company_id
        for user in buyers:
            statement = self.with_context(lang=user.lang)
            statement.activity_schedule(
                BUY_TYPE,
                company._order_desk_date(company._order_desk_plan_hours(8.0)),
                summary=statement.env._("Buy the missing material"),
                note=Markup("<br/>").join(texts),
                user_id=user.id,
                automated=False,  # nothing but the buyer tells when it is done
            )

    # ------------------------------------------------------------- what was requested

    @api.model
    def _get_request_model(self):
        """Return requests for quotation, or None where nobody works with Purchase."""
        return self.env.get("purchase.order")

    def _find_requests(self):
        """Return the purchase orders that these statements have asked for."""
        requests = self._get_request_model()
        names = self.filtered("requested_on").mapped("name")
        if requests is None or not names:
            return self.browse() if requests is None else requests
        return requests.sudo().search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("state", "!=", "cancel")
            & Domain.OR(Domain("origin", "like", name) for name in names)
        )

    @api.model
    def _get_requested(self, sheets):
        """Return what is asked for and not ordered yet: ``{(sheet, product): qty}``.

        What is ordered comes in by Odoo's forecast; what was turned down may be asked
        for again.
        """
        asked = sheets.material_statement_ids.filtered("requested_on")
        requested = defaultdict(float)
        open_products = asked._get_open_products()
        for line in asked.line_ids:
            if line.requested_qty and (
                open_products is None or line.product_id in open_products
            ):
                key = (line.statement_id.sheet_id, line.product_id)
                requested[key] = max(requested[key], line.requested_qty)
        return requested

    def _get_open_products(self):
        """Return what is on requests for quotation, None where there can be none."""
        if self._get_request_model() is None:
            return None
        drafts = self._find_requests().filtered(lambda o: o.state in ("draft", "sent"))
        return drafts.mapped("order_line.product_id")

    def action_view_requests(self):
        """Open the requests for quotation of this statement."""
        self.ensure_one()
        requests = self._find_requests()
        return requests.sudo(False)._get_records_action(
            name=self.env._("Requests for Quotation")
        )


class OrderDeskMaterialLine(models.Model):
    _inherit = "order.desk.material.line"

    def _get_quantity_to_request(self):
        self.ensure_one()
        return self.product_uom_id.round(self.expected_missing_qty - self.requested_qty)

    def _is_buyable(self):
        """Tell whether Odoo knows from whom to buy this material."""
        self.ensure_one()
        procurement = self._prepare_procurement()
        rules = self.env["stock.rule"].with_company(self.company_id)
        rule = rules._get_rule(
            procurement.product_id, procurement.location_id, procurement.values
        )
        # a rule that buys comes with Odoo's own way to choose the supplier
        return rule.action == "buy" and bool(
            rule._get_matching_supplier(
                procurement.product_id,
                procurement.product_qty,
                procurement.product_uom,
                procurement.company_id,
                procurement.values,
            )
        )

    def _prepare_procurement(self):
        self.ensure_one()
        statement, product = self.statement_id, self.product_id
        order = statement.order_id
        warehouse = order.warehouse_id
        company = statement.company_id
        day = max(
            statement.needed_by or company._order_desk_date(),
            company._order_desk_date(),
        )
        return self.env["stock.rule"].Procurement(
            product,
            self._get_quantity_to_request(),
            product.uom_id,
            warehouse.lot_stock_id,
            statement.name,
            statement.name,
            company,
            {
                "warehouse_id": warehouse,
                "company_id": company,
                "date_planned": company._order_desk_next_end_of_work(
                    company._order_desk_to_utc(day, time.min)
                ),
            },
        )
