"""The scripts that set up and run everything: what they say when something is missing.

No network, no database, no browser: the machine is played by fakes.
"""

import importlib
import os
import re
import socket
import stat
import subprocess
import sys
import threading
import time
from collections import namedtuple
from types import SimpleNamespace

import pytest
from desk import apt, console, environment, locks, postgres, processes, serving, testing
from desk.bench import client, inside, sign
from desk.bench import main as bench
from desk.bench.table import add_pair, compared
from desk.console import Problem
from desk.database import Databases
from desk.environment import Environment
from lxml import etree

Usage = namedtuple("Usage", "total used free")
SCRIPTS = environment.ROOT / "scripts"
STAMP = "2026-01-05 08:00:00,123 77"


@pytest.fixture(autouse=True)
def clean_machine(monkeypatch):
    """Forget what the person running the tests has set."""
    for name in ("PGHOST", "PGPORT", "PGUSER", "ODOO_HOME", "CHROMIUM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def checkout(tmp_path):
    """A small checkout with one module and an empty cache of its own."""
    module = tmp_path / "checkout/order_desk"
    module.mkdir(parents=True)
    (module / "__manifest__.py").write_text('{"name": "x", "depends": ["sale_stock"]}')
    (module / "models.py").write_text("x = 1\n")
    (tmp_path / "checkout/requirements.txt").write_text("lxml==5.4.0\n")
    return Environment(root=tmp_path / "checkout", cache=tmp_path / "cache")


def write_program(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return folder


def make_odoo(folder, version="19, 0, 0"):
    release = folder / "odoo/release.py"
    release.parent.mkdir(parents=True)
    release.write_text(f"version_info = ({version}, FINAL, 0, '')\n")
    return folder


def odoo_log(*lines):
    return processes.parse_log([f"{STAMP} {line}\n" for line in lines])


# ----------------------------------------------------------------------
# What is missing on the machine
# ----------------------------------------------------------------------


def test_full_disk_is_told_before_anything_is_fetched(checkout, monkeypatch):
    monkeypatch.setattr(
        environment.shutil, "disk_usage", lambda path: Usage(0, 0, 100 << 20)
    )
    with pytest.raises(Problem, match="100 MB free, .* MB are needed") as caught:
        checkout.ensure("odoo")
    assert "ORDER_DESK_CACHE" in caught.value.mend


def test_cache_that_cannot_be_made_is_told(checkout, tmp_path):
    (tmp_path / "file").touch()
    checkout.cache = tmp_path / "file/cache"
    with pytest.raises(Problem, match="cannot be made") as caught:
        checkout.ensure("odoo")
    assert "ORDER_DESK_CACHE" in caught.value.mend


def test_no_network_is_told_with_the_words_of_apt(tmp_path, monkeypatch):
    folder = write_program(
        tmp_path / "bin", "apt-get", 'echo "E: Could not resolve host" >&2; exit 100'
    )
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(apt, "_codename", lambda: "bookworm")
    monkeypatch.setattr(apt, "_sources", lambda codename: "")
    with pytest.raises(Problem, match="E: Could not resolve host") as caught:
        apt.Apt(tmp_path / "apt").prepare()
    assert "network" in caught.value.mend


def test_pip_that_fails_is_told_with_its_words(checkout, monkeypatch):
    def fail(*command, **options):
        raise subprocess.CalledProcessError(
            1, command, "ERROR: No matching distribution"
        )

    monkeypatch.setattr(checkout, "_run", fail)
    monkeypatch.setattr(checkout, "_pip_wheel", lambda: "pip.whl")
    with pytest.raises(Problem, match="ERROR: No matching distribution") as caught:
        checkout._pip("install")
    assert "network" in caught.value.mend


def test_another_system_than_debian_is_told(monkeypatch):
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match="apt-get is missing") as caught:
        apt.Apt(environment.Path("/nowhere")).prepare()
    assert "ODOO_HOME" in caught.value.mend


def test_machine_without_package_sources_is_told(monkeypatch):
    monkeypatch.setattr(apt, "_output", lambda *command: "")
    with pytest.raises(Problem, match="No Debian package source") as caught:
        apt._sources("bookworm")
    assert "/etc/apt/sources.list" in caught.value.mend


def test_sources_are_those_of_the_machine(monkeypatch):
    listing = (
        "bookworm main http://mirror/debian/\n"
        "bookworm-security main http://mirror/security/\n"
        "bookworm contrib http://mirror/debian/\n"
        "stable main http://elsewhere/tool/\n"
    )
    monkeypatch.setattr(apt, "_output", lambda *command: listing)
    lines = apt._sources("bookworm").splitlines()
    assert any(line.endswith("http://mirror/debian/ bookworm main") for line in lines)
    assert any(line.endswith("http://mirror/debian/ sid main") for line in lines)
    assert not any("contrib" in line for line in lines)


def test_old_python_is_told(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    with pytest.raises(Problem, match=r"Python 3\.9\.2; 3\.11 or newer"):
        environment.check_machine()


@pytest.mark.parametrize("name", ["bench", "odoo", "serve", "stop", "test"])
def test_every_script_checks_python_before_anything_else(name):
    text = (SCRIPTS / name).read_text()
    assert "sys.version_info < (3, 11)" in text.partition("from desk")[0]
    assert (SCRIPTS / name).stat().st_mode & stat.S_IXUSR


def test_taken_port_is_told_with_a_free_one():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {port} is taken") as caught:
            processes.check_port(port)
    assert "--port" in caught.value.mend
    processes.check_port(port)


def test_one_worker_is_refused():
    with pytest.raises(Problem, match="One worker cannot print"):
        serving._parse(["--workers", "1"])


# ----------------------------------------------------------------------
# Odoo of one's own
# ----------------------------------------------------------------------


@pytest.mark.parametrize("inner", ["", "usr/lib/python3/dist-packages"])
def test_odoo_home_is_found_in_its_usual_shapes(tmp_path, inner):
    make_odoo(tmp_path / inner)
    assert environment.find_odoo(tmp_path) == tmp_path / inner
    assert environment.find_odoo(tmp_path / inner / "odoo") == tmp_path / inner


def test_odoo_of_another_version_is_refused(tmp_path, checkout, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path / "old", "18, 0, 0")))
    with pytest.raises(Problem, match=r"version 18\.0; order_desk needs 19\.0"):
        checkout.check_basics()


