"""scripts/lint: every check of the files, without starting Odoo."""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import urllib.parse
from functools import cached_property
from pathlib import Path

from .console import Problem, say
from .database import LANGUAGES
from .environment import Environment

SKIPPED_FOLDERS = {".git", "__pycache__", "build", "dist", "node_modules"}
SKIPPED_SUFFIXES = ("_cache", ".egg-info")
GENERATED = {"package-lock.json"}
PRETTIER_SUFFIXES = {".cjs", ".css", ".js", ".json", ".mjs", ".scss", ".xml", ".yml"}
SCRIPT_SUFFIXES = {".cjs", ".js", ".mjs"}
TIMEOUT = 600


class Lint:
    """The files to check and the tools to check them with."""

    def __init__(self, environment, paths=None, fix=False):
        self.environment = environment
        self.root = environment.root.resolve()
        self.fix = fix
        self.files = sorted(find_files(self.root, paths))

    def run(self):
        """Run every check; return the problems as texts."""
        problems = []
        for name, files, check in self._checks():
            if not files:
                say(f"  {name}: no such files")
                continue
            try:
                checked, found = check(files)
            except (OSError, ValueError, subprocess.TimeoutExpired) as error:
                checked, found = len(files), [f"{name} could not run: {error}"]
            if not checked:
                found.append(f"{name} checked nothing, though there are {len(files)}")
            say(f"  {name}: {checked} files, {len(found)} problems")
            problems += found
        return problems

    def _checks(self):
        python = self._python_files()
        formatted = [
            file
            for file in self._with_suffix(PRETTIER_SUFFIXES)
            if file.name not in GENERATED
        ]
        return (
            ("ruff check", python, self._ruff_check),
            ("ruff format", python, self._ruff_format),
            ("pylint-odoo", self._module_python_files(), self._pylint),
            ("prettier", formatted, self._prettier),
            ("eslint", self._with_suffix(SCRIPT_SUFFIXES), self._eslint),
            ("bash -n", self._scripts("bash", "sh"), self._bash),
            ("translations", self._translation_files(), self._translations),
            ("hosts and paths", self.files, self._hosts_and_paths),
        )

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _with_suffix(self, suffixes):
        return [file for file in self.files if file.suffix in suffixes]

    def _scripts(self, *interpreters):
        """Return the files without suffix whose first line names an interpreter."""
        pattern = re.compile(rb"#!.*\b(%s)" % "|".join(interpreters).encode())
        found = []
        for file in self.files:
            if not file.suffix and file.is_file():
                with file.open("rb") as stream:
                    if pattern.match(stream.readline(200)):
                        found.append(file)
        return found

    def _python_files(self):
        return self._with_suffix({".py"}) + self._scripts("python")

    def _module_python_files(self):
        modules = self.environment.modules()
        return [
            file
            for file in self._with_suffix({".py"})
            if self._relative(file).parts[0] in modules
        ]

    def _translation_files(self):
        """Return the files that each module should have, and those there are."""
        modules = set(self.environment.modules())
        touched = {self._relative(file).parts[0] for file in self.files} & modules
        wanted = {
            self.root / module / "i18n" / name
            for module in touched
            for name in (f"{module}.pot", *(f"{lang}.po" for lang in LANGUAGES))
        }
        return sorted(wanted | set(self._with_suffix({".po", ".pot"})))

    def _relative(self, file):
        return Path(file).resolve().relative_to(self.root)

    # ------------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------------

    def _call(self, *command, **variables):
        """Run a tool in the checkout."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.root,
            env=self.environment.environ(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
        )

    def _python_tool(self, name, *arguments):
        cache = str(self.environment.cache / "ruff")
        python = self.environment.python
        return self._call(python, "-m", name, *arguments, RUFF_CACHE_DIR=cache)

    def _node_tool(self, script, *arguments):
        # The tools live in the cache: their plugins are found by NODE_PATH or by path.
        modules = self.environment.node_modules
        return self._call("node", modules / script, *arguments, NODE_PATH=str(modules))

    def _ruff_check(self, files):
        options = ["--fix"] if self.fix else []
        result = self._python_tool(
            "ruff", "check", "--output-format=json", *options, "--", *files
        )
        problems = [
            f"{self._relative(found['filename'])}:{found['location']['row']}: "
            f"{found['message']} ({found['code'] or 'syntax'})"
            for found in read_json(result, "ruff")
        ]
        shown = self._python_tool("ruff", "check", "--show-files", "--", *files)
        return len(shown.stdout.splitlines()), problems

    def _ruff_format(self, files):
        options = [] if self.fix else ["--check"]
        result = self._python_tool("ruff", "format", *options, "--", *files)
        text = result.stdout + result.stderr
        problems = [
            f"{self._relative(self.root / name)}: not formatted; scripts/lint --fix"
            for name in re.findall(r"^Would reformat: (.+)$", text, re.M)
        ]
        # Newer versions show what they would change instead of that line.
        problems += [
            f"{self._relative(self.root / name)}: not formatted; scripts/lint --fix"
            for name in re.findall(r"^unformatted:.*\n\s*--> (.+?):\d+", text, re.M)
        ]
        counts = re.findall(r"(\d+) files? (?:would be|left|already|re)", text)
        return sum(map(int, counts)), unexplained("ruff format", result, problems)

    def _pylint(self, files):
        modules = sorted({self._relative(file).parts[0] for file in files})
        result = self._python_tool("pylint", "--output-format=json2", *modules)
        report = read_json(result, "pylint")
        problems = [
            f"{found['path']}:{found['line']}: {found['message']} ({found['symbol']})"
            for found in report["messages"]
        ]
        return report["statistics"]["modulesLinted"], problems

    def _prettier(self, files):
        plugin = self.environment.node_modules / "@prettier/plugin-xml/src/plugin.js"
        result = self._node_tool(
            "prettier/bin/prettier.cjs",
            f"--plugin={plugin}",
            f"--config={self.root / '.prettierrc.json'}",
            "--ignore-path=",  # no list of ignored files hides one
            "--write" if self.fix else "--list-different",
            "--log-level=log",
            *files,
        )
        if self.fix:
            problems = []
        else:
            problems = [
                f"{self._relative(self.root / name)}: not formatted; scripts/lint --fix"
                for name in result.stdout.splitlines()
            ]
        problems += re.findall(r"^\[error\] (.+: SyntaxError.*)$", result.stderr, re.M)
        return len(files), unexplained("prettier", result, problems)

    def _eslint(self, files):
        options = ["--fix"] if self.fix else []
        result = self._node_tool(
            "eslint/bin/eslint.js",
            f"--config={self.root / 'eslint.config.cjs'}",
            "--format=json",
            *options,
            *files,
        )
        reports = read_json(result, "eslint")
        problems = [
            f"{self._relative(report['filePath'])}:{found.get('line', 1)}: "
            f"{found['message']} ({found['ruleId']})"
            for report in reports
            for found in report["messages"]
        ]
        return len(reports), problems

    def _bash(self, files):
        problems = []
        for file in files:
            result = self._call("bash", "-n", file)
            problems += unexplained(f"bash -n {self._relative(file)}", result, [])
        return len(files), problems

    # ------------------------------------------------------------------
    # Translations
    # ------------------------------------------------------------------

    def _translations(self, files):
        """Check the files with polib, which only the private environment has."""
        names = [self._relative(file) for file in files]
        program = Path(__file__).with_name("po.py")
        result = self._call(self.environment.python, "-P", program, "check", *names)
        return len(files), read_json(result, "polib")

    # ------------------------------------------------------------------
    # Hosts and paths of this machine
    # ------------------------------------------------------------------

    def _hosts_and_paths(self, files):
        words = {f"the registry host {host}": host for host in self._registry_hosts}
        words |= {f"the path {path} of this machine": path for path in self._own_paths}
        # A longer path or host may end in the same letters.
        patterns = {
            title: re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])")
            for title, word in words.items()
        }
        checked, problems = 0, []
        for file in files:
            text = read_text(file)
            if text is None:
                continue
            checked += 1
            for title, pattern in patterns.items():
                if match := pattern.search(text):
                    line = text.count("\n", 0, match.start()) + 1
                    problems.append(f"{self._relative(file)}:{line}: names {title}")
        return checked, problems

    @property
    def _own_paths(self):
        """Return folders of this machine that no file may name."""
        folders = {self.root, self.environment.cache, Path.home()}
        # A single name, such as a checkout in the root folder, may mean something else.
        return sorted(str(path) for path in folders if len(path.parts) > 2)

    @cached_property
    def _registry_hosts(self):
        """Return the hosts that pip, apt and npm fetch from on this machine."""
        texts = [
            self._output(self.environment.python, "-c", PIP_INDEXES),
            self._output("apt-get", "update", "--print-uris"),
            self._output("npm", "config", "get", "registry"),
            *(value for name, value in os.environ.items() if name.startswith("PIP_")),
        ]
        texts += [text for file in pip_configurations() if (text := read_text(file))]
        urls = re.findall(r"https?://[^\s'\"]+", "\n".join(texts))
        hosts = {urllib.parse.urlsplit(url).hostname or "" for url in urls}
        return sorted(host for host in hosts if "." in host and host != "127.0.0.1")

    def _output(self, *command):
        """Return what a program prints; nothing if it is not there."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            return self._call(*command).stdout
        return ""


