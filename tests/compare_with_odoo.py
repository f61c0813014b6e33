#!/usr/bin/env python3
"""Odoo's own tests, with our modules and without: the results must be the same.

Runs the tests of the modules ours build on, once on a database with Odoo's modules
only and once on the same with ours, and compares them test by test. A test that comes
out differently is run again alone on both sides, so that a browser test that stumbles
once is no difference.

Odoo runs most tests while it loads a module, before those installed later are there.
Here all of them run with all modules loaded, as only then ours have a say. Those that
do not pass then on plain Odoo either show nothing.
"""

import argparse
import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from desk.console import Problem, run_main, say
from desk.database import PREGENERATE, Databases
from desk.environment import Environment
from desk.processes import free_port, run_odoo
from desk.testing import RESULT, check_browser

STARTING = re.compile(r"Starting (\S+) \.\.\.")
SKIPPED = re.compile(r"skipped (\S+) : (.*)", re.S)
FAILED = re.compile(r"(FAIL|ERROR): (?:Subtest )?(.+)")
STATS = re.compile(r"^\t(\S+\.test_\w+): ([\d.]+)s (\d+) queries$", re.M)
TEST_MODULE = re.compile(r"odoo\.addons\.(\w+)\.tests\.(\w+)")
POST_INSTALL = "-at_install"
# the others, on an Odoo that has loaded everything
AT_INSTALL = """
import logging

from odoo.tests import loader
from odoo.tools import config

config["test_enable"] = True
config["test_tags"] = {tags!r}
env.cr.rollback()
result = loader.run_suite(loader.make_suite({modules!r}, "at_install"))
result.log_stats()
logging.getLogger("odoo.tests.result").info("%s", result)
"""
#: outcomes
FAIL, LOGGED, SKIP, PASS = "failed", "logged an error", "skipped", "passed"

MODULES = (
    "sale",
    "sale_management",
    "sale_stock",
    "stock",
    "portal",
    "mrp",
    "sale_mrp",
    "delivery",
    "stock_delivery",
)
FULL = ",".join(f"/{module}" for module in MODULES)
#: without a browser: what our modules extend, orders, their lines and procurement
QUICK = ",".join(
    (
        "/mrp:TestMrpOrder",
        "-/mrp:TestMrpOrder.test_basic",  # fails on plain Odoo, too, fully loaded
        "/portal:TestPortalAddresses",
        "/portal:TestUsersHttp",
        "/sale:TestSaleOrder",
        "/sale:TestSaleOnchanges",
        "/sale:TestSalePayment",
        "/sale:TestSalePrices",
        "/sale:TestSalesTeam",
        "/sale_management:TestSaleOrder",
        "/sale_management:TestSaleOrderTemplate",
        "/sale_mrp",
        "/sale_stock:TestSaleExpectedDate",
        "/sale_stock:TestSaleStock",
        "/sale_stock:TestSaleStockLeadTime",
        "/sale_stock:TestSaleStockMultiCompany",
        "/stock:TestPackagePropagation",
        "/stock:TestStockFlowPostInstall",
        "/stock_delivery",
    )
)


@dataclass
class Outcome:
    """What one test came to on one side."""

    status: str = PASS
    reason: str = ""
    seconds: float = 0.0
    queries: int = 0


@dataclass
class Side:
    """One side of the comparison: its title, its database and its tests' outcomes."""

    title: str
    database: str
    outcomes: dict = field(default_factory=dict)

    def count(self, status):
        return sum(outcome.status == status for outcome in self.outcomes.values())


@dataclass
class Comparison:
    """Both sides, and what differs between them."""

    stock: Side
    own: Side
    differences: dict = field(default_factory=dict)
    unsteady: dict = field(default_factory=dict)

    def __post_init__(self):
        self.differences = compare(self.stock.outcomes, self.own.outcomes)


def main(arguments=None):
    """Compare, print what was found, return the exit code."""
    options = _parse(arguments)
    tags = options.tags or (QUICK if options.quick else FULL)
    comparison = run(Environment(), tags, browser=not options.quick)
    show(comparison)
    if options.json:
        options.json.write_text(json.dumps(_as_json(comparison), indent=1))
    return 1 if comparison.differences else 0


