"""scripts/test: every check there is, part by part, and one line that sums it up."""

import argparse
import os
import re
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from . import processes
from .console import Problem, say
from .database import Databases
from .environment import Environment

TOUR_TAG = "order_desk_tour"
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
STATS = re.compile(r"(\w+): (\d+) tests? ")
DONE = re.compile(r" (PASSED|FAILED|ERROR|SKIPPED)\b.*%\]$")
SHOWN_LINES = 40  # of one failure


@dataclass
class Part:
    """What one part of the tests came to."""

    name: str
    passed: int = 0
    failures: list = field(default_factory=list)
    seconds: float = 0

    def __str__(self):
        counts = f"{self.passed:5} passed {len(self.failures):3} failed"
        return f"  {self.name:34} {counts} {self.seconds:6.0f} s"


def main(arguments=None):
    """Run what the command line asks for; return the exit code."""
    options = _parse(arguments)
    environment = Environment()
    check_modules(environment, options.module)
    chosen = _chosen(environment, options)
    if len(chosen) > 1:  # all at once, so that the steps are counted in one go
        environment.ensure(*_needed(options), "node")
    parts = []
    for name, runner in chosen:
        begin = time.monotonic()
        try:
            part = runner(environment, options)
        except Problem as problem:
            part = Part(name, failures=[str(problem)])
        part.seconds = time.monotonic() - begin
        if not part.passed and not part.failures:
            part.failures.append("It ran no test.")
        for failure in part.failures:
            say(f"\n✗ {part.name}: {_shorten(failure)}")
        parts.append(part)
    return _sum_up(parts)


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Set up what is missing and run the tests: lint, the modules' own "
        "tests with Odoo's runner, and tests/ with pytest.",
        epilog="Examples: scripts/test order_desk --test TestSheet.test_submit · "
        "scripts/test --fast · scripts/test tests/test_scripts.py -k port",
    )
    parser.add_argument(
        "module",
        nargs="*",
        help="modules, or files of tests/; everything by default",
    )
    parser.add_argument(
        "--test",
        metavar="TAGS",
        help="only these: Class, Class.method, or what Odoo's --test-tags takes",
    )
    parser.add_argument("--fast", action="store_true", help="without a browser")
    parser.add_argument("--lint", action="store_true", help="lint alone")
    parser.add_argument("-k", metavar="WORDS", help="of tests/ only what matches")
    parser.add_argument(
        "--pytest",
        action="store_true",
        help="run the modules' tests with pytest-odoo: quick, for writing code",
    )
    parser.add_argument(
        "--keep-database",
        action="store_true",
        help="keep the database the tests ran on and print its name",
    )
    options = parser.parse_args(arguments)
    options.files = [name for name in options.module if name.startswith("tests")]
    options.module = [
        name.rstrip("/") for name in options.module if name not in options.files
    ]
    return options


def check_modules(environment, names):
    """Refuse names that are no module of this checkout."""
    known = environment.modules()
    for name in names:
        if name not in known:
            raise Problem(
                f"There is no module {name} here.",
                f"choose among {', '.join(known) or 'none'}, or files of tests/.",
            )


def _chosen(environment, options):
    """Return the parts to run: pairs of name and function."""
    modules = ("Odoo", run_pytest_odoo if options.pytest else run_odoo_tests)
    spanning = ("tests", run_spanning_tests)
    if options.lint:
        return [("lint", run_lint)]
    if options.files or (options.k and not options.pytest):
        return [spanning]
    if options.module or options.test or options.pytest:
        return [modules]
    return [("lint", run_lint), modules, spanning]


def _sum_up(parts):
    say("\nSummary")
    for part in parts:
        say(str(part))
    failed = sum(len(part.failures) for part in parts)
    say(f"{sum(part.passed for part in parts)} passed, {failed} failed")
    return 1 if failed else 0


def _shorten(text):
    lines = text.splitlines()
    if len(lines) <= SHOWN_LINES:
        return text
    return "\n".join([*lines[:10], "…", *lines[10 - SHOWN_LINES :]])


# ----------------------------------------------------------------------
# Lint
# ----------------------------------------------------------------------


