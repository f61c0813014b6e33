"""The modules install, update and uninstall without a word of complaint in the log."""

import subprocess

import pytest
from desk.processes import run_odoo

MODULES = ("order_desk", "order_desk_mrp", "order_desk_delivery")


@pytest.fixture
def database(databases):
    """A copy of the database with Odoo's modules only."""
    name = databases.test_name()
    databases.copy(databases.base(), name)
    yield name
    databases.drop(name)


def complaints(result):
    """Return what a person should read in Odoo's log, as text."""
    ending = [f"exit code {result.code}"] if result.code else []
    return "\n".join([*map(str, result.problems()), *ending])


def is_in_use(entry):
    """Whether the entry tells of a record that was kept as others refer to it."""
    is_delete = entry.text.startswith("bad query: b'DELETE FROM")
    return is_delete and "is still referenced from table" in entry.text


@pytest.mark.parametrize("demo", [False, True], ids=["bare", "demo"])
def test_all_install_update_uninstall(databases, database, demo):
    result = databases.install(database, MODULES, demo=demo)
    assert not complaints(result)
    assert set(MODULES) <= databases.installed(database)

    result = databases.install(database, (), update=MODULES)
    assert not complaints(result)

    result = databases.uninstall(database, MODULES)
    if demo:
        # Odoo tries to delete every demo record, and logs those other documents use.
        result.entries = [entry for entry in result.entries if not is_in_use(entry)]
    assert not complaints(result)
    assert not set(MODULES) & databases.installed(database)


def test_bridges_install_themselves(environment, databases, database):
    options = ["-d", database, "-i", "order_desk", "--no-http", "--stop-after-init"]
    log = environment.cache / f"logs/{database}.log"
    result = run_odoo(environment, *options, log=log)
    assert not complaints(result)
    assert set(MODULES) <= databases.installed(database)


@pytest.mark.parametrize("module", MODULES)
def test_module_without_the_others(databases, database, module):
    needed = {"order_desk", module}
    result = databases.install(database, sorted(needed))
    assert not complaints(result)
    assert set(MODULES) & databases.installed(database) == needed

    result = databases.uninstall(database, [module])
    assert not complaints(result)
    assert set(MODULES) & databases.installed(database) == needed - {module}


@pytest.mark.parametrize("module", MODULES)
def test_wheel_builds(environment, module, tmp_path):
    command = [environment.python, "-m", "pip", "wheel", "--no-deps", "-q"]
    command += ["--no-build-isolation", "-w", tmp_path, environment.root / module]
    # whool takes the version from the manifest, not from tags of the repository.
    variables = environment.environ(WHOOL_POST_VERSION_STRATEGY_OVERRIDE="none")
    result = subprocess.run(
        command, env=variables, capture_output=True, text=True, check=False
    )
    assert not result.returncode, result.stdout + result.stderr
    names = [path.name for path in tmp_path.glob("*.whl")]
    assert len(names) == 1
    assert names[0].startswith(f"odoo_addon_{module}-19.0.")
