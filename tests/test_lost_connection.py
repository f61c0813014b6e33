"""The connection is lost while a manager signs on the phone.

The manager is told, nothing is signed twice, and nothing has to be entered again.
"""

from datetime import datetime, timedelta

import pytest

MANAGER = "Chen Guoqiang"
LOST = ".o_notification:has-text('Connection lost')"
BACK = ".o_notification:has-text('Connection restored')"
SIGNED = ".o_notification:has-text('Signed')"
CONFIRM = ".modal .o_order_desk_confirm"
CARD = ".o_order_desk_to_sign .o_kanban_record"


@pytest.fixture
def sheet(client):
    """A sheet that waits for the general manager's countersignature: id and order."""
    clerk = client("clerk")
    [known] = clerk.call(
        "order.desk.sheet",
        "search_read",
        [["state", "=", "countersign"]],
        ["order_id"],
        limit=1,
    )
    [order_id] = clerk.call("sale.order", "copy", [known["order_id"][0]])
    delivery = datetime.now() + timedelta(days=60)
    clerk.call("sale.order", "write", [order_id], {"commitment_date": f"{delivery:%F}"})
    [sheet] = clerk.call(
        "order.desk.sheet", "search_read", [["order_id", "=", order_id]], ["order_id"]
    )
    for login, method in (
        ("clerk", "action_submit"),
        ("salesadmin", "action_check"),
        ("gm", "action_approve"),
    ):
        client(login).call("order.desk.sheet", method, [sheet["id"]])
    return sheet["id"], sheet["order_id"][1]


@pytest.fixture
def count_signatures(client, sheet):
    """Return a function that counts the general manager's countersignatures."""
    domain = [
        ["sheet_id", "=", sheet[0]],
        ["role_id.code", "=", "general_manager"],
    ]
    return lambda: client("admin").call("order.desk.signature", "search_count", domain)


@pytest.fixture
def card(phone, login, sheet):
    """The sheet's card on the general manager's phone."""
    login(phone, "gm")
    phone.goto("/odoo/order-desk-to-sign")
    card = phone.locator(CARD, has_text=sheet[1])
    card.wait_for()
    return card


def open_dialog(phone, card, name="action_open_sign"):
    card.locator(f"button[name={name}]").tap()
    phone.locator(CONFIRM).wait_for()


def lose_answer(phone):
    """Let the server do the next thing it is asked for, but lose its answer."""

    def lose(route):
        route.fetch()
        route.abort("connectionreset")

    phone.route("**/order.desk.sheet.sign/action_confirm", lose, times=1)


def read_error(phone):
    """Return the message of the server, and close it."""
    dialog = phone.locator(".o_error_dialog")
    message = dialog.locator(".modal-body").inner_text()
    dialog.locator(".modal-footer button").first.tap()
    dialog.wait_for(state="detached")
    return message


def test_signing_without_connection_signs_once_when_it_is_back(
    phone, card, count_signatures
):
    open_dialog(phone, card)
    phone.context.set_offline(True)
    phone.locator(CONFIRM).tap()
    phone.locator(LOST).first.wait_for()
    assert count_signatures() == 0
    phone.locator(CONFIRM).tap()
    assert count_signatures() == 0

    phone.context.set_offline(False)
    phone.locator(BACK).first.wait_for()
    phone.locator(CONFIRM).tap()
    phone.locator(SIGNED).wait_for()
    card.wait_for(state="detached")
    assert count_signatures() == 1


@pytest.fixture
def asks_for_a_text(client):
    """Let material control state the material in words, not in a document."""
    admin, role = client("admin"), "order.desk.role"
    ids = admin.call(role, "search", [["code", "=", "material_control_manager"]])
    admin.call(role, "write", ids, {"statement": "text"})
    yield
    admin.call(role, "write", ids, {"statement": "material"})


def test_statement_survives_the_lost_connection(
    phone, login, client, sheet, asks_for_a_text
):
    login(phone, "material")
    phone.goto("/odoo/order-desk-to-sign")
    open_dialog(phone, phone.locator(CARD, has_text=sheet[1]))
    statement = phone.locator(".modal [name=statement_text] input")
    statement.fill("All on hand")
    phone.context.set_offline(True)
    phone.locator(CONFIRM).tap()
    phone.locator(LOST).first.wait_for()
    assert statement.input_value() == "All on hand"

    phone.context.set_offline(False)
    phone.locator(BACK).first.wait_for()
    phone.locator(CONFIRM).tap()
    phone.locator(SIGNED).wait_for()
    stated = client("admin").call(
        "order.desk.signature",
        "search_read",
        [["sheet_id", "=", sheet[0]], ["statement", "!=", False]],
        ["statement"],
    )
    assert [signature["statement"] for signature in stated] == ["All on hand"]


def test_lost_answer_tells_who_has_signed_and_when(phone, card, count_signatures):
    open_dialog(phone, card)
    lose_answer(phone)
    phone.locator(CONFIRM).tap()
    phone.locator(LOST).first.wait_for()
    assert count_signatures() == 1, "the server has signed, only its answer is lost"

    phone.locator(CONFIRM).tap()
    message = read_error(phone)
    assert f"signed for General Manager already, by {MANAGER} on " in message
    assert count_signatures() == 1
    phone.locator(".modal-footer button", has_text="Close").tap()
    card.wait_for(state="detached")


def test_lost_answer_to_a_refusal_tells_who_has_refused(phone, card, client, sheet):
    open_dialog(phone, card, "action_open_refuse")
    phone.locator(".modal [name=note] textarea").last.fill("The date is too early")
    lose_answer(phone)
    phone.locator(CONFIRM).tap()
    phone.locator(LOST).first.wait_for()
    phone.locator(CONFIRM).tap()
    assert f"refused for General Manager already, by {MANAGER} on " in read_error(phone)
    [found] = client("admin").call(
        "order.desk.sheet", "read", [sheet[0]], ["state", "revision"]
    )
    assert (found["state"], found["revision"]) == ("draft", 2)