def run_lint(environment, _options):
    """Run every linter; each problem is a failure."""
    from . import lint  # noqa: PLC0415  the other parts do not need it

    environment.ensure("odoo", "python", "node")
    failures = lint.run(environment)
    return Part("lint", passed=0 if failures else 1, failures=failures)


# ----------------------------------------------------------------------
# The modules' tests
# ----------------------------------------------------------------------


def run_odoo_tests(environment, options):
    """Run the modules' tests with Odoo's runner on a copy of the ready database."""
    modules = options.module or environment.modules()
    count = f"{len(modules)} modules" if len(modules) > 1 else modules[0]
    part = Part(f"Odoo's runner, {count}")
    databases = _prepare(environment, options)
    tested = set()
    for beside in _runs(modules, options):
        for result in _run_beside(environment, databases, options, beside):
            passed, failures = judge(result)
            part.passed += passed
            part.failures += failures
            tested |= ran(result)
    if not options.test:
        part.failures += [
            f"{module} ran no test." for module in modules if module not in tested
        ]
    return part


def _runs(modules, options):
    """Return the runs as values of --test-tags, those of one list beside each other.

    Without a browser a run keeps one core busy, so two go together. Tours stumble on a
    busy machine and come after them.
    """
    if len(modules) == 1 or options.test or options.keep_database:
        return [[_tags(modules, options)]]
    first, *others = modules
    beside = [
        ",".join([*(f"/{name}" for name in names), f"-{TOUR_TAG}"])
        for names in ([first], others)
    ]
    tours = ",".join(f"{TOUR_TAG}/{name}" for name in modules)
    return [beside] if options.fast else [beside, [tours]]


def _run_beside(environment, databases, options, beside):
    """Run tests at the same time, each on a copy of its own; return their Results."""
    copies = [_create(databases, options) for _tags in beside]
    try:
        with ThreadPoolExecutor() as pool:
            return list(pool.map(partial(_run_odoo, environment), copies, beside))
    finally:
        for database in copies:
            _finish(databases, database, options)


def _needed(options):
    """Return the parts of the environment that tests need."""
    browser = [] if options.fast else ["browser"]
    return ["odoo", "python", "postgres", "fonts", *browser]


def _prepare(environment, options):
    environment.ensure(*_needed(options))
    environment.postgres.start()
    if not options.fast:
        check_browser(environment)
    databases = Databases(environment)
    databases.drop_left_over()
    return databases


