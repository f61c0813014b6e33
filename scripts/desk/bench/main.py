"""scripts/bench: prepares databases, measures, prints tables."""

import argparse
import importlib
import json
from dataclasses import asdict
from pathlib import Path

from ..console import Problem, say
from ..database import Databases
from ..environment import Environment

FIGURES = {  # name on the command line: module
    "confirm": "confirm",
    "sign": "sign",
    "release": "release",
    "list": "listing",
    "inbox": "inbox",
    "tiers": "tiers",
    "money": "money",
    "risk": "risk",
    "daily": "daily",
    "material": "material",
    "tracking": "tracking",
    "ship": "ship",
}
SCRIPTS = Path(__file__).resolve().parents[2]
CALL = """
import json, sys
sys.path.insert(0, {scripts!r})
from desk.bench import {module}
result = {module}.{function}(env, **json.loads({arguments!r}))
print("\\nRESULT", json.dumps(result))
"""


class Bench:
    """What a figure needs: databases to measure on, and a way to run code in them.

    :param orders: how many orders, None for the figure's usual number
    :param rounds: how often each measurement is repeated
    """

    def __init__(self, environment, orders=None, rounds=None):
        self.environment = environment
        self.databases = Databases(environment)
        self.orders = orders
        self.rounds = rounds
        self._names = []
        self._addons = []

    def plain(self):
        """Return the name of a new database with Odoo's modules only."""
        return self._copy(self.databases.base())

    def own(self):
        """Return the name of a new database with our modules, without demo data."""
        return self._copy(self.databases.ready(demo=False))

    def peer(self, modules):
        """Return the name of a new database with Odoo's modules and those of others."""
        self.environment.ensure("peers")
        self._addons = [self.environment.peers / "odoo/addons"]
        name = self.plain()
        self.environment.progress.plan(1)
        with self.environment.progress.step(f"Database with {', '.join(modules)}"):
            self.databases.install_others(name, modules, self._addons)
        return name

    def _copy(self, template):
        name = self.databases.test_name()
        self._names.append(name)
        self.databases.copy(template, name)
        return name

    def measure(self, title, database, function, **arguments):
        """Call a function of a figure's module inside Odoo and return its result.

        :param function: gets ``env`` of ``database`` and the ``arguments``; both these
            and what it returns must be JSON
        """
        code = CALL.format(
            scripts=str(SCRIPTS),
            module=function.__module__.rpartition(".")[2],
            function=function.__name__,
            arguments=json.dumps(arguments),
        )
        self.environment.progress.plan(1)
        with self.environment.progress.step(title):
            outcome = self.databases.shell(database, code, self._addons)
        lines = "\n".join(entry.text for entry in outcome.entries).splitlines()
        results = [line for line in lines if line.startswith("RESULT ")]
        if not results:
            raise Problem(
                "The measurement failed:\n" + "\n".join(lines[-25:]),
                f"the whole log is in {outcome.log}",
            )
        return json.loads(results[-1].removeprefix("RESULT "))

    def close(self):
        """Drop the databases."""
        for name in self._names:
            self.databases.drop(name)


def main(arguments=None):
    """Measure what the command line asks for; a target missed is no failure."""
    options = _parse(arguments)
    figures = {
        name: importlib.import_module(f"{__package__}.{FIGURES[name]}")
        for name in options.figure or FIGURES
    }
    if options.list:
        for name, module in figures.items():
            say(f"  {name:10} {module.TITLE}")
        return 0
    environment = Environment()
    environment.ensure("odoo", "python", "postgres", "fonts")
    environment.postgres.start()
    tables = []
    for module in figures.values():
        tables += _run(module, environment, options)
    if options.json:
        options.json.write_text(
            json.dumps([asdict(table) for table in tables], indent=1)
        )
    _sum_up(tables)
    return 0


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure what the order desk costs, side by side with plain Odoo, "
        "on databases made for it. Without a FIGURE: all of them.",
    )
    parser.add_argument(
        "figure", nargs="*", metavar="FIGURE", help=f"one of {', '.join(FIGURES)}"
    )
    parser.add_argument(
        "--orders",
        type=int,
        metavar="N",
        help="another number of orders than the usual",
    )
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="how often each measurement is repeated"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the tables to this file, too"
    )
    parser.add_argument(
        "--list", action="store_true", help="say what there is to measure, and end"
    )
    options = parser.parse_args(arguments)
    for name in options.figure:
        if name not in FIGURES:
            parser.error(
                f"there is no figure {name}; choose among {', '.join(FIGURES)}"
            )
    for number in (options.orders, options.rounds):
        if number is not None and number < 1:
            parser.error("a number must be 1 or more")
    return options


def _run(module, environment, options):
    bench = Bench(environment, options.orders, options.rounds)
    try:
        tables = module.run(bench)
    finally:
        bench.close()
    for table in tables:
        say(f"\n{table}")
    say()
    return tables


def _sum_up(tables):
    missed = [text for table in tables for text in table.missed]
    for text in missed:
        say(f"Missed: {text}")
    if not missed:
        say("Every target is met.")
