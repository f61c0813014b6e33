"""Two people deliver at the same moment: one does it whole, the other is told why not.

Some begin at the same moment, over HTTP. Others begin just before the first is done, so
that they still see the database as it was; only cursors side by side show that each
time.
"""

import pytest
from desk.console import Problem
from test_concurrency import at_once

TOOLS = """
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields

company = env.company
known = env.ref("order_desk.sheet_wuhan_3_demo").order_id
sales_admin = env.ref("order_desk.user_salesadmin_demo")
shipper = env.ref("order_desk.user_shipper_demo")
service = env.ref("order_desk.user_service_demo")
claims = env["order.desk.claim"].with_user(service)
requests = env["order.desk.shipping.request"].with_user(sales_admin)
advices = env["order.desk.shipping.advice"].with_user(shipper)
product = env["product.product"].create(
    {"name": "Pump for two", "type": "consu", "is_storable": True}
)


def make(count, parts=1):
    # ten pumps each, released and reserved; how an order gets there is tested elsewhere
    stock = known.warehouse_id.lot_stock_id
    env["stock.quant"]._update_available_quantity(product, stock, 10 * count)
    line = {"product_id": product.id, "product_uom_qty": 10, "price_unit": 0}
    vals = {
        "partner_id": known.partner_id.id,
        "team_id": known.team_id.id,
        "user_id": known.user_id.id,
        "order_line": [Command.create(line)],
    }
    orders = env["sale.order"].create([dict(vals) for _number in range(count)])
    orders.sheet_id.state = "released"
    held = lambda orders: orders.browse()
    with patch.object(type(orders), "_get_order_desk_held", held):
        orders.action_confirm()
    orders.invalidate_recordset()
    for picking in orders.picking_ids if parts > 1 else ():
        picking.do_unreserve()
        twin = picking.copy({"move_ids": [], "move_line_ids": []})
        half = env["stock.move"].create(picking.move_ids._split(5))
        half.picking_id = twin
        half._action_confirm(merge=False)
    orders.picking_ids.action_assign()
    orders.picking_ids.move_ids.picked = True
    return orders


def prepare(orders, quantity=10):
    made = requests.create(
        [
            {
                "partner_id": order.partner_id.commercial_partner_id.id,
                "line_ids": [
                    Command.create(
                        {"sale_line_id": order.order_line.id, "quantity": quantity}
                    )
                ],
            }
            for order in orders
        ]
    )
    made.check_ids.is_looked = True
    return made


def issue(orders, quantity=10):
    made = prepare(orders, quantity)
    made.action_issue()
    return made


def ship(orders):
    made = issue(orders)
    made.with_user(shipper).point_ids.action_confirm()
    orders.picking_ids.with_user(shipper).button_validate()
    return made


def advise(orders):
    drafts = advices.browse(
        made.with_user(shipper).action_make_advice()["res_id"] for made in ship(orders)
    )
    arrival = fields.Datetime.now() + timedelta(days=2)
    drafts.write(
        {"vehicle": "A-1", "package_count": 2, "expected_arrival": arrival}
    )
    return drafts


def send(orders):
    sent = advise(orders)
    sent.action_submit()
    sent = sent.with_user(sales_admin)
    sent.check_ids.action_confirm()
    sent.action_send("print")
    return sent


# money alone, and no shipping requests, is what other tests are about
roles = env["order.desk.role"].with_context(active_test=False)
roles.search([("step", "=", "shipping_request")]).active = True
company.stock_text_confirmation = False  # nobody is sent a text message
# scheduled work that is due would be a third one at the same records
crons = env["ir.cron"].search([]).try_lock_for_update()
crons.nextcall = fields.Datetime.now() + timedelta(days=1)
"""
LATE = """
from odoo import api
from odoo.service import model as service_model


def run(cr, records, method, *arguments):
    # as Odoo does for a request: once more when two were at it at the same moment
    user_env = api.Environment(cr, records.env.uid, {"lang": "en_US"})
    own = records.with_env(user_env)
    try:
        service_model.retrying(lambda: getattr(own, method)(*arguments), user_env)
    except Exception as error:
        cr.rollback()
        return f"{type(error).__name__}: {error}"
    cr.commit()
    return "done"


def late(first, second):
    with env.registry.cursor() as late_cr, env.registry.cursor() as cr:
        late_cr.execute("SELECT 1 FROM res_users")  # it sees what is there now
        answers = [run(cr, *first), run(late_cr, *second)]
    env.cr.rollback()
    env.invalidate_all()
    return answers


def claim(order):
    line = Command.create({"sale_line_id": order.order_line.id, "quantity": 4})
    taken = claims.create(
        {"name": "It leaks", "sheet_id": order.sheet_id.id, "line_ids": [line]}
    )
    taken.action_take()
    return taken


orders = make(3)
advice = send(orders[0])
ship(orders[1])
twice, refused = claim(orders[0]), claim(orders[1])
month = fields.Date.today().replace(day=1)
archive = env["order.desk.archive"].search([("month", "=", month)])
archive = archive or archive.create({"month": month})
archive.action_refresh()
papers = {f"{paper}_state": "there" for paper in ("slip", "advice", "receipt")}
archive.line_ids.write({**papers, "is_filed": True})
archive.state = "handed_over"
env.cr.commit()

service_model.time = type("Clock", (), {"sleep": lambda _seconds: None})
pumps = {twice.line_ids.id: 4}
again = ("action_decide", "resend", pumps)
sheet = orders[2].sheet_id.with_user(sales_admin)
checks = advice.tracking_check_ids.with_user(sales_admin)
late_ones = {
    "decided twice": late((twice, *again), (twice, *again)),
    "resent": len(twice.outcome_ids.resend_order_ids),
    "refused": late(
        (refused, "action_decide", "return", {refused.line_ids.id: 1}),
        (refused, "action_refuse", "No fault of ours"),
    ),
    "signed off": late(
        (archive.line_ids[:1].with_user(sales_admin), "action_unfile"),
        (archive.with_user(service), "action_sign_off"),
    ),
    "prepared": late(
        (sheet, "action_prepare_shipping"), (sheet, "action_prepare_shipping")
    ),
    "drafts": len(orders[2].order_line.shipping_request_line_ids),
    "arrived": late((checks[0], "action_arrived"), (checks[1], "action_on_way")),
    "refused state": refused.state,
    "archive state": archive.state,
}
"""
FACTORY = """
taken_back = issue(make(2))
rivals = make(1)
halves = make(1, parts=2)
issue(halves, quantity=5)
sent = send(make(1))
result = {
    "late": late_ones,
    "taken back": [[one.id, one.picking_ids.id] for one in taken_back],
    "rivals": [prepare(rivals).id, prepare(rivals).id],
    "halves": halves.picking_ids.ids,
    "check": sent.tracking_check_ids[0].id,
    "advice": advise(make(1)).id,
}
env.cr.commit()
"""