def check_browser(environment):
    """Make sure that browser tests can run: Odoo would skip them without a word."""
    code = "import websocket"
    tests = {
        "Chromium does not start": [environment.chromium, "--version"],
        "The Python package websocket-client is missing": [
            *(environment.python, "-c", code)
        ],
    }
    for complaint, command in tests.items():
        result = subprocess.run(
            [str(word) for word in command],
            env=environment.environ(),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if result.returncode:
            raise Problem(
                f"{complaint}: {result.stderr.strip()[-300:]}",
                f"delete {environment.cache} and run the same command again, or run "
                "`scripts/test --fast`.",
            )


def _tags(modules, options):
    """Return the value of Odoo's --test-tags."""
    if options.test and options.test[0] in "/:-+.":
        return options.test
    inner = options.test or ""
    tags = [f"/{name}:{inner}" if inner else f"/{name}" for name in modules]
    return ",".join([*tags, f"-{TOUR_TAG}"] if options.fast else tags)


def _run_odoo(environment, database, tags):
    screenshots = environment.cache / "screenshots"
    log = environment.cache / f"logs/{database}.log"
    arguments = ["-d", database, "--stop-after-init", "--test-tags", tags]
    arguments += ["--http-port", processes.free_port(), "--screenshots", screenshots]
    environment.progress.plan(1)
    with environment.progress.step(f"Odoo's tests {tags}") as report:
        result = processes.run_odoo(environment, *arguments, log=log, report=report)
    say(f"Log: {log}")
    if result.problems():
        say(f"Screenshots of failed tours: {screenshots}")
    return result


def _create(databases, options):
    kept = f"order_desk_kept_{os.getpid()}" if options.keep_database else None
    return databases.create(
        demo=True, assets=not options.fast, modules=options.module or None, name=kept
    )


def _finish(databases, database, options):
    if options.keep_database:
        say(f"The database is kept: scripts/odoo shell -d {database}")
    else:
        databases.drop(database)


def judge(result):
    """Return how many tests passed and a list of what failed.

    Odoo's exit code is not enough: it is 0 after logged errors and skipped tests.
    """
    verdicts = [
        RESULT.search(entry.text)
        for entry in result.entries
        if entry.logger == "odoo.tests.result"
    ]
    if not verdicts or not verdicts[-1]:
        tail = "\n".join(map(str, result.problems() or result.entries[-8:]))
        return 0, [f"Odoo did not come to its tests (exit code {result.code}).\n{tail}"]
    failed, errors, total = map(int, verdicts[-1].groups())
    failures = [
        str(entry)
        for entry in result.problems()
        if entry.logger != "odoo.tests.result" and not _is_count(entry)
    ]
    skipped = [
        entry.text for entry in result.entries if entry.text.startswith("skipped ")
    ]
    failures += [f"A skipped test proves nothing: {text}" for text in skipped]
    missing = failed + errors - len(failures)
    failures += ["See the log."] * max(missing, 0)
    if result.code and not failures:
        failures.append(f"Odoo ended with exit code {result.code}.")
    return max(total - failed - errors - len(skipped), 0), failures


def _is_count(entry):
    """Whether the entry only counts failures that have entries of their own."""
    return bool(re.match(r"(Module \w+: )?\d+ failures?, \d+ errors?", entry.text))


def ran(result):
    """Return the modules of which at least one test ran."""
    return {
        found[1]
        for entry in result.entries
        if entry.logger == "odoo.tests.stats" and (found := STATS.match(entry.text))
    }


def run_pytest_odoo(environment, options):
    """Run the modules' tests with pytest-odoo; it decides nothing, but it is quick."""
    modules = options.module or environment.modules()
    databases = _prepare(environment, options)
    database = _create(databases, options)
    arguments = [f"--odoo-config={environment.config}", f"--odoo-database={database}"]
    arguments += [] if options.fast else ["--odoo-http"]
    try:
        return _run_pytest(environment, options, [*arguments, *modules], "pytest-odoo")
    finally:
        _finish(databases, database, options)


# ----------------------------------------------------------------------
# tests/
# ----------------------------------------------------------------------


def run_spanning_tests(environment, options):
    """Run tests/ with pytest; without pytest-odoo, which would load one registry."""
    _prepare(environment, options)
    arguments = ["-p", "no:odoo"]
    arguments += ["-m", "not browser"] if options.fast else []
    files = options.files or ["tests"]
    return _run_pytest(environment, options, [*arguments, *files], "tests/")


def _run_pytest(environment, options, arguments, name):
    report = environment.cache / f"logs/pytest-{os.getpid()}.xml"
    command = [environment.python, "-m", "pytest", "-v", "--no-summary", "--tb=short"]
    command = [*command, f"--junitxml={report}", "-p", "no:cacheprovider", *arguments]
    command += ["-k", options.k] if options.k else []
    environ = environment.environ()
    environ.pop("ODOO_RC")  # pytest-odoo would ask for a database in it
    environment.progress.plan(1)
    with environment.progress.step(f"pytest {name}") as progress:
        code, output = _follow(command, environment.root, environ, progress)
    part = Part(name)
    if not report.exists():
        part.failures.append(output[-2000:])
        return part
    part.passed, part.failures = judge_pytest(report.read_text())
    report.unlink()
    if code and not part.failures:
        part.failures.append(output[-2000:])
    return part


def _follow(command, folder, environ, report):
    """Run pytest, report how many tests are done; return exit code and output."""
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines, done = [], 0
    with process:
        for line in process.stdout:
            lines.append(line)
            done += bool(DONE.search(line))
            report(f"{done} tests")
    return process.returncode, "".join(lines)


def judge_pytest(junit):
    """Return how many tests passed and a list of what failed; skipped is failed."""
    passed, failures = 0, []
    for case in ElementTree.fromstring(junit).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        bad = [child for child in case if child.tag in ("failure", "error", "skipped")]
        if not bad:
            passed += 1
        for child in bad:
            detail = (child.text or "").strip() or child.get("message")
            failures.append(f"{name} ({child.tag})\n{detail}")
    return passed, failures
