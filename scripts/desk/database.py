"""Databases in layers, each cached as a template and copied in a second.

Layer 1, "base": Odoo's modules without their demo data, a company in China, three
languages. Layer 2, "ready": layer 1 with our modules, with or without the demo factory.
A template's name holds a hash of all that went into it, so an old one is never used for
new code. Scripts and tests work on copies.

Usual way::

    databases = Databases(environment)
    name = databases.create(demo=True)          # copy of layer 2, random name
    ...
    databases.drop(name)
"""

import ast
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import time

from . import locks
from .console import Problem
from .processes import run_odoo

STOCK_MODULES = (
    "account",
    "mrp",
    "sale_management",
    "sale_mrp",
    "sale_stock",
    "stock_delivery",
)
COUNTRY = "CN"
LANGUAGES = ("zh_CN", "zh_TW")
PREFIX = "order_desk_t"
TEST_PREFIX = "order_desk_test_"
SCHEME = "1"  # raise it when the way the templates are made changes
DATABASE_MEGABYTES = 400
KEEP = {"base": 2, "ready": 6}
KEEP_SECONDS = 900  # a template used lately may be about to be copied
KEEP_LOGS_SECONDS = 3 * 24 * 3600
PARAMETER = "order_desk.scripts.digest"
IGNORED_FOLDERS = ("tests", "__pycache__")
IGNORED_SUFFIXES = (".pot", ".pyc", ".rst", ".md", ".toml")
PREGENERATE = "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n"