# Prints pip's default addresses: they count when nothing else is configured.
PIP_INDEXES = """
import ensurepip, pathlib, sys
for wheel in (pathlib.Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"):
    sys.path.insert(0, str(wheel))
from pip._internal.models.index import PyPI
print(PyPI.url, f"https://{PyPI.file_storage_domain}")
"""


def pip_configurations():
    """Return the files in which pip looks for its indexes."""
    home = Path.home()
    return [
        Path(file)
        for file in (
            os.environ.get("PIP_CONFIG_FILE", os.devnull),
            "/etc/pip.conf",
            home / ".pip/pip.conf",
            Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "pip/pip.conf",
        )
        if Path(file).is_file()
    ]


def find_files(root, paths=None):
    """Yield the files below ``paths``, or all of the checkout that belong to it."""
    for start in [Path(path).resolve() for path in paths or [root]]:
        if not start.is_relative_to(root) or not start.exists():
            raise Problem(f"There is no {start} in {root}.")
        if start.is_file():
            yield start
        for folder, folders, names in os.walk(start):
            folders[:] = [name for name in folders if not is_skipped(name)]
            yield from (Path(folder) / name for name in names)


def is_skipped(name):
    """Return whether a folder holds only what a tool has made."""
    return name in SKIPPED_FOLDERS or name.endswith(SKIPPED_SUFFIXES)