def test_odoo_between_versions_is_refused(tmp_path):
    with pytest.raises(Problem, match=r"version saas~19\.1"):
        environment.find_odoo(make_odoo(tmp_path, "'saas~19', 1, 0"))


def test_odoo_home_without_odoo_is_refused(tmp_path):
    with pytest.raises(Problem, match="There is no Odoo in") as caught:
        environment.find_odoo(tmp_path)
    assert "unset" in caught.value.mend


# ----------------------------------------------------------------------
# PostgreSQL
# ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "namespaces", "prefix"),
    [(1000, True, None), (0, True, "unshare"), (0, False, "runuser")],
)
def test_postgres_never_runs_as_root(checkout, monkeypatch, user, namespaces, prefix):
    commands = []

    def run(command, **options):
        commands.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(postgres.os, "geteuid", lambda: user)
    monkeypatch.setattr(postgres, "_has_user_namespaces", lambda: namespaces)
    monkeypatch.setattr(postgres.Postgres, "bin_folder", environment.Path("/pg/bin"))
    monkeypatch.setattr(postgres.subprocess, "run", run)
    checkout.postgres._server_run("pg_ctl", "start")
    assert commands[0][0] == (prefix or "/pg/bin/pg_ctl")
    assert commands[0][-2:] == ["/pg/bin/pg_ctl", "start"]


