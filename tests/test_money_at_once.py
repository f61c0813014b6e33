"""Money and goods move at the same moment: nothing ships unpaid, nobody sees an error.

An order of the demo factory is split into four transfers; each is paid by itself.
"""

import pytest
from desk.console import Problem
from test_concurrency import at_once

SPLIT = """
# money alone is to decide here
env["order.desk.role"].search([("step", "=", "shipping_request")]).active = False
order = env.ref("order_desk.sheet_taichung_demo").order_id
order.company_id.has_received_warning_stock_sms = True  # no dialog about messages
picking = order.picking_ids
parts = 4
picking.do_unreserve()
pickings = picking
for number in range(1, parts):
    twin = picking.copy({"move_ids": [], "move_line_ids": []})
    for move in picking.move_ids:
        part = move.sale_line_id.product_uom_qty / parts
        new = env["stock.move"].create(move._split(part))
        new.picking_id = twin
        new._action_confirm(merge=False)
    pickings += twin
pickings.action_assign()
pickings.move_ids.picked = True
env.cr.commit()
result = {"order": order.id, "pickings": pickings.ids}
"""
INVOICE = """
order = env["sale.order"].browse({order})
due = order._get_shipment_money(
    env["stock.picking"].browse({picking}).move_ids._get_leaving_quantities()
)[order]["due"]
wizard = env["sale.advance.payment.inv"].create({{
    "sale_order_ids": [(6, 0, order.ids)],
    "advance_payment_method": "fixed",
    "fixed_amount": due,
}})
invoice = wizard._create_invoices(order)
invoice.action_post()
env.cr.commit()
result = invoice.id
"""


@pytest.fixture(scope="module")
def parts():
    return {}


@pytest.fixture
def order(odoo_shell, parts):
    """The order in four transfers, split once for all tests."""
    if not parts:
        parts.update(odoo_shell(SPLIT))
    return parts


@pytest.fixture
def ready(client, order):
    """Return the transfers that have not left yet."""
    open_ones = client("admin").call(
        "stock.picking",
        "search",
        [["id", "in", order["pickings"]], ["state", "=", "assigned"]],
    )
    assert open_ones, "every transfer has left already"
    return open_ones


@pytest.fixture
def payment(client, odoo_shell, order, ready):
    """Return a function of an accountant that registers what one transfer owes."""
    invoice = odoo_shell(INVOICE.format(order=order["order"], picking=ready[0]))
    accountant = client("accountant")
    context = {"active_model": "account.move", "active_ids": [invoice]}
    wizard = accountant.call("account.payment.register", "create", {}, context=context)

    def register():
        accountant.call("account.payment.register", "action_create_payments", [wizard])
        [paid] = accountant.call(
            "account.move", "read", [invoice], ["matched_payment_ids"]
        )
        return paid["matched_payment_ids"]

    return register


@pytest.fixture
def ship(client):
    """Return a function that validates a transfer as the shipper."""
    shipper = client("shipper")

    def validate(picking_id):
        shipper.call("stock.picking", "button_validate", [picking_id])
        return picking_id

    return validate


def problems_of(results):
    found = [str(result) for result in results if isinstance(result, Problem)]
    for text in found:
        assert "Traceback" not in text
        assert "serialize" not in text
    return found


def states_of(client, picking_ids):
    rows = client("admin").call("stock.picking", "read", picking_ids, ["state"])
    return sorted(row["state"] for row in rows)


def test_two_shippers_share_money_for_one_transfer(client, ready, payment, ship):
    payment()
    people = [
        ship,
        lambda picking: client("warehouse").call(
            "stock.picking", "button_validate", [picking]
        ),
    ]
    results = at_once(
        *(
            lambda person=person, picking=picking: person(picking)
            for person, picking in zip(people, ready[:2], strict=True)
        )
    )
    [told] = problems_of(results)
    assert "Balance" in told
    assert states_of(client, ready[:2]) == ["assigned", "done"]


def test_a_payment_arrives_while_the_shipper_validates(client, ready, payment, ship):
    paid, shipped = at_once(payment, lambda: ship(ready[0]))
    assert not isinstance(paid, Problem), paid
    if problems_of([shipped]):  # the shipper was first: nothing has left
        assert states_of(client, ready[:1]) == ["assigned"]
        ship(ready[0])
    assert states_of(client, ready[:1]) == ["done"]


def test_a_payment_is_taken_back_while_the_shipper_validates(
    client, ready, payment, ship
):
    payments = payment()
    accountant = client("accountant")
    back, shipped = at_once(
        lambda: accountant.call("account.payment", "action_draft", payments),
        lambda: ship(ready[0]),
    )
    assert not isinstance(back, Problem), back
    if problems_of([shipped]):
        assert states_of(client, ready[:1]) == ["assigned"]
    else:  # it had left before; the next one waits for the money of both
        assert states_of(client, ready[:1]) == ["done"]
    with pytest.raises(Problem, match="Balance"):
        ship(ready[-1])