def read_text(file):
    """Return the text of a file, or None if it holds something else."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:  # an editor's passing file
        return None
    with contextlib.suppress(UnicodeDecodeError):
        return None if b"\0" in content else content.decode()
    return None


def read_json(result, name):
    """Return a tool's JSON output.

    :raise ValueError: with the tool's last words, when it broke
    """
    try:
        return json.loads(result.stdout)
    except json.JSONDecodeError as error:
        words = (result.stderr or result.stdout).strip()
        raise ValueError(f"{name}: {words[-500:] or 'no output'}") from error


def unexplained(name, result, problems):
    """Return the problems; a failure without any becomes one itself."""
    if result.returncode and not problems:
        words = (result.stderr + result.stdout).strip()
        return [f"{name}: {words[-500:] or f'exit code {result.returncode}'}"]
    return problems


def run(environment, paths=None, fix=False):
    """Check the files; return the problems found, as texts.

    :param environment: with the parts "python" and "node" set up
    :param paths: files and folders of the checkout, by default all
    :param fix: let the tools mend what they can
    """
    return Lint(environment, paths, fix).run()


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/lint", description="Check the form of all files."
    )
    parser.add_argument("path", nargs="*", help="files or folders; all by default")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    options = parser.parse_args()
    environment = Environment()
    environment.ensure("python", "node")
    problems = run(environment, options.path, options.fix)
    for problem in problems:
        print(problem, file=sys.stderr)
    say(f"{len(problems)} problems" if problems else "Clean")
    return 1 if problems else 0