class Databases:
    """Creates, copies and drops databases together with their files."""

    def __init__(self, environment):
        self.environment = environment
        self.postgres = environment.postgres
        self.filestore = environment.data / "filestore"
        self._notes = environment.cache / "templates"
        self._logs = environment.cache / "logs"

    # ------------------------------------------------------------------
    # Templates
    # ------------------------------------------------------------------

    def base(self):
        """Return the name of the template with Odoo's modules; make it if missing."""
        name = f"{PREFIX}_base_{self._base_digest()}"
        return self._template(name, "base", self._build_base)

    def ready(self, demo=True, assets=False, modules=None):
        """Return the name of the template with our modules; make it if missing.

        :param demo: with the demo factory
        :param assets: with the bundles a browser needs; slow once, fast afterwards
        :param modules: only these and what they need, all of ours by default
        """
        modules = self.with_needed(modules or self.environment.modules())
        name = self._ready_name(demo, modules)
        self._template(
            name, "ready", lambda part: self._build_ready(part, demo, modules)
        )
        if assets:
            self._add_assets(name)
        return name

    def with_needed(self, modules):
        """Return ``modules`` and those of ours that they depend on."""
        own, found, queue = self.environment.modules(), set(), list(modules)
        while queue:
            module = queue.pop()
            if module in own and module not in found:
                found.add(module)
                queue += self._manifest(module).get("depends", ())
        return sorted(found)

    def _manifest(self, module):
        path = self.environment.root / module / "__manifest__.py"
        return ast.literal_eval(path.read_text())

    def _ready_name(self, demo, modules):
        digests = [f"{name} {self.digest(name)}" for name in modules]
        digest = _hash(self._base_digest(), *digests)
        return f"{PREFIX}_{'demo' if demo else 'bare'}_{digest}"

    def missing_steps(self, demo=True, assets=False):
        """Return how many steps :meth:`ready` will show."""
        base = f"{PREFIX}_base_{self._base_digest()}"
        ready = self._ready_name(demo, self.environment.modules())
        steps = not self.is_template(base), not self.is_template(ready)
        return sum(steps) + bool(assets and not self._has_assets(ready))

    def is_template(self, name):
        """Return whether the template ``name`` is complete."""
        return self._note(name).exists() and self.exists(name)

    def digest(self, module):
        """Return a hash of the module's files that matter in a database."""
        folder = self.environment.root / module
        parts = []
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            ignored = set(inner.parts[:-1]) & set(IGNORED_FOLDERS)
            if ignored or path.suffix in IGNORED_SUFFIXES or not path.is_file():
                continue
            with contextlib.suppress(FileNotFoundError):  # an editor's passing file
                parts.append(f"{inner} {hashlib.sha256(path.read_bytes()).hexdigest()}")
        return _hash(*parts)

    def stock_modules(self):
        """Return the modules of layer 1: the usual ones and what ours depend on."""
        own = self.environment.modules()
        depends = set(STOCK_MODULES)
        for name in own:
            depends.update(self._manifest(name).get("depends", ()))
        return sorted(depends - set(own) - {"base"})

    def _base_digest(self):
        environment = self.environment
        packages = environment.cache / "odoo-19/packages.txt"
        version = environment.odoo_path / "odoo/release.py"
        return _hash(
            SCHEME,
            str(environment.odoo_path),
            packages.read_text() if packages.exists() else "",
            version.read_text() if version.exists() else "",
            environment.requirements.read_text(),
            str(self.filestore),  # the files lie in this cache and nowhere else
            COUNTRY,
            *LANGUAGES,
            *self.stock_modules(),
        )

    def _template(self, name, kind, build):
        with locks.lock(self._lock(name), "Waiting for another database set-up …"):
            if not self.is_template(name):
                part = f"{name}_part"
                self.drop(part)
                self.drop(name)
                self.environment.check_space(DATABASE_MEGABYTES)
                try:
                    build(part)
                except BaseException:
                    self.drop(part)
                    raise
                self._rename(part, name)
                self._write_note(name, kind)
                self._prune(kind, name)
            os.utime(self._note(name))
        return name

    def _build_base(self, name):
        modules = self.stock_modules()
        title = f"Database with Odoo's modules ({len(modules)} and what they need)"
        log = self._logs / "base.log"
        with self.environment.progress.step(title) as report:
            report("tables")
            init = ("db", "init", name, "--country", COUNTRY)
            result = run_odoo(self.environment, *init, log=log, report=report)
            result.check("Creating a database")
            options = ["-d", name, "--no-http", "--stop-after-init"]
            options += ["--load-language", ",".join(LANGUAGES)]
            options += ["-i", ",".join(modules)]
            result = run_odoo(self.environment, *options, log=log, report=report)
            result.check("Installing Odoo's modules")

    def _build_ready(self, name, demo, modules):
        base = self.base()
        title = f"Database with {', '.join(modules) or 'no module of ours'}"
        with self.environment.progress.step(title) as report:
            self.copy(base, name)
            self.install(name, modules, demo=demo, report=report)

    def install(self, name, modules, demo=False, update=(), report=None):
        """Install ``modules`` in the database ``name``, and update others.

        Odoo loads a module's demo data if all it depends on has its own. Odoo's modules
        have none here, so for the time of the installation they claim to.

        :return: the log's :class:`~desk.processes.Result`
        :raise Problem: Odoo logged an error
        """
        if not modules and not update:
            return None
        own = ",".join(_quote(module) for module in self.environment.modules())
        stock = f"UPDATE ir_module_module SET demo = %s WHERE name NOT IN ({own})"
        if demo:
            self.query(name, stock % "(state = 'installed')")
        # Exactly these modules: Odoo would add those that install themselves.
        options = ["-d", name, "--no-http", "--stop-after-init", "--skip-auto-install"]
        options += ["-i", ",".join(modules)] if modules else []
        options += ["-u", ",".join(update)] if update else []
        log = self._logs / f"{name}.log"
        result = run_odoo(self.environment, *options, log=log, report=report)
        if demo:
            self.query(name, stock % "false")
        names = ", ".join([*modules, *update])
        result.check(f"Installing {names}")
        for module in [*modules, *update]:
            self.set_parameter(name, f"{PARAMETER}.{module}", self.digest(module))
        return result

    def install_others(self, name, modules, addons):
        """Install modules of others, from the folders ``addons``."""
        options = ["-d", name, "--no-http", "--stop-after-init", "--skip-auto-install"]
        options += ["-i", ",".join(modules), *self._addons_options(addons)]
        log = self._logs / f"{name}.log"
        result = run_odoo(self.environment, *options, log=log)
        result.check(f"Installing {', '.join(modules)}")

    def _addons_options(self, folders):
        paths = [*self.environment.addons_paths(), *folders]
        return ["--addons-path", ",".join(map(str, paths))] if folders else []

    def uninstall(self, name, modules):
        """Uninstall ``modules``; return the log's :class:`~desk.processes.Result`."""
        log = self._logs / f"{name}.uninstall.log"
        command = ("module", "uninstall", "-d", name, *modules)
        return run_odoo(self.environment, *command, log=log)

    def installed(self, name):
        """Return the names of the modules installed in the database ``name``."""
        sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
        return {row[0] for row in self.query(name, sql)}

    def changed_modules(self, name):
        """Return our modules that are not installed, and those whose files changed."""
        installed = self.installed(name)
        own = self.environment.modules()
        changed = [
            module
            for module in own
            if module in installed
            and self.get_parameter(name, f"{PARAMETER}.{module}") != self.digest(module)
        ]
        return [module for module in own if module not in installed], changed

    def _add_assets(self, name):
        with locks.lock(self._lock(name), "Waiting for another database set-up …"):
            if self._has_assets(name):
                return
            with self.environment.progress.step("Scripts and styles for the browser"):
                self.shell(name, PREGENERATE).check("Making the asset bundles")
            self._write_note(name, "ready", assets=True)

    def _has_assets(self, name):
        note = self._note(name)
        return note.exists() and json.loads(note.read_text()).get("assets", False)

    def _note(self, name):
        return self._notes / f"{name}.json"

    def _write_note(self, name, kind, **values):
        self._notes.mkdir(parents=True, exist_ok=True)
        part = self._notes / f"{name}.part"
        part.write_text(json.dumps({"kind": kind, **values}))
        part.rename(self._note(name))

    def _prune(self, kind, latest):
        """Drop old templates of a kind, but the few used last."""
        notes = sorted(
            self._notes.glob("*.json"), key=lambda path: path.stat().st_mtime
        )
        notes = [
            note
            for note in notes
            if json.loads(note.read_text())["kind"] == kind and note.stem != latest
        ]
        for note in notes[: -KEEP[kind]]:
            if time.time() - note.stat().st_mtime > KEEP_SECONDS:
                with contextlib.suppress(Problem):  # somebody is connected to it
                    self.drop(note.stem)
                    note.unlink(missing_ok=True)

    def _lock(self, name):
        return self.environment.cache / f"locks/{name}"

    # ------------------------------------------------------------------
    # Databases
    # ------------------------------------------------------------------

    def create(self, demo=True, assets=False, modules=None, name=None):
        """Return the name of a new copy of layer 2 (a random one by default)."""
        template = self.ready(demo, assets, modules)
        name = name or self.test_name()
        self.copy(template, name)
        return name

    @staticmethod
    def test_name():
        """Return a new name for a database that ends with this process."""
        return f"{TEST_PREFIX}{os.getpid()}_{secrets.token_hex(3)}"

    def copy(self, source, name):
        """Copy a database nobody is connected to, and its files (as hard links)."""
        self.drop(name)
        target = self.filestore / name
        with locks.lock(self._lock(source), "Waiting for another database set-up …"):
            if (self.filestore / source).exists():
                # Odoo never changes a stored file, so links are as good as copies.
                copy = ["cp", "-al", str(self.filestore / source), str(target)]
                subprocess.run(copy, check=True)
            # Last, so that the database's being there says all is.
            self.postgres.run("createdb", "-T", source, name)

    def drop(self, name):
        """Drop a database and its files; fine if there is none."""
        self.postgres.run("dropdb", "--if-exists", "--force", name)
        shutil.rmtree(self.filestore / name, ignore_errors=True)

    def drop_left_over(self):
        """Drop the copies and half templates that killed runs left.

        Logs nobody looked at for some days go, too.
        """
        for path in self._logs.glob("*"):
            if time.time() - path.stat().st_mtime > KEEP_LOGS_SECONDS:
                path.unlink(missing_ok=True)
        if not self.postgres.is_private:  # pids of other machines say nothing
            return
        for (name,) in self.query("postgres", "SELECT datname FROM pg_database"):
            if self._is_left_over(name):
                self.drop(name)

    def _is_left_over(self, name):
        if name.startswith(TEST_PREFIX):  # the process id follows
            pid = name.removeprefix(TEST_PREFIX).split("_")[0]
            return not os.path.exists(f"/proc/{pid}")
        template = name.removesuffix("_part")
        is_part = name.startswith(PREFIX) and template != name
        return is_part and not locks.is_in_use(self._lock(template))

    def exists(self, name):
        """Return whether the database ``name`` exists."""
        sql = f"SELECT 1 FROM pg_database WHERE datname = {_quote(name)}"
        return bool(self.query("postgres", sql))

    def _rename(self, old, new):
        """Rename a database and its files; the files first, as in :meth:`copy`."""
        shutil.rmtree(self.filestore / new, ignore_errors=True)
        if (self.filestore / old).exists():
            (self.filestore / old).rename(self.filestore / new)
        self.query("postgres", f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def query(self, name, sql):
        """Run SQL in the database ``name``; return its rows, each a list of texts."""
        return self.postgres.query(name, sql)

    def get_parameter(self, name, key):
        """Return a system parameter's value, or None."""
        sql = f"SELECT value FROM ir_config_parameter WHERE key = {_quote(key)}"
        rows = self.query(name, sql)
        return rows[0][0] if rows else None

    def set_parameter(self, name, key, value):
        """Set a system parameter; no server may be running on the database."""
        self.query(
            name,
            "INSERT INTO ir_config_parameter (key, value) "
            f"VALUES ({_quote(key)}, {_quote(value)}) "
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        )

    def shell(self, name, code, addons=()):
        """Run Python ``code`` in ``odoo shell`` with ``env``; return its Result.

        :param addons: more folders with add-ons
        """
        options = ["shell", "-d", name, "--no-http", "--shell-interface", "python"]
        options += self._addons_options(addons)
        log = self._logs / f"{name}.shell.log"
        return run_odoo(self.environment, *options, log=log, code=code)


def _hash(*texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _quote(text):
    return "'" + str(text).replace("'", "''") + "'"
