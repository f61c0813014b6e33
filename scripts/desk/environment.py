"""What Odoo needs on this machine: fetched into one cache folder, found again later.

The parts are ``odoo``, ``python``, ``postgres``, ``browser``, ``fonts``, ``node`` and
``peers``.
Each is complete or absent: it is built beside its place and then renamed, or ends with
a marker file, so an interrupted set-up can be run again.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from functools import cached_property
from pathlib import Path

from . import locks
from .apt import Apt, unpack_server
from .console import Problem, Progress, say
from .postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
SERIES = "19.0"
TESTED = "19.0.0+dfsg-1"  # Debian's package; unstable may serve a newer one
PARTS = ("odoo", "postgres", "browser", "fonts", "python", "node", "peers")
PACKAGES = {
    "odoo": (
        "odoo-19/sid",
        "fonts-roboto-unhinted/sid",
        "fonts-montserrat/sid",
        "fonts-ocr-b/sid",
        "fonts-glyphicons-halflings/sid",
        "libjs-jquery/sid",
        "libjs-jquery-form/sid",
        "libjs-underscore/sid",
        "fonts-font-awesome/bookworm",
        "fonts-inconsolata/bookworm",
    ),
    "postgres": ("postgresql",),
    "browser": ("chromium",),
    "fonts": ("fonts-wqy-microhei", "fonts-dejavu-core", "fonts-liberation"),
}
TITLES = {
    "odoo": "Odoo 19 (123 MB)",
    "postgres": "PostgreSQL",
    "browser": "Chromium, for PDF and browser tests",
    "fonts": "Fonts, Chinese among them",
    "python": "Python packages",
    "node": "Prettier and ESLint",
    "peers": "Add-ons of others, to compare with",
}
MEGABYTES = {  # disk space each part takes
    "odoo": 1400,
    "postgres": 310,
    "browser": 700,
    "fonts": 20,
    "python": 800,
    "node": 60,
    "peers": 10,
}
DATABASES_MEGABYTES = 1500
PEERS_FILE = "requirements-bench.txt"
NODE_FILES = ("package.json", "package-lock.json", ".npmrc")
FONTS_CONF = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
LAUNCHER = """\
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def default_cache():
    """Return the folder that keeps what is fetched, outside the checkout."""
    if own := os.environ.get("ORDER_DESK_CACHE"):
        return Path(own).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().resolve() / "order_desk"


