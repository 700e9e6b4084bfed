"""Every page of the documentation can be reached from its navigation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import docs_nav, reference

DOCS = reference.ROOT / "docs"


def pages_of(nav: list[Any]) -> Iterator[str]:
    """Yield the pages of a navigation."""
    for entry in nav:
        if isinstance(entry, str):
            yield entry
        else:
            for below in entry.values():
                yield from pages_of(below)


def test_every_page_is_in_the_navigation_once() -> None:
    listed = list(pages_of(docs_nav.navigation(DOCS)))
    assert sorted(listed) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_the_index_of_a_section_comes_first(tmp_path: Path) -> None:
    (tmp_path / "adr").mkdir()
    for name in ("index.md", "adr/0001-a.md", "adr/index.md", "roadmap.md"):
        (tmp_path / name).write_text("# x\n", "utf-8")
    nav = docs_nav.navigation(tmp_path)
    assert nav[0] == "index.md"
    assert nav[-2:] == [{"Decisions": ["adr/index.md", "adr/0001-a.md"]}, "roadmap.md"]


def test_every_engine_and_pack_has_a_page_from_its_readme() -> None:
    pages = docs_nav.readmes(reference.ROOT)
    engines = {path.parent.name for path in (reference.ROOT / "src/shuzheng/engines").glob("*/apps.py")}
    packs = {path.parent for path in (reference.ROOT / "packs").rglob("pack.yaml")}
    assert {f"reference/engines/{name}.md" for name in engines} <= pages.keys()
    assert packs == {path.parent for page, path in pages.items() if page.startswith("reference/packs/")}
    assert set(pages) <= set(pages_of(docs_nav.navigation(DOCS, pages)))


def test_links_of_a_readme_lead_to_pages_and_links_to_code_are_left_out(tmp_path: Path) -> None:
    engine = tmp_path / "src/shuzheng/engines/forms"
    engine.mkdir(parents=True)
    readme = engine / "README.md"
    readme.write_text("[a](../../../../docs/howto/a.md#b) [c](models/c.py) [d](https://d.cn)\n", "utf-8")
    text = docs_nav.shown(readme, "reference/engines/forms.md", tmp_path, docs_nav.readmes(tmp_path))
    assert text.startswith("[a](../../howto/a.md#b) [c] [d](https://d.cn)\n")
    assert text.endswith("This page is `src/shuzheng/engines/forms/README.md`.\n")