@pytest.fixture(scope="module")
def made():
    return {}


@pytest.fixture
def factory(odoo_shell, made):
    """What is shipped here, and what came of those who began late; made once."""
    if not made:
        made.update(odoo_shell(TOOLS + LATE + FACTORY))
    return made


@pytest.fixture
def late(factory):
    """What came of those who began just before the first was done, by name."""
    return factory["late"]


@pytest.fixture
def person(client):
    """Return a function of a login: the call of a method, to be made later."""

    def get_call(login):
        user = client(login)

        def prepare(*call, **context):
            return lambda: user.call(*call, context=context)

        return prepare

    return get_call


@pytest.fixture
def read(client):
    """Return a function that reads one field of records."""
    admin = client("admin")

    def read(model, ids, field):
        return [row[field] for row in admin.call(model, "read", ids, [field])]

    return read


def told(results):
    """Return what the only one who was not served is told, in words."""
    [problem] = [str(result) for result in results if isinstance(result, Problem)]
    assert "Traceback" not in problem
    assert "serialize" not in problem
    return problem


REQUEST = "order.desk.shipping.request"


@pytest.mark.parametrize("number", [0, 1])
def test_request_is_withdrawn_while_the_shipper_validates(
    factory, person, read, number
):
    request, picking = factory["taken back"][number]
    calls = [
        person("salesadmin")(REQUEST, "action_withdraw", [request], "The date moved"),
        person("shipper")("stock.picking", "button_validate", [picking]),
    ]
    message = told(at_once(*calls[:: 1 - 2 * number]))
    states = read(REQUEST, [request], "state") + read(
        "stock.picking", [picking], "state"
    )
    if states == ["shipped", "done"]:
        assert "“Shipped”" in message
    else:
        assert states == ["withdrawn", "assigned"]
        assert "Without a shipping request" in message


def test_two_requests_for_the_same_goods_are_not_both_issued(factory, person, read):
    message = told(
        at_once(
            *(
                person("salesadmin")(REQUEST, "action_issue", [request])
                for request in factory["rivals"]
            )
        )
    )
    assert "neither shipped nor requested elsewhere" in message
    assert sorted(read(REQUEST, factory["rivals"], "state")) == ["draft", "issued"]


def test_two_shippers_do_not_ship_more_than_requested(factory, person, read):
    message = told(
        at_once(
            *(
                person(login)("stock.picking", "button_validate", [picking])
                for login, picking in zip(
                    ("shipper", "warehouse"), factory["halves"], strict=True
                )
            )
        )
    )
    assert "Without a shipping request" in message
    states = read("stock.picking", factory["halves"], "state")
    assert sorted(states) == ["assigned", "done"]


def test_a_check_is_answered_once(factory, person, read):
    check, model = factory["check"], "order.desk.tracking.check"
    message = told(
        at_once(
            person("salesadmin")(model, "action_arrived", [check]),
            person("service")(model, "action_trouble", [check], "The lorry is stuck"),
        )
    )
    assert "already" in message or "at this moment" in message
    assert read(model, [check], "state") == ["done"]


def test_advice_is_handed_in_once_when_the_answer_was_lost(factory, person, read):
    advice, model = factory["advice"], "order.desk.shipping.advice"
    submit = person("shipper")(model, "action_submit", [advice])
    told(at_once(submit, submit))
    with pytest.raises(Problem, match="has been handed in"):
        submit()
    assert read(model, [advice], "state") == ["submitted"]


def test_a_claim_is_decided_once(late):
    first, second = late["decided twice"]
    assert first == "done"
    assert "Resend of 8 Units, but 4 Units is claimed" in second
    assert late["resent"] == 1


def test_a_claim_of_which_something_comes_is_not_refused(late):
    first, second = late["refused"]
    assert first == "done"
    assert "there is an outcome already" in second
    assert late["refused state"] == "working"


def test_an_archive_is_not_signed_off_over_a_paper_taken_out(late):
    first, second = late["signed off"]
    assert first == "done"
    assert "not filed" in second
    assert late["archive state"] == "handed_over"


def test_two_who_prepare_the_same_order_get_the_same_request(late):
    assert late["prepared"] == ["done", "done"]
    assert late["drafts"] == 1


def test_nobody_looks_for_what_has_just_arrived(late):
    first, second = late["arrived"]
    assert first == "done"
    assert "not needed any more" in second