class Environment:
    """The checkout, the cache and every path the scripts need."""

    def __init__(self, root=ROOT, cache=None, progress=None):
        self.root = Path(root)
        self.cache = Path(cache or default_cache())
        self.progress = progress or Progress()
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        #: what depends on this checkout: configuration, wrappers, node modules
        self.own = self.cache / "checkouts" / digest
        self.system = self.cache / "system"  # unpacked Debian packages
        self.requirements = self.root / "requirements.txt"
        self.postgres = Postgres(self)
        self._apt = Apt(self.cache / "apt")

    # ------------------------------------------------------------------
    # Paths
    # ------------------------------------------------------------------

    @cached_property
    def odoo_path(self):
        """Folder to put on Python's path so that ``import odoo`` works."""
        if home := os.environ.get("ODOO_HOME"):
            return find_odoo(Path(home).expanduser().resolve())
        return self.cache / "odoo-19/usr/lib/python3/dist-packages"

    @property
    def venv(self):
        """The private Python environment, one for each lock file."""
        text = self.requirements.read_bytes() + str(self.odoo_path).encode()
        text += sys.version.encode()
        return self.cache / f"venv-{hashlib.sha256(text).hexdigest()[:12]}"

    @property
    def python(self):
        """The private environment's interpreter."""
        return self.venv / "bin/python"

    @property
    def launcher(self):
        """Script that starts Odoo; run it with :attr:`python`."""
        return self.cache / "odoo"

    @property
    def config(self):
        """Odoo's configuration file for this checkout."""
        return self.own / "odoo.conf"

    @property
    def data(self):
        """Odoo's data folder: filestore and sessions."""
        return self.cache / "data"

    @property
    def chromium(self):
        """The browser to run: an installed one, else a wrapper for the unpacked one."""
        if named := os.environ.get("CHROMIUM"):
            return Path(named)
        for name in ("chromium", "chromium-browser"):
            if found := shutil.which(name):
                return Path(found)
        return self.cache / "bin/chromium"

    @property
    def node_modules(self):
        """Folder in which the JavaScript tools of package.json are installed."""
        return self.own / "node/node_modules"

    @property
    def peers(self):
        """Folder with the add-ons of others, one for each list of them."""
        text = (self.root / PEERS_FILE).read_bytes()
        return self.cache / f"peers-{hashlib.sha256(text).hexdigest()[:12]}"

    def modules(self):
        """Return the names of the add-ons in the checkout's root."""
        return sorted(path.parent.name for path in self.root.glob("*/__manifest__.py"))

    def addons_paths(self):
        """Return the folders Odoo takes add-ons from, ours first."""
        own = [self.root] if self.modules() else []
        stock = [self.odoo_path / "addons", self.odoo_path / "odoo/addons"]
        return own + [path for path in stock if path.is_dir()]

    def environ(self, **more):
        """Return the environment variables for a child process."""
        environ = {**os.environ, **self.postgres.environ()}
        for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
            environ.pop(name, None)
        path = [self.own / "bin", self.cache / "bin", self.venv / "bin"]
        path += [self.postgres.bin_folder] if self.postgres.bin_folder else []
        environ.update(
            PATH=":".join([*map(str, path), os.environ.get("PATH", os.defpath)]),
            VIRTUAL_ENV=str(self.venv),
            ODOO_RC=str(self.config),
            CHROMIUM=str(self.chromium),
            FONTCONFIG_FILE=str(self.cache / "fonts.conf"),
            PYTHONUNBUFFERED="1",
            LC_ALL="C.UTF-8",
            **more,
        )
        return environ

    # ------------------------------------------------------------------
    # Setting up
    # ------------------------------------------------------------------

    def missing(self, *parts):
        """Return those of ``parts`` that are not set up yet, in a good order."""
        checks = {
            "odoo": lambda: (self.odoo_path / "odoo/release.py").exists(),
            "python": lambda: (self.venv / "complete").exists(),
            "postgres": lambda: self.postgres.is_available(),
            "browser": lambda: self.chromium.exists(),
            "fonts": lambda: (self.cache / "fonts.conf").exists(),
            "node": lambda: self._node_stamp().exists(),
            "peers": lambda: self.peers.exists(),
        }
        return [part for part in PARTS if part in parts and not checks[part]()]

    def ensure(self, *parts):
        """Set up what is missing of ``parts``; quick if nothing is.

        :raise Problem: says what is missing and what mends it
        """
        self.check_basics()
        if missing := self.missing(*parts):
            self._make_cache()
            self.progress.plan(len(missing))
            with locks.lock(self.cache / "locks/setup"):
                self._ensure_locked(missing)
        if "odoo" in parts or "python" in parts:
            self._write_own_files()

    def check_basics(self):
        """Refuse early what no set-up can mend: machine, Python, a wrong Odoo."""
        check_machine()
        self.odoo_path  # noqa: B018  it complains about a wrong ODOO_HOME

    def _ensure_locked(self, planned):
        needed = self.missing(*planned)
        if needed:
            megabytes = sum(MEGABYTES[part] for part in needed)
            self.check_space(megabytes + DATABASES_MEGABYTES)
        try:
            for part in planned:
                if part not in needed:  # another process has done it
                    self.progress.plan(-1)
                    continue
                with self.progress.step(TITLES[part]) as report:
                    getattr(self, f"_setup_{part}")(report)
        except OSError as error:
            raise Problem(
                f"The set-up could not write to {self.cache}: {error}",
                "make room or permit writing there, or set ORDER_DESK_CACHE.",
            ) from error
        finally:
            self._apt.clean()

    def _make_cache(self):
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(
                f"The cache folder {self.cache} cannot be made: {error.strerror}.",
                "set ORDER_DESK_CACHE to a folder you may write to.",
            ) from error

    def check_space(self, megabytes):
        """Refuse to begin what would end in a full disk."""
        free = shutil.disk_usage(self.cache).free >> 20
        if free < megabytes:
            raise Problem(
                f"{self.cache} has {free} MB free, {megabytes} MB are needed.",
                "make room, or set ORDER_DESK_CACHE to a folder on a larger disk.",
            )

    def _setup_odoo(self, report):
        packages = self.cache / "debs.part"
        target = self.cache / "odoo-19.part"
        for folder in (packages, target):
            shutil.rmtree(folder, ignore_errors=True)
        self._apt.download(PACKAGES["odoo"], packages, report)
        found = sorted(packages.glob("*.deb"))
        report("unpacking")
        unpack_server(found, target)
        names = "".join(f"{path.name}\n" for path in found)
        (target / "packages.txt").write_text(names)
        site = target / "usr/lib/python3/dist-packages"
        # Odoo's own command-line tests look for odoo-bin beside the package.
        shutil.copy(target / "usr/bin/odoo", site / "odoo-bin")
        # A model file that Debian leaves out; mail's asset bundle names it.
        script = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
        (site / "odoo/addons" / script).parent.mkdir(parents=True, exist_ok=True)
        (site / "odoo/addons" / script).touch()
        for path in (site / "odoo").rglob("*"):
            if path.is_symlink() and not path.exists():
                raise Problem(
                    f"Debian's packages have changed: {path.relative_to(site)} points "
                    "to nothing.",
                    "set ODOO_HOME to a checkout of Odoo 19.",
                )
        find_odoo(site)
        if f"odoo-19_{TESTED}_" not in names:
            say(f"Note: this is not the package {TESTED}, with which this was tested.")
        target.rename(self.cache / "odoo-19")
        shutil.rmtree(packages)

    def _setup_postgres(self, report):
        self._apt.unpack_with_dependencies(PACKAGES["postgres"], self.system, report)
        if not self.postgres.is_available():
            raise Problem(
                "PostgreSQL was unpacked but its programs were not found.",
                "install it as root: apt-get install postgresql",
            )

    def _setup_browser(self, report):
        self._apt.unpack_with_dependencies(PACKAGES["browser"], self.system, report)
        program = self.system / "usr/lib/chromium/chromium"
        if not program.exists():
            raise Problem(
                "Chromium was unpacked but its program was not found.",
                "install it as root: apt-get install chromium",
            )
        libraries = ":".join(self.library_folders())
        write_program(
            self.cache / "bin/chromium",
            f'#!/bin/sh\nexport LD_LIBRARY_PATH="{libraries}"\nexec "{program}" "$@"\n',
        )

    def _setup_fonts(self, report):
        self._apt.unpack_with_dependencies(PACKAGES["fonts"], self.system, report)
        text = FONTS_CONF.format(
            fonts=self.system / "usr/share/fonts", cache=self.cache / "fontcache"
        )
        write_text(self.cache / "fonts.conf", text)

    def _setup_python(self, report):
        shutil.rmtree(self.venv, ignore_errors=True)
        try:
            self._run(sys.executable, "-m", "venv", "--without-pip", self.venv)
        except subprocess.CalledProcessError as error:
            raise Problem(
                f"Python cannot make a virtual environment: {error.output[-300:]}",
                "install the full Python as root: apt-get install python3",
            ) from error
        report("downloading and installing")
        self._pip("install", "--prefer-binary", "-r", self.requirements)
        code = "import site; print(site.getsitepackages()[0])"
        site = Path(self._run(self.python, "-c", code).strip())
        (site / "order-desk-odoo.pth").write_text(f"{self.odoo_path}\n")
        self._declare_odoo(site)
        if not os.environ.get("ODOO_HOME"):
            report("compiling")
            with contextlib.suppress(subprocess.CalledProcessError):
                self._run(self.python, "-m", "compileall", "-q", self.odoo_path)
        (self.venv / "complete").touch()
        self._prune_venvs()

    @staticmethod
    def _declare_odoo(site):
        """Tell pip that Odoo is there, so that add-ons from wheels can be installed."""
        folder = site / f"odoo-{SERIES}.dist-info"
        folder.mkdir(exist_ok=True)
        text = f"Metadata-Version: 2.1\nName: odoo\nVersion: {SERIES}\n"
        (folder / "METADATA").write_text(text)
        (folder / "INSTALLER").write_text("order_desk\n")
        (folder / "RECORD").touch()

    def _prune_venvs(self):
        """Delete environments of older lock files, but the last one."""
        old = [path for path in self.cache.glob("venv-*") if path != self.venv]
        old.sort(key=lambda path: path.stat().st_mtime)
        for path in old[:-1]:
            shutil.rmtree(path, ignore_errors=True)

    def _setup_node(self, report):
        stamp = self._node_stamp()
        folder = stamp.parent
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in NODE_FILES:
            if (self.root / name).exists():
                shutil.copy(self.root / name, folder)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            self._run(*npm, cwd=folder)
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            reason = getattr(error, "output", None) or str(error)
            raise Problem(
                f"npm could not fetch the JavaScript tools: {reason.strip()[-300:]}",
                "see that the network is up, then run the same command again.",
            ) from error
        stamp.touch()

    def _node_stamp(self):
        files = [self.root / name for name in NODE_FILES]
        text = b"".join(path.read_bytes() for path in files if path.exists())
        digest = hashlib.sha256(text).hexdigest()[:12]
        return self.own / "node" / f"complete-{digest}"

    def _setup_peers(self, report):
        """Install add-ons beside the private environment, which stays as it is."""
        part = self.peers.with_name(f"{self.peers.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        # without what they depend on: that is Odoo, and no package index has it
        options = ["--no-deps", "--target", part, "-r", self.root / PEERS_FILE]
        self._pip("install", *options)
        part.rename(self.peers)

    def _pip(self, *arguments):
        """Run pip for the private environment, Debian's pip wheel if there is no other.

        :raise Problem: with pip's last words
        """
        command = [self.python, "-m", "pip", *arguments, "--disable-pip-version-check"]
        try:
            self._run(*command, PYTHONPATH=str(self._pip_wheel()))
        except subprocess.CalledProcessError as error:
            lines = [line for line in error.output.splitlines() if "ERROR" in line]
            reason = "\n  ".join(lines[-4:]) or error.output[-400:]
            raise Problem(
                f"Python packages could not be installed:\n  {reason}",
                "see that the network is up and that pip reaches its index "
                "(PIP_INDEX_URL, PIP_CERT), then run the same command again.",
            ) from error

    def _pip_wheel(self):
        """Return a wheel file of pip; pip runs from inside it."""
        folders = [Path("/usr/share/python-wheels"), self.system]
        with contextlib.suppress(ImportError):
            import ensurepip  # noqa: PLC0415  Debian leaves it out of python3

            folders.insert(0, Path(ensurepip.__file__).parent / "_bundled")
        for folder in folders:
            for wheel in sorted(folder.rglob("pip-*.whl")):
                return wheel
        self._apt.unpack_with_dependencies(["python3-pip-whl"], self.system)
        return next(self.system.rglob("pip-*.whl"))

    def _run(self, *command, cwd=None, **variables):
        """Run a program and return its output, both streams in one."""
        environ = self.environ(**variables)
        return subprocess.run(
            list(map(str, command)),
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=True,
        ).stdout

    def library_folders(self):
        """Return the folders in which unpacked programs find their libraries."""
        triplet = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
        usr = self.system / "usr/lib" / triplet
        folders = (usr, self.system / "lib" / triplet, usr / "pulseaudio")
        return [str(folder) for folder in folders]

    def _write_own_files(self):
        """Write the configuration and the programs that belong to this checkout."""
        printer = self.root / "scripts/desk/wkhtmltopdf"
        write_program(
            self.own / "bin/wkhtmltopdf",
            f'#!/bin/sh\nexec "{self.python}" "{printer}" "$@"\n',
        )
        # Odoo's browser tests look for this name first: they get our browser.
        write_program(
            self.own / "bin/google-chrome",
            f'#!/bin/sh\nexec "{self.chromium}" "$@"\n',
        )
        write_text(self.launcher, LAUNCHER)
        options = {
            "addons_path": ",".join(map(str, self.addons_paths())),
            "data_dir": self.data,
            "http_interface": "127.0.0.1",
            "list_db": False,
            **self.postgres.odoo_options(),
        }
        lines = [f"{name} = {value}" for name, value in options.items()]
        write_text(self.config, "\n".join(["[options]", *lines]) + "\n")


def check_machine():
    """Refuse a Python or a machine on which nothing of this can work."""
    if sys.version_info < (3, 11):  # noqa: UP036  a person may call an older one
        version = ".".join(map(str, sys.version_info[:3]))
        raise Problem(
            f"This is Python {version}; 3.11 or newer is needed.",
            "call the script with a newer one: python3.11 scripts/serve",
        )
    if not sys.platform.startswith("linux"):
        raise Problem(
            f"The scripts run on Linux, this is {sys.platform}.",
            "use a Linux machine, or a virtual one with Debian.",
        )


def find_odoo(home):
    """Return the folder below ``home`` that holds the package ``odoo`` 19.

    :param home: a checkout of Odoo, an unpacked package or a folder of Python packages
    :raise Problem: no Odoo there, or one of another version
    """
    candidates = [home, home / "usr/lib/python3/dist-packages"]
    if home.name == "odoo":  # the package itself was named
        candidates.append(home.parent)
    for folder in candidates:
        release = folder / "odoo/release.py"
        if release.exists():
            break
    else:
        raise Problem(
            f"There is no Odoo in {home}.",
            "set ODOO_HOME to the folder with odoo-bin, or unset it to have Odoo 19 "
            "fetched.",
        )
    found = re.search(
        r"^version_info\s*=\s*\(\s*'?\"?([^,'\"]+)'?\"?,\s*(\d+)",
        release.read_text(),
        re.M,
    )
    version = ".".join(found.groups()) if found else "unknown"
    if version != SERIES:
        raise Problem(
            f"The Odoo in {folder} is version {version}; order_desk needs {SERIES}.",
            f"set ODOO_HOME to an Odoo {SERIES}, or unset it to have it fetched.",
        )
    return folder


def write_text(path, text):
    """Write a file in one go: others see the old content or the new one."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text)
    part.rename(path)


def write_program(path, text):
    """Write an executable file in one go."""
    write_text(path, text)
    path.chmod(0o755)
