"""How fast documents are made and shown, each beside its limit measured in the same run.

``python -m bench.ofd [--quick]`` needs no database. The limit of making a document is what cannot be avoided whatever the
program: putting its glyphs into fonts and compressing its parts. The limit of showing a page is parsing its XML.
"""

from __future__ import annotations

import argparse
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

LETTERS = Path(__file__).resolve().parents[1] / "packs" / "base" / "letters" / "documents"
DAY = date(2026, 11, 22)
ROW = {"number": "1", "name": "营业执照复印件", "form": "电子", "copies": "1", "reason": "不清晰，请重新提交"}


def rates(ours: Callable[[], object], limit: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Return how often a second each is done, taking turns, so that both meet the machine in the same state."""
    spent = [0.0, 0.0]
    done = 0
    ours()
    limit()
    while sum(spent) < 2 * seconds:
        for n, work in enumerate((ours, limit)):
            start = time.perf_counter()
            work()
            spent[n] += time.perf_counter() - start
        done += 1
    return done / spent[0], done / spent[1]


def letters() -> dict[str, Any]:
    """Return the letters of the pack by code, with what they include."""
    from shuzheng.engines.documents.layout.filling import expand
    from shuzheng.engines.documents.layout.template import DocumentTemplate

    bodies = [DocumentTemplate.model_validate(yaml.safe_load(file.read_text())) for file in LETTERS.glob("*.yaml")]
    by_code = {body.code: body for body in bodies}
    return {code: expand(body, by_code.__getitem__) for code, body in by_code.items()}


def examples(template: Any, rows: int) -> dict[str, Any]:
    """Return the examples of a letter, its table with so many rows."""
    values = {n: [ROW] * rows if p.kind == "rows" else p.example for n, p in template.placeholders.items()}
    return {name: value for name, value in values.items() if value}


def subsetting(composition: Any) -> Callable[[], object]:
    """Return the work of putting the glyphs of a document into fonts, and nothing else."""
    from shuzheng.engines.documents.drawing import Words
    from shuzheng.engines.documents.fonts.subset import subset

    used: dict[Any, set[str]] = {}
    for sheet in composition.sheets:
        for item in (*sheet.background, *sheet.body):
            for mark in item.marks:
                if isinstance(mark, Words):
                    used.setdefault(mark.face, set()).update(mark.text)
    return lambda: [subset(face, characters, "SZ") for face, characters in used.items()]


def unpacked(data: bytes) -> list[bytes]:
    """Return the parts of an OFD before compression; a PDF is one part, as large as its parts."""
    if not data.startswith(b"PK"):
        return [data]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def measure_making(table: Table, seconds: float) -> None:
    """Measure rendering of a decision of one page and of a notice with a long table."""
    from shuzheng.engines.documents.layout import compose_template, render_template

    for code, rows, goal in (("approval-decision", 1, 0.4), ("supplement-notice", 100, 0.1)):
        template = letters()[code]
        values = examples(template, rows)
        composition = compose_template(template, values)
        fonts = subsetting(composition)
        for format in ("ofd", "pdf"):
            data = render_template(template, values, format=format, created=DAY)
            parts = unpacked(data)
            measured = rates(
                lambda t=template, v=values, f=format: render_template(t, v, format=f, created=DAY),
                lambda f=fonts, p=parts: (f(), [zlib.compress(part, 6) for part in p]),
                seconds,
            )
            name = f"{code}, {len(composition.sheets)} page(s), {format.upper()}"
            add(table, name, *measured, goal)


def measure_showing(table: Table, seconds: float) -> None:
    """Measure reading a file and showing its first page."""
    from shuzheng.engines.documents.layout import render_template
    from shuzheng.engines.documents.ofd.document import read
    from shuzheng.engines.documents.ofd.glyphs import Outlines
    from shuzheng.engines.documents.ofd.package import Package
    from shuzheng.engines.documents.ofd.svg import page_svg

    template = letters()["approval-decision"]
    data = render_template(template, examples(template, 1), format="ofd", created=DAY)

    def parse() -> None:
        package = Package.open(data)
        for name in package.names():
            package.xml(name) if name.endswith(".xml") else package.read(name)

    def show() -> str:
        document = read(data)
        return page_svg(document, document.pages[0])

    def draw() -> None:
        parse()
        for font in fonts:
            outlines = Outlines(font)
            for character in words:
                outlines.path(character, None)

    document = read(data)
    words = sorted({c for c in document.pages[0].text if not c.isspace()})
    fonts = [font for font in document.fonts.values() if font.name == "仿宋"]
    add(table, "read an OFD, all words", *rates(lambda: read(data).pages[0].text, parse, seconds), 0.2)
    add(table, "show a page as SVG", *rates(show, draw, seconds), 0.4)


def add(table: Table, name: str, ours: float, limit: float, goal: float) -> None:
    """Add a row to the table."""
    met = "✓" if ours / limit >= goal else "✗"
    table.add_row(name, f"{ours:,.1f}/s", f"{limit:,.1f}/s", f"{ours / limit:.2f}", f"≥ {goal} {met}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure documents.")
    parser.add_argument("--quick", action="store_true", help="a moment for each, to see that everything works")
    seconds = 0.05 if parser.parse_args().quick else 3.0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.settings.dev")
    import django

    django.setup()
    table = Table("documents", "ours", "limit", "ratio", "goal")
    measure_making(table, seconds)
    measure_showing(table, seconds)
    Console().print(table)


if __name__ == "__main__":
    main()
