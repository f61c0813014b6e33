"""Debian packages without root and without naming a mirror.

A private apt configuration with the sources this machine already uses, and Debian's
unstable suite on the same mirror. Packages are unpacked, never installed.
"""

import contextlib
import getpass
import os
import re
import shutil
import subprocess

from .console import Problem

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SETTINGS = """\
Dir::State "{here}/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "{here}/cache";
Dir::Etc::sourcelist "{here}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Default-Release "{codename}";
APT::Sandbox::User "{user}";
APT::Install-Recommends "0";
Debug::NoLocking "1";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "3";
"""
KEPT = re.compile(r"(Acquire::(http|https|Retries|ForceIPv|Check-)|APT::Architecture)")
STABLE = ("stable", "oldstable")


class Apt:
    """A private apt that keeps its lists and archives below ``folder``."""

    def __init__(self, folder):
        self.folder = folder
        self.archives = folder / "cache" / "archives"
        self.ready = False

    def prepare(self):
        """Write the configuration and fetch the package lists, once per process."""
        if self.ready:
            return
        for name in ("apt-get", "apt-config", "dpkg", "dpkg-deb", "tar"):
            if not shutil.which(name):
                raise Problem(
                    f"The program {name} is missing, so no Debian package can be had.",
                    "use Debian, or set ODOO_HOME, PGHOST and CHROMIUM to yours.",
                )
        self.clean()
        for part in ("state/lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True)
        codename = _codename()
        (self.folder / "sources.list").write_text(_sources(codename))
        config = self.folder / "apt.conf"
        config.touch(mode=0o600)  # a proxy's password may be in it
        config.write_text(
            _kept_settings()
            + SETTINGS.format(
                here=self.folder, codename=codename, user=getpass.getuser()
            )
        )
        self._run("apt-get", "-qq", "update")
        self.ready = True

    def clean(self):
        """Delete lists, archives and configuration."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.ready = False

    def download(self, packages, folder, report=None):
        """Download exactly ``packages`` (name/suite) into ``folder``.

        :param report: called with a text such as "12 of 123 MB"
        """
        self.prepare()
        folder.mkdir(parents=True, exist_ok=True)
        command = ["apt-get", "-qq", "download", *packages]
        self._download(command, folder, folder, report)

    def unpack_with_dependencies(self, packages, target, report=None):
        """Unpack ``packages`` and what this machine lacks of their dependencies.

        :return: number of packages unpacked
        """
        self.prepare()
        for old in self.archives.glob("*.deb"):
            old.unlink()
        command = ["apt-get", "-qq", "-y", "--download-only", "install", *packages]
        self._download(command, self.archives, self.folder, report)
        found = sorted(self.archives.glob("*.deb"))
        target.mkdir(parents=True, exist_ok=True)
        for number, package in enumerate(found, 1):
            if report:
                report(f"unpacking {number} of {len(found)} packages")
            _check_run(["dpkg", "-x", str(package), str(target)])
            package.unlink()
        return len(found)

    def _download(self, command, folder, cwd, report):
        listing = self._run(*command[:1], "--print-uris", *command[1:])
        total = sum(int(size) for size in re.findall(r"^'.*' \S+ (\d+)", listing, re.M))
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        while True:
            try:
                output = process.communicate(timeout=1)[0]
                break
            except subprocess.TimeoutExpired:
                if report and total:
                    report(f"{_size(folder) >> 20} of {total >> 20} MB")
        if process.returncode:
            raise _apt_problem(output)

    def _run(self, *command):
        result = subprocess.run(
            command,
            env=self._environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if result.returncode:
            raise _apt_problem(result.stderr or result.stdout)
        return result.stdout

    def _environ(self):
        return {
            **os.environ,
            "APT_CONFIG": str(self.folder / "apt.conf"),
            "LC_ALL": "C",
            "DEBIAN_FRONTEND": "noninteractive",
        }


def unpack_server(packages, target):
    """Unpack the Odoo packages into ``target``, without what a run does not need."""
    site = "./usr/lib/python3/dist-packages"
    leave_out = [f"{site}/addons", f"{site}/setup", f"{site}/*.egg-info"]
    leave_out += ["./etc", "./usr/share/doc"]
    target.mkdir(parents=True)
    for package in packages:
        with subprocess.Popen(
            ["dpkg", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
        ) as archive:
            _check_run(
                ["tar", "-x", "-C", str(target), "--no-same-owner"]
                + [f"--exclude={path}" for path in leave_out],
                stdin=archive.stdout,
            )
        if archive.returncode:
            raise Problem(f"{package.name} is damaged.", "run the same command again.")


def _codename():
    release = {}
    with contextlib.suppress(OSError), open("/etc/os-release") as lines:
        release = dict(
            line.strip().replace('"', "").split("=", 1) for line in lines if "=" in line
        )
    if release.get("ID") != "debian" or "VERSION_CODENAME" not in release:
        raise Problem(
            "This is not a Debian release, so the packages of Odoo 19, PostgreSQL and "
            "Chromium cannot be fetched.",
            "set ODOO_HOME, PGHOST and CHROMIUM to the ones you have.",
        )
    return release["VERSION_CODENAME"]


def _sources(codename):
    """Return the lines of sources.list: this machine's suites and unstable."""
    output = _output(
        "apt-get",
        "indextargets",
        "--format",
        "$(RELEASE) $(COMPONENT) $(REPO_URI)",
        "Created-By: Packages",
    )
    rows = [line.split() for line in output.splitlines()]
    pairs = {(row[0], row[2]) for row in rows if len(row) == 3 and row[1] == "main"}
    if not pairs:  # `apt-get update` never ran: take what it would fetch
        output = _output("apt-get", "update", "--print-uris")
        found = re.findall(r"^'(.*/)dists/([^ ']*)/InRelease'", output, re.M)
        pairs = {(suite, mirror) for mirror, suite in found}
    pairs = sorted(
        pair for pair in pairs if pair[0].startswith((*STABLE, codename)) and pair[1]
    )
    mirrors = [mirror for suite, mirror in pairs if suite in (*STABLE, codename)]
    if not mirrors:
        raise Problem(
            "No Debian package source is configured on this machine.",
            "add one to /etc/apt/sources.list.d, as root, and run `apt-get update`.",
        )
    lines = [f"deb [signed-by={KEYRING}] {url} {suite} main" for suite, url in pairs]
    if codename != "bookworm":  # two font packages must be of this release
        lines.append(f"deb [signed-by={KEYRING}] {mirrors[0]} bookworm main")
    # A mirror that lags serves an expired list of unstable; its signature still counts.
    lines.append(
        f"deb [signed-by={KEYRING} check-valid-until=no] {mirrors[0]} sid main"
    )
    return "\n".join(lines) + "\n"


def _kept_settings():
    lines = _output("apt-config", "dump").splitlines(keepends=True)
    return "".join(line for line in lines if KEPT.match(line))


def _output(*command):
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False
    ).stdout


def _check_run(command, stdin=subprocess.DEVNULL):
    result = subprocess.run(
        command,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode:
        raise Problem(
            f"`{' '.join(command[:3])} …` failed: {result.stderr.strip()[-300:]}",
            "see that the disk is not full, and run the same command again.",
        )


def _size(folder):
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # apt renames files while we look
            size += path.stat().st_size
    return size


def _apt_problem(output):
    lines = [line for line in output.splitlines() if line.startswith(("E:", "Err"))]
    reason = "\n  ".join(lines[:4]) or output.strip()[-300:]
    return Problem(
        f"Debian packages could not be fetched:\n  {reason}",
        "see that the network is up and that `apt-get update` works as root, then run "
        "the same command again.",
    )
