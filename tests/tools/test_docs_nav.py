"""Every page of the documentation can be reached from its navigation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import docs_nav, reference

DOCS = reference.ROOT / "docs"


def pages(nav: list[Any]) -> Iterator[str]:
    """Yield the pages of a navigation."""
    for entry in nav:
        if isinstance(entry, str):
            yield entry
        else:
            for below in entry.values():
                yield from pages(below)


def test_every_page_is_in_the_navigation_once() -> None:
    listed = list(pages(docs_nav.navigation(DOCS)))
    assert sorted(listed) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_the_index_of_a_section_comes_first(tmp_path: Path) -> None:
    (tmp_path / "adr").mkdir()
    for name in ("index.md", "adr/0001-a.md", "adr/index.md", "roadmap.md"):
        (tmp_path / name).write_text("# x\n", "utf-8")
    nav = docs_nav.navigation(tmp_path)
    assert nav[0] == "index.md"
    assert nav[-2:] == [{"Decisions": ["adr/index.md", "adr/0001-a.md"]}, "roadmap.md"]
