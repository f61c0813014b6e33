"""Checks and merges translation files.

A program of its own, run by the private environment's Python, where polib is. Prints
JSON: ``po.py check FILE…`` a list of problems, ``po.py merge …`` see :func:`merge`.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import polib

# What a translation must repeat: %s, %(name)s, {name}, ${name}.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdfr]|\$?\{[^{}]*\}")
SHOWN = 5


def check(path):
    """Return the problems of a .po or .pot file."""
    if not path.exists():
        return [f"{path}: is missing; scripts/i18n makes it"]
    try:
        catalog = polib.pofile(path, check_for_duplicates=True)
    except (OSError, ValueError) as error:
        return [f"{path}: {error}"]
    template = path.with_name(f"{path.parents[1].name}.pot")
    if path.suffix == ".pot" or not template.exists():
        return []
    return [
        *(f"{path}:{e.linenum}: fuzzy: {e.msgid!r}" for e in catalog if e.fuzzy),
        *check_placeholders(path, catalog),
        *list_some(path, "not translated", untranslated(catalog)),
        *list_some(path, "out of use", [e.msgid for e in catalog.obsolete_entries()]),
        *compare(path, catalog, polib.pofile(template)),
    ]


def untranslated(catalog):
    """Return the source texts that have no translation."""
    return [
        entry.msgid
        for entry in catalog
        if not entry.obsolete and not entry.msgstr and not any(entry.msgstr_plural)
    ]


def check_placeholders(path, catalog):
    """Return the entries whose translation has other placeholders than the text."""
    return [
        f"{path}:{entry.linenum}: other placeholders than in {entry.msgid!r}"
        for entry in catalog
        if entry.msgstr
        and Counter(PLACEHOLDER.findall(entry.msgid))
        != Counter(PLACEHOLDER.findall(entry.msgstr))
    ]


def compare(path, catalog, template):
    """Return the differences in texts between a translation and its template."""
    own = {entry.msgid for entry in catalog if not entry.obsolete}
    all_texts = {entry.msgid for entry in template}
    return [
        *list_some(path, "in the .pot alone", sorted(all_texts - own)),
        *list_some(path, "not in the .pot", sorted(own - all_texts)),
    ]


def list_some(path, title, texts):
    """Return one line that counts the texts and shows the first."""
    if not texts:
        return []
    shown = ", ".join(repr(text) for text in texts[:SHOWN])
    more = ", …" if len(texts) > SHOWN else ""
    return [f"{path}: {len(texts)} {title}: {shown}{more}"]


def merge(module, exported, languages, write):
    """Bring a module's i18n folder up to date with a newly exported template.

    Existing translations of the same text stay, those of dropped texts go.

    :param module: the module's folder
    :param exported: the .pot file that Odoo has just written
    :param write: False to look only
    :return: ``{"changed": [file], "untranslated": {language: [text]}}``
    """
    folder = module / "i18n"
    path = folder / f"{module.name}.pot"
    template = polib.pofile(exported)
    result = {"changed": [], "untranslated": {}}
    if path.exists() and entries(polib.pofile(path)) == entries(template):
        template = polib.pofile(path)  # its dates, too, stay
    else:
        save(path, str(template), write, result)
    for language in languages:
        path = folder / f"{language}.po"
        old = polib.pofile(path) if path.exists() else polib.POFile()
        new = translate(template, old, language)
        save(path, str(new), write, result)
        result["untranslated"][language] = untranslated(new)
    return result


def entries(catalog):
    """Return all of a catalog but its header, to compare it."""
    return [str(entry) for entry in catalog]


def translate(template, old, language):
    """Return the template's entries with the translations known from ``old``."""
    known = {
        entry.msgid: entry.msgstr
        for entry in old
        if not entry.obsolete and not entry.fuzzy
    }
    new = polib.POFile()
    new.header = template.header
    new.metadata = {**template.metadata, "Language": language}
    if team := old.metadata.get("Language-Team"):
        new.metadata["Language-Team"] = team
    for entry in template:
        new.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=entry.flags,
            )
        )
    return new


def save(path, text, write, result):
    """Write a file if its content changes, and note that it does."""
    text = text.rstrip("\n") + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    result["changed"].append(str(path))
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check")
    checking.add_argument("files", nargs="*", type=Path)
    merging = commands.add_parser("merge")
    merging.add_argument("module", type=Path)
    merging.add_argument("exported", type=Path)
    merging.add_argument("languages", nargs="+")
    merging.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.command == "check":
        answer = [problem for file in options.files for problem in check(file)]
    else:
        answer = merge(
            options.module, options.exported, options.languages, options.write
        )
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
