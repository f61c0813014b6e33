"""Odoo as a child process: run to the end, or as a server; and what its log says."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .console import Problem

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) "
    r"(?P<logger>[^ :]+): (?P<text>.*)"
)
LONG = 10  # lines of an entry worth showing in a message
BAD = ("WARNING", "ERROR", "CRITICAL")
STARTING = re.compile(r": Starting \S+\.test_\w+ \.\.\.")
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


@dataclass
class Entry:
    """One entry of Odoo's log; ``text`` has the lines of a traceback, too."""

    level: str
    logger: str
    text: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"

    def short(self):
        """Return the entry without the middle of its traceback, indented."""
        lines = str(self).rstrip().splitlines()
        if len(lines) > LONG:
            lines = [*lines[:2], "…", *lines[-LONG + 3 :]]
        return "\n".join(f"  {line[:300]}" for line in lines)


@dataclass
class Result:
    """What a run of Odoo left: its exit code and its log."""

    code: int
    entries: list = field(default_factory=list)
    log: Path = None

    def problems(self):
        """Return the entries that are warnings or worse; none is known as harmless."""
        return [entry for entry in self.entries if entry.level in BAD]

    def check(self, what):
        """Raise a :class:`Problem` unless Odoo ended well and logged no error."""
        errors = [entry for entry in self.problems() if entry.level != "WARNING"]
        errors += [entry for entry in self.problems() if "demo data" in entry.text]
        if not self.code and not errors:
            return self
        shown = errors or self.entries[-5:]
        text = "\n".join(entry.short() for entry in shown[:3])
        raise Problem(
            f"{what} failed (exit code {self.code}):\n{text}",
            f"the whole log is in {self.log}",
        )


def parse_log(lines):
    """Return the log's entries; lines without a head belong to the one before."""
    entries = []
    for raw in lines:
        line = raw.rstrip("\n")
        if found := LINE.match(line):
            entries.append(Entry(found["level"], found["logger"], found["text"]))
        elif entries:
            entries[-1].text += f"\n{line}"
        elif line.strip():
            entries.append(Entry("OUTPUT", "", line))
    return entries


def run_odoo(environment, *arguments, log, report=None, code=None):
    """Run an Odoo command to its end and return a :class:`Result`.

    :param log: path of the file that gets everything Odoo prints
    :param report: called with a short text on how far the installation is
    :param code: Python source for ``odoo shell``, given on standard input
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    lines, tests = [], 0
    with log.open("w") as output, _start(environment, arguments, code) as process:
        for line in process.stdout:
            output.write(line)
            lines.append(line)
            if report:
                tests += bool(STARTING.search(line))
                report(_how_far(line, tests))
    return Result(process.returncode, parse_log(lines), log)


def _how_far(line, tests):
    if found := LOADING.search(line):
        return f"module {found[2]} of {found[3]}"
    return f"{tests} tests" if tests else None


@contextlib.contextmanager
def _start(environment, arguments, code):
    process = subprocess.Popen(
        [environment.python, environment.launcher, *map(str, arguments)],
        env=environment.environ(),
        stdin=subprocess.PIPE if code else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        if code:
            process.stdin.write(code)
            process.stdin.close()
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def free_port():
    """Return a TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port):
    """Raise a :class:`Problem` if somebody listens on ``port`` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(
                f"Port {port} is taken by another program.",
                f"end that program, or take another port: --port {free_port()}",
            ) from error


class Server:
    """An Odoo server in the background.

    :param database: the only database it serves
    :param port: HTTP port, a free one by default
    :param workers: number of HTTP processes, 0 for one process with threads
    """

    def __init__(self, environment, database, port=None, workers=0, log=None):
        self.environment = environment
        self.database = database
        self.port = port or free_port()
        self.workers = workers
        self.log = log or environment.cache / f"logs/{database}.log"
        self.pid = None
        self.websocket_port = None
        self._process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, options=()):
        """Start the server; :meth:`wait` tells when it answers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [self.environment.python, self.environment.launcher]
        command += ["-d", self.database, "--http-port", self.port]
        command += ["--workers", self.workers, "--db-filter", f"^{self.database}$"]
        if self.workers:
            self.websocket_port = free_port()
            command += ["--gevent-port", self.websocket_port]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [str(part) for part in [*command, *options]],
                env=self.environment.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.environment.postgres.hold,
            )
        self.pid = self._process.pid
        return self

    def wait(self, seconds=120):
        """Wait until the server answers.

        :raise Problem: it ended, or does not answer in time
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise self._problem("ended while starting")
            if answers(self.url):
                return self
            time.sleep(0.2)
        self.stop()
        raise self._problem(f"did not answer within {seconds} s")

    def is_running(self):
        """Return whether the server started here still runs."""
        return self._process.poll() is None

    def stop(self):
        """End the server and its workers."""
        if self._process and self._process.poll() is None:
            stop_process(self.pid)
            self._process.wait()

    def _problem(self, what):
        lines = self.log.read_text(errors="replace").splitlines()[-8:]
        text = "\n".join(f"  {line}" for line in lines)
        return Problem(f"Odoo {what}:\n{text}", f"the whole log is in {self.log}")


def answers(url):
    """Return whether an Odoo answers at ``url``."""
    try:
        with urllib.request.urlopen(f"{url}/web/login", timeout=10) as response:
            return response.status == 200
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False


def is_running(pid):
    """Return whether the process ``pid`` lives and is an Odoo of ours."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z" and b"--http-port" in command


def stop_process(pid, seconds=20):
    """End a server: politely, then, after ``seconds``, by force with its children."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not is_running(pid):
                return
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.1)
        os.killpg(pid, signal.SIGKILL)
