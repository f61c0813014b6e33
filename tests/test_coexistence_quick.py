"""Odoo's own tests give the same result with our modules as without: a selection.

``tests/compare_with_odoo.py`` without ``--quick`` compares all of them.
"""

from compare_with_odoo import FAIL, QUICK, SKIP, compare, read_outcomes, run
from desk.processes import Entry, Result

FEWEST = 150  # tests of the selection; fewer means that Odoo did not find them


def test_quick_selection(environment, databases):
    comparison = run(environment, QUICK)
    assert not comparison.differences
    assert len(comparison.stock.outcomes) >= FEWEST
    assert not comparison.own.count(FAIL)


SALE = "odoo.addons.sale.tests.test_a"
LOG = (
    ("INFO", SALE, "Starting TestA.test_good ..."),
    ("INFO", SALE, "Starting TestA.test_bad ..."),
    ("ERROR", SALE, "FAIL: TestA.test_bad\nTraceback"),
    ("INFO", SALE, "Starting TestA.test_sub ..."),
    ("ERROR", SALE, "FAIL: Subtest TestA.test_sub (x=1)\nTraceback"),
    ("INFO", SALE, "skipped TestA.test_no : why"),
    ("ERROR", "odoo.tests.suite", "ERROR: setUpClass (odoo.addons.sale.tests.b.B)"),
    ("ERROR", "odoo.tests.result", "2 failed, 1 error(s) of 3 tests"),
)


def test_outcomes_are_read_from_the_log():
    outcomes = read_outcomes(Result(1, [Entry(*line) for line in LOG]))
    failed = {name for name, outcome in outcomes.items() if outcome.status == FAIL}
    assert failed == {
        "sale.test_a.TestA.test_bad",
        "sale.test_a.TestA.test_sub",
        "setUpClass (odoo.addons.sale.tests.b.B)",
    }
    assert outcomes["sale.test_a.TestA.test_no"].status == SKIP
    good = {"sale.test_a.TestA.test_good": outcomes["sale.test_a.TestA.test_good"]}
    assert set(compare(good, outcomes)) == set(outcomes) - set(good)
    assert not compare(outcomes, outcomes)
