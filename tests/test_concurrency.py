"""Two people do the same thing at the same moment: one does it, the other is told."""

import threading

import pytest
from desk.console import Problem

STATE = [["state", "=", "countersign"]]


@pytest.fixture
def sheet(client):
    """A sheet that waits for the chief engineer, with two people who may sign."""
    admin = client("admin")
    [role] = admin.call(
        "order.desk.role", "search", [["code", "=", "chief_engineer"]], limit=1
    )
    users = admin.call(
        "res.users", "search", [["login", "in", ["engineer", "inspector"]]]
    )
    admin.call("order.desk.role", "write", [role], {"user_ids": [[6, 0, users]]})
    for sheet_id in admin.call("order.desk.sheet", "search", STATE):
        taken = admin.call(
            "order.desk.signature",
            "search_count",
            [["sheet_id", "=", sheet_id], ["role_id", "=", role]],
        )
        if not taken:
            return sheet_id, role
    raise AssertionError("the demo factory has no sheet for the chief engineer")


def at_once(*calls):
    """Run the calls at the same moment; return what each gave or what went wrong."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(index, call):
        barrier.wait()
        try:
            results[index] = call()
        except Problem as problem:
            results[index] = problem

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_signers_of_one_role_leave_one_signature(client, sheet):
    sheet_id, role = sheet
    people = [client(login) for login in ("engineer", "inspector")]
    results = at_once(
        *(
            lambda person=person: person.call(
                "order.desk.sheet", "action_sign", [sheet_id], role, "Feasible", False
            )
            for person in people
        )
    )
    problems = [result for result in results if isinstance(result, Problem)]
    assert len(problems) == 1, "one of the two is told"
    assert "Traceback" not in str(problems[0])
    assert str(problems[0])
    signatures = client("admin").call(
        "order.desk.signature",
        "search_count",
        [["sheet_id", "=", sheet_id], ["role_id", "=", role]],
    )
    assert signatures == 1


@pytest.fixture
def unconfirmed(client):
    """A sheet that waits for its customer, with two people who may waive that."""
    admin = client("admin")
    users = admin.call(
        "res.users", "search", [["login", "in", ["engineer", "inspector"]]]
    )
    admin.call(
        "order.desk.waiver.right",
        "create",
        [{"condition": "confirmation", "user_ids": [[6, 0, users]]}],
    )
    sheets = admin.call(
        "order.desk.sheet",
        "search_read",
        [["state", "=", "confirming"], ["waiver_ids", "=", False]],
        ["confirmation_state"],
    )
    return next(s["id"] for s in sheets if s["confirmation_state"] != "verified")


def test_two_who_waive_the_same_condition_leave_one_waiver(client, unconfirmed):
    people = [client(login) for login in ("engineer", "inspector")]
    results = at_once(
        *(
            lambda person=person: person.call(
                "order.desk.sheet",
                "action_waive",
                [unconfirmed],
                "production",
                "confirmation",
                "Confirmed by phone",
                "The return copy",
                "2099-12-31",
            )
            for person in people
        )
    )
    problems = [result for result in results if isinstance(result, Problem)]
    assert len(problems) == 1, "one of the two is told"
    assert "Traceback" not in str(problems[0])
    waivers = client("admin").call(
        "order.desk.waiver", "search_count", [["sheet_id", "=", unconfirmed]]
    )
    assert waivers == 1


def test_two_supervisors_decide_once_about_a_class(client):
    request = ask_for_class(client("sales"))
    results = at_once(
        lambda: client("service").call(
            "order.desk.class.change", "action_accept", [request]
        ),
        lambda: client("admin").call(
            "order.desk.class.change", "action_decline", [request], "Not yet"
        ),
    )
    problems = [result for result in results if isinstance(result, Problem)]
    assert len(problems) == 1, "one of the two is told"
    assert "Traceback" not in str(problems[0])
    assert "decid" in str(problems[0])
    [change] = client("admin").call(
        "order.desk.class.change", "read", [request], ["state", "decided_by_id"]
    )
    assert change["state"] in ("applied", "declined")
    assert change["decided_by_id"]


def ask_for_class(seller):
    """Have a salesperson ask for the least strict class; return the request."""
    [laxest] = seller.call("order.desk.customer.class", "search", [], limit=1)
    asked = seller.call(
        "order.desk.class.change",
        "search_read",
        [["state", "=", "open"]],
        ["partner_id"],
    )
    [customer] = seller.call(
        "res.partner",
        "search",
        [
            ["id", "not in", [change["partner_id"][0] for change in asked]],
            ["is_company", "=", True],
            ["order_desk_class_id", "not in", [False, laxest]],
        ],
        limit=1,
    )
    vals = {
        "partner_ids": [[6, 0, [customer]]],
        "new_class_id": laxest,
        "reason": "Pays on the day",
    }
    [dialog] = seller.call("order.desk.class.change.ask", "create", [vals])
    seller.call("order.desk.class.change.ask", "action_change", [dialog])
    [request] = seller.call(
        "order.desk.class.change", "search", [["kind", "=", "request"]], limit=1
    )
    return request