def test_postgres_that_does_not_start_shows_its_log(checkout, tmp_path, monkeypatch):
    cluster = checkout.cache / "postgres"
    (cluster / "data").mkdir(parents=True)
    (cluster / "data/PG_VERSION").write_text("15")
    (cluster / "server.log").write_text("FATAL: could not map shared memory\n")
    program = 'if [ "$5" = start ] || [ "$1" = -w ]; then exit 1; fi; exit 3'
    folder = write_program(tmp_path / "bin", "pg_ctl", program)
    monkeypatch.setattr(postgres.Postgres, "bin_folder", folder)
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 1000)
    with pytest.raises(Problem, match="could not map shared memory") as caught:
        checkout.postgres._start_private()
    assert "PGHOST" in caught.value.mend


def test_postgres_of_ones_own_is_used_and_not_stopped(checkout, monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPORT", "5433")
    options = checkout.postgres.odoo_options()
    assert options["db_host"] == options["db_replica_host"] == "db.example"
    assert options["db_port"] == "5433"
    assert checkout.postgres.environ() == {}
    assert "yours" in checkout.postgres.stop()


def test_socket_path_is_never_too_long(tmp_path):
    deep = Environment(cache=tmp_path / ("d" * 90))
    assert len(str(deep.postgres.socket)) < 90
    assert "d" * 90 not in str(deep.postgres.socket)


# ----------------------------------------------------------------------
# The cache and two set-ups at once
# ----------------------------------------------------------------------


def test_cache_lies_where_the_person_says(monkeypatch, tmp_path):
    monkeypatch.delenv("ORDER_DESK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert environment.default_cache() == tmp_path / "xdg/order_desk"
    monkeypatch.setenv("ORDER_DESK_CACHE", str(tmp_path / "own"))
    assert environment.default_cache() == tmp_path / "own"


def test_second_set_up_waits_for_the_first(tmp_path, capsys):
    seen = []

    def second():
        with locks.lock(tmp_path / "lock", "Waiting."):
            seen.append("second")

    with locks.lock(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        seen.append("first")
    thread.join()
    assert seen == ["first", "second"]
    assert "Waiting." in capsys.readouterr().out


def test_interrupted_set_up_is_begun_anew(checkout, monkeypatch):
    left_over = checkout.cache / "odoo-19.part/half"
    left_over.mkdir(parents=True)

    def download(packages, folder, report):
        folder.mkdir()
        (folder / "odoo-19_19.0_all.deb").touch()

    def unpack(packages, target):
        assert not target.exists()
        make_odoo(target / "usr/lib/python3/dist-packages")
        (target / "usr/bin").mkdir()
        (target / "usr/bin/odoo").touch()

    monkeypatch.setattr(checkout._apt, "download", download)
    monkeypatch.setattr(environment, "unpack_server", unpack)
    assert checkout.missing("odoo") == ["odoo"]
    checkout._setup_odoo(lambda text: None)
    assert checkout.missing("odoo") == []
    assert not left_over.parent.exists()


def test_use_of_postgres_is_noticed(tmp_path):
    path = tmp_path / "in-use"
    assert not locks.is_in_use(path)
    with locks.hold_shared(path):
        assert locks.is_in_use(path)
    assert not locks.is_in_use(path)


# ----------------------------------------------------------------------
# Databases
# ----------------------------------------------------------------------


def test_digest_changes_with_what_matters_in_a_database(checkout):
    databases = Databases(checkout)
    module = checkout.root / "order_desk"
    before = databases.digest("order_desk")
    for ignored in ("tests/test_x.py", "i18n/order_desk.pot", "README.rst"):
        (module / ignored).parent.mkdir(exist_ok=True)
        (module / ignored).write_text("new")
    assert databases.digest("order_desk") == before
    (module / "i18n/zh_CN.po").write_text("new")
    translated = databases.digest("order_desk")
    assert translated != before
    (module / "models.py").write_text("x = 2\n")
    assert databases.digest("order_desk") not in (before, translated)


def test_modules_come_with_what_they_need(checkout):
    bridge = checkout.root / "order_desk_mrp"
    bridge.mkdir()
    (bridge / "__manifest__.py").write_text('{"depends": ["order_desk", "sale_mrp"]}')
    databases = Databases(checkout)
    assert databases.with_needed(["order_desk_mrp"]) == ["order_desk", "order_desk_mrp"]
    assert databases.with_needed(["order_desk"]) == ["order_desk"]
    assert {"sale_stock", "sale_mrp"} <= set(databases.stock_modules())
    assert "order_desk" not in databases.stock_modules()


# ----------------------------------------------------------------------
# Verdicts
# ----------------------------------------------------------------------


def test_log_entries_keep_their_tracebacks():
    entries = processes.parse_log(
        [
            f"{STAMP} ERROR db odoo.x: broken\n",
            "Traceback (most recent call last):\n",
            f"{STAMP} INFO db odoo.y: fine\n",
        ]
    )
    assert [entry.level for entry in entries] == ["ERROR", "INFO"]
    assert "Traceback" in entries[0].text


def test_passed_tests_are_counted():
    entries = odoo_log(
        "INFO db odoo.tests.stats: order_desk: 12 tests 3.45s 500 queries",
        "INFO db odoo.tests.result: 0 failed, 0 error(s) of 12 tests when loading",
    )
    result = processes.Result(0, entries)
    assert testing.judge(result) == (12, [])
    assert testing.ran(result) == {"order_desk"}


@pytest.mark.parametrize(
    "line",
    [
        "ERROR db odoo.sql_db: bad query",
        "WARNING db odoo.addons.order_desk: no longer so",
        "INFO db odoo.addons.order_desk.tests.test_tour: skipped TestTour : no Chrome",
    ],
)
def test_what_odoo_lets_pass_is_a_failure(line):
    end = "INFO db odoo.tests.result: 0 failed, 0 error(s) of 3 tests when loading"
    _passed, failures = testing.judge(processes.Result(0, odoo_log(line, end)))
    assert len(failures) == 1


def test_failed_tests_are_counted_once():
    entries = odoo_log(
        "INFO db odoo.addons.x.tests.test_a: FAIL: TestA.test_b\nTraceback",
        "ERROR db odoo.addons.x.tests.test_a: FAIL: TestA.test_b\nTraceback",
        "ERROR db odoo.tests.result: 1 failed, 0 error(s) of 3 tests when loading",
    )
    passed, failures = testing.judge(processes.Result(1, entries))
    assert (passed, len(failures)) == (2, 1)


def test_odoo_that_never_came_to_its_tests_is_a_failure():
    entries = odoo_log("CRITICAL db odoo.service.server: Failed to initialize")
    passed, failures = testing.judge(processes.Result(255, entries))
    assert passed == 0
    assert "Failed to initialize" in failures[0]


def test_skipped_pytest_tests_are_failures():
    junit = (
        "<testsuites><testsuite>"
        '<testcase classname="a" name="good"/>'
        '<testcase classname="a" name="bad"><failure message="m">trace</failure>'
        '</testcase><testcase classname="a" name="left"><skipped message="why"/>'
        "</testcase></testsuite></testsuites>"
    )
    passed, failures = testing.judge_pytest(junit)
    assert passed == 1
    assert [failure.splitlines()[0] for failure in failures] == [
        "a.bad (failure)",
        "a.left (skipped)",
    ]


def test_summary_ends_with_the_line_that_counts(capsys):
    code = testing._sum_up([testing.Part("a", 3), testing.Part("b", 1, ["broken"])])
    assert code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 1 failed"


def test_part_without_a_test_fails(monkeypatch, capsys):
    empty = ("empty", lambda checkout, options: testing.Part("empty"))
    monkeypatch.setattr(testing, "_chosen", lambda checkout, options: [empty])
    assert testing.main([]) == 1
    assert "It ran no test." in capsys.readouterr().out


def test_unknown_module_is_told(checkout):
    with pytest.raises(Problem, match="no module order_dask") as caught:
        testing.check_modules(checkout, ["order_dask"])
    assert "order_desk" in caught.value.mend


@pytest.mark.parametrize(
    ("arguments", "tags"),
    [
        (["order_desk"], "/order_desk"),
        (["order_desk", "--fast"], "/order_desk,-order_desk_tour"),
        (["order_desk", "--test", "TestA.test_b"], "/order_desk:TestA.test_b"),
        (["--test", "/sale:TestB"], "/sale:TestB"),
    ],
)
def test_tags_for_odoo(arguments, tags):
    options = testing._parse(arguments)
    assert testing._tags(options.module or ["order_desk"], options) == tags


# ----------------------------------------------------------------------
# What is measured
# ----------------------------------------------------------------------

MODELS = {
    "sheet": {
        "fields": {
            "name": {"type": "char"},
            "state": {"type": "selection"},
            "order_id": {"type": "many2one"},
            "currency_id": {"type": "many2one"},
            "tag_ids": {"type": "many2many", "relation": "tag"},
            "line_ids": {"type": "one2many", "relation": "line"},
            "activity_ids": {"type": "one2many", "relation": "activity"},
            "activity_state": {"type": "selection"},
            "activity_type_id": {"type": "many2one"},
        }
    },
    "line": {
        "fields": {"product_id": {"type": "many2one"}, "note": {"type": "text"}},
    },
}
NAMED = {"fields": {"display_name": {}}}


def read_specification(arch):
    return client.specification(etree.fromstring(arch), MODELS, "sheet")


@pytest.mark.parametrize("name", bench.FIGURES)
def test_every_figure_can_be_run(name):
    module = importlib.import_module(f"desk.bench.{bench.FIGURES[name]}")
    assert module.TITLE
    assert callable(module.run)


def test_figure_that_does_not_exist_is_told(capsys):
    with pytest.raises(SystemExit):
        bench.main(["speed"])
    assert "there is no figure speed" in capsys.readouterr().err


def test_figures_are_listed_without_a_set_up(capsys):
    assert bench.main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in bench.FIGURES)


def test_list_is_read_with_its_hidden_columns():
    found = read_specification(
        """<list><header><button name="sign"/></header><field name="name"/>
        <field name="order_id" optional="hide"/><field name="line_ids"/>
        <field name="currency_id" column_invisible="True"/></list>"""
    )
    assert found == {
        "name": {},
        "order_id": NAMED,
        "line_ids": {},
        "currency_id": {"fields": {}},
    }


def test_cards_are_read_with_what_their_widgets_need():
    found = read_specification(
        """<kanban><field name="currency_id" invisible="1"/><templates>
        <t t-name="card"><div><field name="tag_ids" options="{'color_field': 'hue'}"/>
        <field name="activity_ids" widget="kanban_activity"/></div></t>
        </templates></kanban>"""
    )
    assert found["currency_id"] == {"fields": {}}
    assert found["tag_ids"] == {"fields": {"display_name": {}, "hue": {}}}
    assert found["activity_ids"] == found["activity_state"] == {}
    assert found["activity_type_id"] == NAMED


def test_form_is_read_with_its_lines_and_header():
    found = read_specification(
        """<form><header><field name="state"/></header><field name="line_ids"><list>
        <field name="product_id"/></list><form><field name="note"/></form></field>
        </form>"""
    )
    lines = {"fields": {"product_id": NAMED}, "limit": client.LINES}
    assert found == {"state": {}, "line_ids": lines}


def test_field_seen_once_is_read_as_seen():
    found = read_specification(
        """<kanban><field name="order_id" invisible="1"/><templates>
        <t t-name="card"><field name="order_id"/></t></templates></kanban>"""
    )
    assert found == {"order_id": NAMED}


SEARCH = """<search><filter name="mine" domain="[('user_id', '=', uid)]"/><separator/>
    <filter name="past" domain="[('day', '&lt;', 'today')]"/>
    <filter name="today" domain="[('day', '=', 'today')]"/>
    <group><filter name="by_day" context="{'group_by': 'day'}"/></group></search>"""


def test_filters_side_by_side_are_alternatives():
    found = client.filter_domains(etree.fromstring(SEARCH), ["mine", "past", "today"])
    assert found == [
        ["[('user_id', '=', uid)]"],
        ["[('day', '<', 'today')]", "[('day', '=', 'today')]"],
    ]


def test_filter_that_groups_has_no_domain():
    assert client.filter_domains(etree.fromstring(SEARCH), ["by_day"]) == []


def test_filter_that_is_gone_is_told():
    with pytest.raises(ValueError, match="no filter yesterday"):
        client.filter_domains(etree.fromstring(SEARCH), ["yesterday"])


def test_user_is_known_in_domains():
    found = client._evaluate("[('user_id', '=', uid), ('a.b_ids', 'in', [uid])]", 7)
    assert found == [("user_id", "=", 7), ("a.b_ids", "in", [7])]


def test_ratio_is_that_of_sides_measured_in_turns():
    rounds = [[(1.0, 10), (2.0, 20)], [(2.0, 10), (3.0, 20)], [(4.0, 10), (8.0, 20)]]
    result = inside.summary(rounds)
    assert result["ratio"] == 2.0
    assert result["seconds"] == [1.0, 2.0]


def test_target_missed_is_named():
    table = compared("tiers", "OCA tiers", "OCA")
    pair = {"ratio": 0.9, "spread": 0, "seconds": [1, 0.9], "queries": [2, 1]}
    add_pair(table, "at once", pair, 1, most=0.8)
    add_pair(table, "one by one", pair, 1)
    assert table.missed == ["at once: ≤ 0.8"]
    assert "SQL OCA" in str(table)


def test_dates_are_stated_as_the_dialog_sends_them():
    stated = sign.statement_of("production_manager")["statement_date"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", stated)


def test_add_ons_to_compare_with_are_pinned():
    lines = (environment.ROOT / environment.PEERS_FILE).read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all(re.fullmatch(r"[a-z-]+==19\.0\.[0-9.]+", pin) for pin in pins)


def test_add_ons_to_compare_with_stay_out_of_the_environment(checkout, monkeypatch):
    def install(*arguments):
        target = arguments[arguments.index("--target") + 1]
        (target / "odoo/addons").mkdir(parents=True)

    (checkout.root / environment.PEERS_FILE).write_text("odoo-addon-x==19.0.1.0.0\n")
    monkeypatch.setattr(checkout, "_pip", install)
    assert checkout.missing("peers") == ["peers"]
    checkout._setup_peers(print)
    assert checkout.missing("peers") == []
    assert checkout.venv not in checkout.peers.parents


# ----------------------------------------------------------------------
# How problems are shown
# ----------------------------------------------------------------------


def test_problem_is_shown_without_a_traceback(capsys):
    def main():
        raise Problem("No room.", "make some.")

    with pytest.raises(SystemExit) as caught:
        console.run_main(main)
    assert caught.value.code == 2
    message = capsys.readouterr().err
    assert "No room." in message
    assert "To mend it: make some." in message


def test_full_disk_later_on_is_shown_without_a_traceback(capsys):
    def main():
        raise OSError(28, "No space left on device", "/cache/x")

    with pytest.raises(SystemExit):
        console.run_main(main)
    assert "make room" in capsys.readouterr().err


def test_wrong_odoo_is_told_by_the_script_itself(tmp_path):
    make_odoo(tmp_path, "17, 0, 0")
    variables = {**os.environ, "ODOO_HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, SCRIPTS / "serve", "--port", str(processes.free_port())],
        env={**variables, "ORDER_DESK_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "version 17.0" in result.stderr
    assert "Traceback" not in result.stderr
