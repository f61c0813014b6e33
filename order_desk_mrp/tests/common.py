from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.order_desk.tests.common import OrderDeskCommon


class OrderDeskMrpCommon(OrderDeskCommon):
    """A small workshop: one person per role and a pump made to order, of three levels.

    The pump takes one motor and two seals; the motor one rotor and 0.5 kg of wire; the
    rotor one core. Motor and rotor are made to order, the rest is bought.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._enable_workshop()
        cls._enable_workshop_roles()
        cls.stock_warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        make_to_order = cls.stock_warehouse.mto_pull_id.route_id
        make_to_order.active = True
        cls.made_to_order = (
            make_to_order | cls.stock_warehouse.manufacture_pull_id.route_id
        )
        cls.rotor, cls.motor, cls.core, cls.wire, cls.seal = cls.env[
            "product.product"
        ].create(
            [
                {"name": f"Test {name}", "type": "consu", "is_storable": True}
                for name in ("rotor", "motor", "core", "wire", "seal")
            ]
        )
        for product in (cls.pump, cls.motor, cls.rotor):
            product.route_ids = cls.made_to_order
        cls.workcenter = cls.env["mrp.workcenter"].create(
            {"name": "Test assembly", "resource_calendar_id": cls._get_calendar().id}
        )
        cls.rotor_bom = cls._make_bom(cls.rotor, {cls.core: 1})
        cls.motor_bom = cls._make_bom(cls.motor, {cls.rotor: 1, cls.wire: 0.5})
        cls.pump_bom = cls._make_bom(
            cls.pump, {cls.motor: 1, cls.seal: 2}, operation="Assemble"
        )

    @classmethod
    def _get_calendar(cls):
        return cls.env.company.resource_calendar_id

    @classmethod
    def _enable_workshop(cls):
        cls.env.user.group_ids |= cls.env.ref("mrp.group_mrp_routings")
        for name, groups in (
            ("supervisor", "mrp.group_mrp_user"),
            ("worker", "mrp.group_mrp_user"),
            ("inspector", "mrp.group_mrp_user"),
            ("buyer", "base.group_user"),
            ("draughtsman", "mrp.group_mrp_manager"),
            ("sales_admin", "order_desk.group_order_desk_clerk"),
            ("service", "base.group_user"),
            ("marketing", "base.group_user"),
        ):
            user = new_test_user(
                cls.env,
                login=f"odm_{name}",
                name=f"Test {name}",
                groups=groups,
                tz="Asia/Shanghai",
            )
            setattr(cls, name, user)

    @classmethod
    def _enable_workshop_roles(cls):
        people = {
            "engineer": cls.draughtsman,
            "purchasing": cls.buyer,
            "production_supervisor": cls.supervisor,
            "inspector": cls.inspector,
            "sales_admin": cls.sales_admin,
            "customer_service_supervisor": cls.service,
            "marketing_director": cls.marketing,
        }
        roles = cls.env["order.desk.role"].with_context(active_test=False)
        for role in roles.search([("company_id", "=", cls.env.company.id)]):
            if role.code in people:
                role.write({"user_ids": people[role.code].ids, "active": True})
                cls.roles[role.code] = role

    @classmethod
    def _make_bom(cls, product, components, operation=False, **values):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in components.items()
                ],
                "operation_ids": [
                    Command.create(
                        {
                            "name": operation,
                            "workcenter_id": cls.workcenter.id,
                            "time_cycle_manual": 30,
                        }
                    )
                ]
                if operation
                else [],
                **values,
            }
        )

    @classmethod
    def _put_in_stock(cls, product, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.stock_warehouse.lot_stock_id, quantity, lot_id=lot
        )

    @classmethod
    def _get_productions(cls, sheet, product=None):
        """Return the manufacturing orders of what is ordered, or of ``product``."""
        productions = cls.env["mrp.production"].search([("sheet_id", "in", sheet.ids)])
        products = product or sheet.order_line.product_id
        return productions.filtered(lambda order: order.product_id in products)
