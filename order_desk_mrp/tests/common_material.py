from datetime import timedelta

from odoo import fields

from .common import OrderDeskMrpCommon


class OrderDeskMaterialCommon(OrderDeskMrpCommon):
    """The small workshop, where material control states the material (SPEC B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles["material_control_manager"].statement = "material"
        cls.supplier = cls.env["res.partner"].create({"name": "Test supplier"})
        for product, days in ((cls.core, 5), (cls.wire, 10), (cls.seal, 3)):
            cls._make_supplier(product, days)

    @classmethod
    def _make_supplier(cls, product, days, **vals):
        return cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.supplier.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "delay": days,
                **vals,
            }
        )

    @classmethod
    def _fill_stock(cls):
        """Put enough of all that is bought into stock."""
        for product in (cls.core, cls.wire, cls.seal):
            cls._put_in_stock(product, 1000)

    @classmethod
    def _state_material(cls, quantity=10, **line_vals):
        """Return the statement of a new order that has got to countersigning."""
        sheet = cls._make_at("countersign", quantity, **line_vals)
        return sheet.material_statement_id

    @classmethod
    def _sign_both(cls, statements):
        """Sign for purchasing where it is asked, then for material control."""
        for statement in statements:
            if statement._awaits_purchasing():
                statement.with_user(cls.buyer).action_sign_purchasing()
        statements.with_user(cls.material).action_sign_material()

    @classmethod
    def _countersign(cls, sheets, without=()):
        done = super()._countersign(sheets, ("material_control_manager", *without))
        if "material_control_manager" not in without:
            cls._sign_both(sheets.material_statement_id)
        return done

    @classmethod
    def _bring_in(cls, product, quantity, days, company=None):
        """Let ``quantity`` arrive in some days; return the move."""
        warehouse = cls.stock_warehouse
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "date": fields.Datetime.now() + timedelta(days=days),
            }
        )
        move._action_confirm()
        return move

    @classmethod
    def _take_out(cls, product, quantity, days=0, reserve=True):
        """Let another order take ``quantity`` in some days; return the move."""
        warehouse = cls.stock_warehouse
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                "picking_type_id": warehouse.out_type_id.id,
                "date": fields.Datetime.now() + timedelta(days=days),
            }
        )
        move._action_confirm()
        move._action_assign()
        if not reserve:
            move._do_unreserve()
        return move

    def _get_line(self, statement, product):
        return statement.line_ids.filtered(lambda line: line.product_id == product)
