"""The PostgreSQL the databases live in: yours if PGHOST is set, else a private cluster.

The private cluster has no TCP port: a socket in the cache folder, which nobody else may
enter. It is tuned for tests and development; a power cut may lose its content.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

from . import locks
from .console import Problem

TOOLS = ("initdb", "pg_ctl", "postgres", "psql", "createdb", "dropdb")
OLDEST = 13
USER = "odoo"
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "jit=off",
    "shared_buffers=512MB",
    "max_wal_size=1GB",
    "max_connections=200",
)
SOCKET_PATH_LIMIT = 107  # bytes, of Linux


class Postgres:
    """Finds, starts and stops PostgreSQL, and runs SQL on it."""

    def __init__(self, environment):
        self._environment = environment
        self.folder = environment.cache / "postgres"
        self.in_use = environment.cache / "locks/postgres-in-use"

    @property
    def is_private(self):
        """Whether the cluster is ours, not one that PGHOST names."""
        return not os.environ.get("PGHOST")

    # ------------------------------------------------------------------
    # Where it is
    # ------------------------------------------------------------------

    @property
    def bin_folder(self):
        """Folder with initdb, pg_ctl and psql, or None."""
        roots = [Path("/usr/lib/postgresql"), *self._unpacked_roots()]
        for root in roots:
            for folder in sorted(root.glob("*/bin"), key=_version, reverse=True):
                complete = all((folder / tool).exists() for tool in TOOLS)
                if complete and _version(folder) >= OLDEST:
                    return folder
        return None

    def _unpacked_roots(self):
        return [self._environment.system / "usr/lib/postgresql"]

    def is_available(self):
        """Return whether the programs needed are there."""
        if self.is_private:
            return self.bin_folder is not None
        return bool(shutil.which("psql") or self.bin_folder)

    @cached_property
    def _data(self):
        return self._home / "data"

    @cached_property
    def _home(self):
        """Folder of the cluster; outside a cache the server may not enter."""
        if not self._as_nobody or _may_enter(self._environment.cache):
            return self.folder
        return Path("/var/tmp") / f"order_desk-{_digest(self.folder)}"

    @cached_property
    def socket(self):
        """Folder of the private cluster's socket."""
        folder = self._home / "socket"
        if len(os.fsencode(folder)) + len("/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT:
            return folder
        temporary = Path(tempfile.gettempdir())
        return temporary / f"order_desk-{os.getuid()}-{_digest(self.folder)}"

    def environ(self):
        """Return the variables with which psql and Odoo find the server."""
        if not self.is_private:
            return {}
        return {"PGHOST": str(self.socket), "PGPORT": "5432", "PGUSER": USER}

    def odoo_options(self):
        """Return the lines of Odoo's configuration that name the server.

        The replica is the server itself: Odoo then opens real read-only cursors.
        """
        variables = {**os.environ, **self.environ()}
        names = {"db_host": "PGHOST", "db_port": "PGPORT", "db_user": "PGUSER"}
        options = {
            option: variables[name]
            for option, name in names.items()
            if variables.get(name)
        }
        options["db_replica_host"] = options["db_host"]
        if "db_port" in options:
            options["db_replica_port"] = options["db_port"]
        return options

    # ------------------------------------------------------------------
    # Starting and stopping
    # ------------------------------------------------------------------

    def start(self, inherit=False):
        """Start the private cluster, or check the server that PGHOST names.

        :param inherit: whether a program this process turns into needs it, too

        :raise Problem: it does not start, or does not answer
        """
        self._environment.ensure("postgres")
        if self.is_private:
            with locks.lock(self._environment.cache / "locks/postgres"):
                self._start_private()
        self._hold = locks.hold_shared(self.in_use)
        os.set_inheritable(self._hold.fileno(), inherit)
        try:
            self._check_rights()
        except Problem as problem:
            if problem.mend:
                raise
            raise Problem(
                f"PostgreSQL does not answer: {problem.what}",
                "check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to have "
                "a private PostgreSQL set up.",
            ) from problem

    def _check_rights(self):
        """Refuse a server or a user with which Odoo cannot work."""
        sql = (
            "SELECT current_setting('server_version_num')::int / 10000, current_user, "
            "rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        version, user, may_create = self.query("postgres", sql)[0]
        if int(version) < OLDEST:
            raise Problem(
                f"This is PostgreSQL {version}; Odoo 19 needs {OLDEST} or newer.",
                "set PGHOST to a newer one, or unset it to have one set up.",
            )
        if user == "postgres":
            raise Problem(
                "Odoo refuses to work as PostgreSQL's user postgres.",
                "make another user, as postgres: createuser --createdb odoo; then set "
                "PGUSER=odoo",
            )
        if may_create != "t":
            raise Problem(
                f"PostgreSQL's user {user} may not create databases.",
                f'run, as its administrator: psql -c "ALTER ROLE {user} CREATEDB"',
            )

    def _start_private(self):
        if self.is_running():
            return
        if self._as_nobody and not _may_enter(self.bin_folder):
            raise Problem(
                "PostgreSQL refuses to run as root, and the user nobody may not enter "
                f"{self._environment.cache}.",
                "run the script as an ordinary user, or as root with "
                "ORDER_DESK_CACHE=/var/tmp/order_desk",
            )
        for folder in (self._home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if self._as_nobody:
                shutil.chown(folder, "nobody")
        if not (self._data / "PG_VERSION").exists():
            self._initialize()
        flags = " ".join(f"-c {setting}" for setting in SETTINGS)
        result = self._server_run(
            "pg_ctl",
            "-w",
            "-t",
            "60",
            *("-D", self._data),
            *("-o", f'{flags} -k "{self.socket}"'),
            *("-l", self._home / "server.log"),
            "start",
        )
        if result.returncode:
            raise Problem(
                f"PostgreSQL does not start:\n{self._tail()}\n{result.stdout[-300:]}",
                f"if its data is damaged, delete {self._home} and run the same command "
                "again; or set PGHOST to a PostgreSQL of yours.",
            )

    def _initialize(self):
        part = self._home / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(self._data, ignore_errors=True)
        options = ["-U", USER, "-A", "trust", "--no-locale", "-E", "UTF8"]
        result = self._server_run("initdb", "-D", part, *options)
        if result.returncode:
            raise Problem(
                f"initdb failed: {result.stdout[-400:]}",
                "run the script as an ordinary user, or set PGHOST.",
            )
        part.rename(self._data)

    def is_running(self):
        """Return whether the private cluster runs."""
        if not self.is_private or not (self._data / "postmaster.pid").exists():
            return False
        return not self._server_run("pg_ctl", "-D", self._data, "status").returncode

    def stop(self):
        """Stop the private cluster unless somebody uses it.

        :return: a sentence that tells what happened
        """
        if not self.is_private:
            return "PostgreSQL is yours and was left running."
        if not self.bin_folder or not self.is_running():
            return "The private PostgreSQL was not running."
        if locks.is_in_use(self.in_use):
            return "The private PostgreSQL is left running: another script uses it."
        self._server_run("pg_ctl", "-w", "-m", "fast", "-D", self._data, "stop")
        return "The private PostgreSQL was stopped."

    @property
    def hold(self):
        """File handles a child process must inherit to keep the server in use."""
        return [self._hold.fileno()] if getattr(self, "_hold", None) else []

    def release(self):
        """Tell :meth:`stop` that this process needs the server no longer."""
        if self.hold:
            self._hold.close()
            self._hold = None

    @cached_property
    def _as_nobody(self):
        return os.geteuid() == 0 and self.is_private and not _has_user_namespaces()

    def _server_run(self, tool, *arguments):
        """Run a server program; PostgreSQL refuses root, so under another identity."""
        command = [self.bin_folder / tool, *arguments]
        if self._as_nobody:
            command = ["runuser", "-u", "nobody", "--", *command]
        elif os.geteuid() == 0:
            mapping = ["--user", "--map-user=1000", "--map-group=1000"]
            command = ["unshare", *mapping, "--", *command]
        libraries = ":".join(self._environment.library_folders())
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            # A file, not a pipe: the server keeps the handle open.
            result = subprocess.run(
                list(map(str, command)),
                cwd="/",
                env={**os.environ, "LD_LIBRARY_PATH": libraries, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            output.seek(0)
            result.stdout = output.read()
        return result

    def _tail(self):
        log = self._home / "server.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(f"  {line}" for line in lines[-8:])

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    def query(self, database, sql):
        """Run ``sql`` and return its rows, each a list of texts.

        :raise Problem: with PostgreSQL's message
        """
        options = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-R", "\x1e"]
        output = self.run("psql", *options, "-d", database, "-c", sql).rstrip("\n")
        return [row.split("\x1f") for row in output.split("\x1e")] if output else []

    def run(self, tool, *arguments):
        """Run a client program such as createdb and return its output.

        :raise Problem: with PostgreSQL's message
        """
        program = self.bin_folder / tool if self.bin_folder else tool
        environ = {**os.environ, **self.environ(), "LC_ALL": "C.UTF-8"}
        unpacked = self.bin_folder and self._environment.system in program.parents
        if unpacked:
            environ["LD_LIBRARY_PATH"] = ":".join(self._environment.library_folders())
        result = subprocess.run(
            [str(program), *map(str, arguments)],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise Problem(result.stderr.strip() or f"{tool} failed")
        return result.stdout


def _version(bin_folder):
    found = re.match(r"\d+", bin_folder.parent.name)
    return int(found.group()) if found else 0


def _digest(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _may_enter(folder):
    """Return whether the user nobody may enter ``folder``."""
    command = ["runuser", "-u", "nobody", "--", "test", "-x", str(folder)]
    return subprocess.run(command, cwd="/", check=False).returncode == 0


def _has_user_namespaces():
    result = subprocess.run(
        ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", "true"],
        capture_output=True,
        check=False,
    )
    return result.returncode == 0