def _parse(arguments):
    parser = argparse.ArgumentParser(
        description="Run Odoo's own tests of "
        f"{', '.join(MODULES)} with our modules and without, and compare.",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a selection without a browser, for CI"
    )
    parser.add_argument(
        "--tags",
        help="other tests than the usual ones, as Odoo's --test-tags takes them",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write every outcome to this file"
    )
    return parser.parse_args(arguments)


def run(environment, tags, browser=False):
    """Run the tests ``tags`` on both sides and return the :class:`Comparison`.

    :param browser: the tests take a browser, so have one and its bundles ready
    """
    environment.ensure(
        *("odoo", "python", "postgres", "fonts"), *(["browser"] if browser else [])
    )
    environment.postgres.start()
    if browser:
        check_browser(environment)
    databases = Databases(environment)
    stock = Side("plain Odoo", databases.test_name())
    own = Side("with order desk", databases.test_name())
    try:
        databases.copy(databases.base(), stock.database)
        databases.copy(databases.ready(demo=False), own.database)
        if browser:  # one after the other: tours on a busy machine stumble
            for side in (stock, own):
                databases.shell(side.database, PREGENERATE).check("Making the bundles")
                side.outcomes = _run_tests(environment, side, tags)
        else:
            with ThreadPoolExecutor() as pool:
                arguments = [environment] * 2, (stock, own), [tags] * 2
                stock.outcomes, own.outcomes = pool.map(_run_tests, *arguments)
        comparison = Comparison(stock, own)
        _run_again(environment, comparison)
    finally:
        for side in (stock, own):
            databases.drop(side.database)
    return comparison


def _run_tests(environment, side, tags):
    """Run Odoo's tests on one side; return ``{test: Outcome}``."""
    arguments = ["-d", side.database, "--log-handler", "odoo.tests.stats:DEBUG"]
    after = ["--stop-after-init", "--test-tags", f"{tags},{POST_INSTALL}"]
    after += ["--http-port", free_port()]
    shell = ["shell", *arguments, "--no-http", "--shell-interface", "python"]
    code = AT_INSTALL.format(tags=tags, modules=list(MODULES))
    outcomes = {}
    for kind, command, script in (
        ("after", [*arguments, *after], None),
        ("during", shell, code),
    ):
        log = environment.cache / f"logs/{side.database}_{kind}.log"
        environment.progress.plan(1)
        title = f"Odoo's tests {kind} installation, {side.title}"
        with environment.progress.step(title) as report:
            result = run_odoo(
                environment, *command, log=log, report=report, code=script
            )
        say(f"Log: {log}")
        outcomes.update(read_outcomes(result))
    return outcomes


def _run_again(environment, comparison):
    """Run what differs again, alone; a result that changes then is unsteady."""
    # a class that could not be set up has no test to name
    names = [name for name in comparison.differences if name.count(".") == 3]
    if not names:
        return
    tags = ",".join(_tag(name) for name in names)
    outcomes = [
        _run_tests(environment, side, tags)
        for side in (comparison.stock, comparison.own)
    ]
    again = compare(*outcomes)
    for name in names:
        ran = all(name in side for side in outcomes)
        if ran and name not in again:
            comparison.unsteady[name] = comparison.differences.pop(name)


def _tag(name):
    """Return the --test-tags of ``module.file.Class.method``."""
    module, file, test_class, method = name.split(".")
    return f"/{module}/tests/{file}.py:{test_class}.{method}"


# ----------------------------------------------------------------------
# Reading the log
# ----------------------------------------------------------------------


