"""scripts/i18n: translation files that match the code, and what they lack."""

import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from .console import Problem, say
from .database import LANGUAGES, Databases
from .environment import Environment
from .processes import run_odoo

SHOWN = 200


def main():
    options = parse_options()
    environment = Environment()
    modules = options.module or environment.modules()
    if unknown := set(modules) - set(environment.modules()):
        raise Problem(f"No such module: {', '.join(sorted(unknown))}.")
    environment.ensure("odoo", "python", "postgres", "fonts")
    environment.postgres.start()
    with tempfile.TemporaryDirectory(prefix="order_desk-i18n-") as folder:
        templates = export(environment, modules, Path(folder))
        merged = {
            module: merge(environment, module, templates[module], not options.check)
            for module in modules
        }
    changed = [path for result in merged.values() for path in result["changed"]]
    missing = report(environment, merged, changed, options.check)
    return 1 if options.check and (missing or changed) else 0


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/i18n",
        description="Bring the .pot and .po files up to date with the code and list "
        "what is not translated.",
    )
    parser.add_argument("module", nargs="*", help="modules; all by default")
    parser.add_argument(
        "--check",
        action="store_true",
        help="change no file; fail if one is out of date or lacks a translation",
    )
    return parser.parse_args()


def export(environment, modules, folder):
    """Return a newly written .pot file for each module.

    It comes from a database without the demo factory, whose names nobody translates.
    """
    databases = Databases(environment)
    environment.progress.plan(databases.missing_steps(demo=False) + len(modules))
    name = databases.create(demo=False)
    templates = {}
    try:
        for module in modules:
            templates[module] = path = folder / f"{module}.pot"
            with environment.progress.step(f"Texts of {module}"):
                command = ("i18n", "export", "-d", name, "-o", path, module)
                log = environment.cache / "logs/i18n.log"
                run_odoo(environment, *command, log=log).check("Exporting the texts")
            if not path.exists():
                raise Problem(f"Odoo exported no text of {module}.", f"see {log}")
    finally:
        databases.drop(name)
    return templates


def merge(environment, module, template, write):
    """Merge a template into the module's files; return what po.py says about it."""
    program = Path(__file__).with_name("po.py")
    command = [environment.python, "-P", program, "merge"]
    command += ["--write"] if write else []
    command += [environment.root / module, template, *LANGUAGES]
    result = subprocess.run(
        command,
        env=environment.environ(),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if result.returncode:
        words = result.stderr.strip().splitlines()[-1:]
        raise Problem(
            f"The translations of {module} cannot be read: {' '.join(words)}",
            f"scripts/lint {module}/i18n shows where.",
        )
    return json.loads(result.stdout)


def report(environment, merged, changed, checking):
    """Print what changed and what is not translated; return how many texts are not."""
    for path in changed:
        name = Path(path).relative_to(environment.root)
        say(f"{name}: {'out of date' if checking else 'updated'}")
    total = 0
    for module, result in merged.items():
        for language, texts in result["untranslated"].items():
            total += len(texts)
            say(f"{module} {language}: {len(texts)} not translated")
            for text in texts[:SHOWN]:
                say(f"    {shorten(text)}")
            if len(texts) > SHOWN:
                say(f"    and {len(texts) - SHOWN} more")
    say(f"{total} not translated in all" if total else "Everything is translated")
    return total


def shorten(text):
    """Return a text on one line that fits the terminal."""
    line = " ".join(text.split())
    width = shutil.get_terminal_size().columns - 5
    return line if len(line) <= width else f"{line[: width - 1]}…"
