"""Texts people see, without the gettext programs: Babel finds them, polib keeps the English translation.

``messages.py`` brings ``locale/en`` up to date, ``--check`` judges it without writing, ``--compile`` builds the ``.mo``
files that Django reads. Chinese is the source language and needs no catalogue.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "shuzheng"
#: Babel's way of saying which argument is the text, the plural and the context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w*\}")
TRANSLATED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
#: What needs no translation: comments, and words marked as Chinese on every page (``lang="zh-Hans"``).
HIDDEN = re.compile(r"""<!--.*?-->|<(\w+)[^>]*\blang="zh[^"]*"[^>]*>[^<{]*</\1>""", re.DOTALL)
HEADER = {
    "Project-Id-Version": "shuzheng",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def sources(root: Path) -> Iterator[Path]:
    """Yield every Python module and template that may hold a text, in a stable order."""
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt")]):
        if (path.suffix == ".py" and "migrations" not in path.parts) or "templates" in path.parts:
            yield path


def python_of(path: Path) -> str:
    """Return the text of a module, or of a template turned into Python calls of gettext."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return text
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def shown(path: Path) -> str:
    """Return a path as people see it: from the repository's root where it lies inside."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def extract(root: Path) -> polib.POFile:
    """Return a catalogue of every text under ``root``, untranslated, with the files it stands in."""
    from babel.messages.extract import extract as find

    found = polib.POFile(wrapwidth=110)
    entries: dict[tuple[str | None, str], polib.POEntry] = {}
    for path in sources(root):
        stream = io.BytesIO(python_of(path).encode())
        for _line, message, _comments, context in find("python", stream, KEYWORDS, options={"encoding": "utf-8"}):
            singular, plural = message if isinstance(message, tuple) else (message, "")
            entry = entries.get((context, singular))
            if entry is None:
                entry = entries[context, singular] = polib.POEntry(msgid=singular, msgid_plural=plural, msgctxt=context)
                if plural:
                    entry.msgstr_plural = {0: "", 1: ""}
                found.append(entry)
            if (place := (path.relative_to(root).as_posix(), "")) not in entry.occurrences:
                entry.occurrences.append(place)
    return found


def by_key(catalogue: polib.POFile) -> dict[tuple[str | None, str], polib.POEntry]:
    """Return the entries by context and text: one text may mean two things."""
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue}


def merge(found: polib.POFile, known: polib.POFile) -> polib.POFile:
    """Return the texts found, with the translations already known; texts no longer used are dropped."""
    found.metadata = HEADER
    translated = by_key(known)
    for entry in found:
        if old := translated.get((entry.msgctxt, entry.msgid)):
            entry.msgstr, entry.flags, entry.tcomment = old.msgstr, old.flags, old.tcomment
            if entry.msgid_plural and old.msgstr_plural:
                entry.msgstr_plural = old.msgstr_plural
    return found


def problems_of_catalogue(found: polib.POFile, known: polib.POFile) -> Iterator[str]:
    """Yield what keeps the English translation from being complete."""
    wanted, have = by_key(found), by_key(known)
    for entry in found:
        if (entry.msgctxt, entry.msgid) not in have:
            yield f"{entry.occurrences[0][0]}: not in the catalogue, run `make messages`: {entry.msgid!r}"
    for key, entry in have.items():
        if key not in wanted or entry.obsolete:
            yield f"no longer used, run `make messages`: {entry.msgid!r}"
        elif entry.fuzzy or not entry.translated():
            yield f"{entry.occurrences[0][0] if entry.occurrences else '?'}: no English yet: {entry.msgid!r}"
        elif strange := misplaced(entry):
            yield f"the English of {entry.msgid!r} has other placeholders: {', '.join(sorted(strange))}"


def misplaced(entry: polib.POEntry) -> set[str]:
    """Return the placeholders that stand in only one of the two languages; a plural may leave out the number."""
    asked = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
    given = set(PLACEHOLDER.findall("".join([entry.msgstr or "", *entry.msgstr_plural.values()])))
    return asked ^ given


def problems_of_calls(path: Path) -> Iterator[str]:
    """Yield calls of gettext whose text is put together at run time, which no catalogue can hold."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        text = node.args[1 if "pgettext" in name and len(node.args) > 1 else 0]
        if name in KEYWORDS and isinstance(text, ast.JoinedStr | ast.BinOp | ast.Call):
            yield f"{shown(path)}:{node.lineno}: {name}() needs a plain text; use %(name)s or format the result"


def problems_of_template(path: Path) -> Iterator[str]:
    """Yield Chinese words that stand outside ``translate`` and ``blocktranslate``."""
    from django.template.base import Lexer, TokenType

    closing = ""
    for token in Lexer(HIDDEN.sub(lambda m: "\n" * m[0].count("\n"), path.read_text("utf-8"))).tokenize():
        tag = (token.contents.split() or [""])[0] if token.token_type == TokenType.BLOCK else ""
        if closing:
            closing = "" if tag == closing else closing
        elif tag in {"blocktranslate", "blocktrans", "comment"}:
            closing = f"end{tag}"
        elif tag in {"translate", "trans"} or token.token_type == TokenType.COMMENT:
            continue
        elif word := CHINESE.search(rest := TRANSLATED.sub("", token.contents)):
            line = (token.lineno or 1) + rest[: word.start()].count("\n")
            yield f"{shown(path)}:{line}: Chinese outside {{% translate %}}: {token.contents.strip()[:60]!r}"


def check(root: Path, catalogue: Path) -> list[str]:
    """Return everything that is wrong with the texts and their translation."""
    known = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    problems: list[str] = []
    for path in sources(root):
        problems += problems_of_calls(path) if path.suffix == ".py" else problems_of_template(path)
    return problems + list(problems_of_catalogue(extract(root), known))


def update(root: Path, catalogue: Path) -> polib.POFile:
    """Bring the catalogue up to date and return it."""
    known = polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()
    merged = merge(extract(root), known)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    merged.save(str(catalogue))
    return merged


def compile_all(root: Path) -> int:
    """Build the ``.mo`` file beside every ``.po`` file; return how many."""
    catalogues = sorted((root / "locale").rglob("*.po"))
    for path in catalogues:
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return len(catalogues)


def main() -> int:
    """Do what the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="judge, write nothing, exit 1 where something is missing")
    parser.add_argument("--compile", action="store_true", help="build the .mo files")
    given = parser.parse_args()
    catalogue = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if given.compile:
        print(f"{compile_all(SOURCE)} translation(s) compiled.")
        return 0
    if given.check:
        problems = check(SOURCE, catalogue)
        print(*problems, sep="\n", end="\n" if problems else "")
        print(f"{len(problems)} problem(s) in texts.")
        return 1 if problems else 0
    merged = update(SOURCE, catalogue)
    print(f"{len(merged)} texts, {len(merged.untranslated_entries())} without English: {catalogue.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