def read_outcomes(result):
    """Return ``{test: Outcome}`` from the log of a run of Odoo's tests.

    A test's name is ``module.file.Class.method``.

    :raise Problem: Odoo did not come to the end of its tests
    """
    outcomes, running = {}, None
    for entry in result.entries:
        module = TEST_MODULE.match(entry.logger)
        if module and (found := STARTING.match(entry.text)):
            running = _name(module, found[1])
            outcomes[running] = Outcome()
        elif module and (found := SKIPPED.match(entry.text)):
            # a class skipped as a whole does not start its tests
            outcomes[_name(module, found[1])] = Outcome(SKIP, found[2])
        elif entry.level == "ERROR" and (found := FAILED.match(entry.text)):
            name = _name(module, found[2].split()[0]) if module else found[2]
            outcomes[name] = Outcome(FAIL, entry.text)
        elif entry.level in ("ERROR", "CRITICAL") and running:
            if entry.logger != "odoo.tests.result" and outcomes[running].status == PASS:
                outcomes[running] = Outcome(LOGGED, str(entry))
        elif entry.logger == "odoo.tests.stats":
            for name, seconds, queries in STATS.findall(entry.text):
                if name in outcomes:
                    outcomes[name].seconds = float(seconds)
                    outcomes[name].queries = int(queries)
    if not any(
        entry.logger == "odoo.tests.result" and RESULT.search(entry.text)
        for entry in result.entries
    ):
        tail = "\n".join(map(str, result.problems() or result.entries[-8:]))
        raise Problem(
            f"Odoo did not come to the end of its tests:\n{tail}",
            f"the whole log is in {result.log}",
        )
    return outcomes


def _name(module, test):
    return f"{module[1]}.{module[2]}.{test}"


# ----------------------------------------------------------------------
# Comparing
# ----------------------------------------------------------------------


def compare(stock, own):
    """Return ``{test: (outcome, outcome)}`` of the tests that came out differently.

    A test that ran on one side only has None for the other.
    """
    return {
        name: (stock.get(name), own.get(name))
        for name in sorted({*stock, *own})
        if name not in stock
        or name not in own
        or stock[name].status != own[name].status
    }


def show(comparison):
    """Print both sides and what differs."""
    say()
    for side in (comparison.stock, comparison.own):
        counts = ", ".join(
            f"{side.count(status)} {status}" for status in (PASS, FAIL, LOGGED, SKIP)
        )
        seconds = sum(outcome.seconds for outcome in side.outcomes.values())
        say(f"{side.title:16} {len(side.outcomes):5} tests: {counts}, {seconds:.0f} s")
    _show_alike(comparison)
    _show_queries(comparison)
    for name in comparison.unsteady:
        say(f"\n~ {name}: differed once, and was the same when run again alone")
    for name, outcomes in comparison.differences.items():
        say(f"\n✗ {name}")
        for side, outcome in zip(
            (comparison.stock, comparison.own), outcomes, strict=True
        ):
            reason = "\n".join(outcome.reason.splitlines()[-12:]) if outcome else ""
            say(f"  {side.title}: {outcome.status if outcome else 'did not run'}")
            say("\n".join(f"    {line}" for line in reason.splitlines()))
    say(f"\n{len(comparison.differences)} tests differ.")


def _show_alike(comparison):
    """Print the tests that do not pass on either side: they show nothing."""
    for name, outcome in sorted(comparison.stock.outcomes.items()):
        other = comparison.own.outcomes.get(name)
        if outcome.status != PASS and other and other.status == outcome.status:
            reason = outcome.reason.strip().splitlines()[-1:] or [""]
            say(f"  on both sides {outcome.status}: {name}: {reason[0][:150]}")


def _show_queries(comparison, most=12):
    """Print the tests in which our modules cost the most SQL queries."""
    more = {
        name: (outcome.queries, comparison.own.outcomes[name].queries)
        for name, outcome in comparison.stock.outcomes.items()
        if name in comparison.own.outcomes
        and comparison.own.outcomes[name].queries > outcome.queries
    }
    total = [
        sum(outcome.queries for outcome in side.outcomes.values())
        for side in (comparison.stock, comparison.own)
    ]
    say(f"SQL queries of all tests: {total[0]} and {total[1]}; most more in:")
    most_first = sorted(more.items(), key=lambda item: item[1][0] - item[1][1])
    for name, (stock, own) in most_first[:most]:
        say(f"  {own - stock:+5} ({stock} → {own}) {name}")


def _as_json(comparison):
    return {
        "sides": {
            side.title: {name: vars(outcome) for name, outcome in side.outcomes.items()}
            for side in (comparison.stock, comparison.own)
        },
        "different": sorted(comparison.differences),
        "unsteady": sorted(comparison.unsteady),
    }


if __name__ == "__main__":
    run_main(main)
