from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.order_desk.tests.at_hand import at_hand
from odoo.addons.order_desk.tests.common import OrderDeskCommon


class OrderDeskDeliveryCommon(OrderDeskCommon):
    """A small dispatch department: one person per role, and a pump in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, groups in (
            ("sales_admin", "order_desk.group_order_desk_clerk"),
            ("shipper", "stock.group_stock_user"),
            ("followup", "order_desk.group_order_desk_clerk"),
            ("service", "order_desk.group_order_desk_supervisor"),
        ):
            user = new_test_user(
                cls.env,
                login=f"odd_{name}",
                name=f"Test {name}",
                groups=groups,
                tz="Asia/Shanghai",
            )
            setattr(cls, name, user)
        people = {
            "shipping_request": cls.sales_admin,
            "shipper": cls.shipper,
            "followup_clerk": cls.followup,
            "customer_service": cls.service,
        }
        roles = cls.env["order.desk.role"].with_context(active_test=False)
        for role in roles.search([("company_id", "=", cls.env.company.id)]):
            if role.code in people:
                role.write({"user_ids": people[role.code].ids, "active": True})
                cls.roles[role.code] = role
        cls.stock_warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls._put_in_stock(cls.pump, 1000)

    @contextmanager
    def assert_refused(self, text):
        """Check that goods may not leave, and that nothing has changed after."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), text)

    @classmethod
    def _make_site(cls, name, **vals):
        """Return another address of the customer's."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": cls.customer.id,
                "type": "delivery",
                "street": "7 Site Street",
                "city": "Ningbo",
                "country_id": cls.customer.country_id.id,
                **vals,
            }
        )

    @classmethod
    def _put_in_stock(cls, product, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.stock_warehouse.lot_stock_id, quantity, lot_id=lot
        )

    @classmethod
    @at_hand
    def _make_released(cls, quantity=10, **line_vals):
        """Return the sheet of an order that is released and in stock."""
        return cls._make_at("released", quantity, **line_vals)

    @classmethod
    def _request(cls, sheets, quantities=None):
        """Return a shipping request that is prepared for these sheets.

        :param quantities: ``{order line: quantity}``, by default all that is ordered
        """
        lines = sheets.order_line.filtered(lambda line: not line.display_type)
        quantities = quantities or {line: line.product_uom_qty for line in lines}
        return (
            cls.env["order.desk.shipping.request"]
            .with_user(cls.sales_admin)
            .create(
                {
                    "partner_id": sheets.partner_id.commercial_partner_id.id,
                    "line_ids": [
                        Command.create({"sale_line_id": line.id, "quantity": quantity})
                        for line, quantity in quantities.items()
                    ],
                }
            )
        )

    @classmethod
    def _issue(cls, sheets, quantities=None):
        """Return an issued shipping request for these sheets."""
        request = cls._request(sheets, quantities)
        request.check_ids.is_looked = True
        request.action_issue()
        return request

    @classmethod
    def _ship(cls, sheets, quantity=None):
        """Let the shipper validate the open transfers of these sheets.

        :param quantity: of each move, by default all of it; the rest is back-ordered
        """
        pickings = sheets.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        pickings.with_user(cls.shipper).with_context(
            skip_backorder=True
        ).button_validate()
        return pickings

    def _pick(self, pickings, quantity=None):
        """Have the moves of ``pickings`` picked; return them as the shipper's."""
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        return pickings.with_user(self.shipper)
