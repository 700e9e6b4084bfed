"""Navigation of the documentation, and the pages that lie beside the code: READMEs of engines, portals and packs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: Title in the navigation and the folder below ``docs``.
SECTIONS = {
    "Tutorial": "tutorial",
    "How to": "howto",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "adr",
}
#: Title in the navigation below Reference, the folder whose READMEs it shows, and the folder of the page.
BESIDE_THE_CODE = {
    "Engines": ("src/shuzheng/engines", "reference/engines"),
    "Packs": ("packs", "reference/packs"),
}
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)")


def readmes(root: Path) -> dict[str, Path]:
    """Return the page of every README beside the code: ``reference/engines/forms.md`` → the file it shows."""
    found: dict[str, Path] = {}
    for source, target in BESIDE_THE_CODE.values():
        for path in sorted((root / source).rglob("README.md")):
            name = "-".join(path.parent.relative_to(root / source).parts)
            found[f"{target}/{name}.md"] = path
    return found


def shown(path: Path, page: str, root: Path, pages: Mapping[str, Path]) -> str:
    """Return a README as a page: links into the documentation lead there, links to code become its path."""

    def relink(match: re.Match[str]) -> str:
        target = (path.parent / match[1]).resolve()
        to = next((name for name, readme in pages.items() if readme == target), "")
        if not to and target.is_relative_to(root / "docs"):
            to = target.relative_to(root / "docs").as_posix()
        if not to:
            return "]"
        return f"]({'../' * page.count('/')}{to}{match[2] or ''})"

    text = LINK.sub(relink, path.read_text("utf-8"))
    return f"{text}\n---\n\nThis page is `{path.relative_to(root).as_posix()}`.\n"


def navigation(docs: Path, beside: Mapping[str, Path] | None = None) -> list[Any]:
    """Return MkDocs' ``nav``: the front page, each folder's pages (its index first), then the remaining pages."""
    sections: list[Any] = []
    for title, folder in SECTIONS.items():
        pages: list[Any] = sorted(
            (p.relative_to(docs).as_posix() for p in (docs / folder).glob("*.md")), key=_index_first
        )
        sections.append({title: pages + list(_below(folder, beside or {}))})
    rest = sorted(path.name for path in docs.glob("*.md") if path.name != "index.md")
    return ["index.md", *sections, *rest]


def _below(folder: str, beside: Mapping[str, Path]) -> Iterator[dict[str, list[str]]]:
    for title, (_source, target) in BESIDE_THE_CODE.items():
        pages = [page for page in beside if page.startswith(f"{target}/")]
        if pages and target.startswith(f"{folder}/"):
            yield {title: pages}


def _index_first(path: str) -> tuple[bool, str]:
    return not path.endswith("index.md"), path


def on_config(config: Any) -> Any:
    """Give MkDocs the navigation; called by MkDocs before it reads the pages."""
    config.nav = navigation(Path(config.docs_dir), readmes(ROOT))
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the READMEs beside the code; called by MkDocs when it has found its own pages."""
    from mkdocs.structure.files import File

    pages = readmes(ROOT)
    for page, path in pages.items():
        files.append(File.generated(config, page, content=shown(path, page, ROOT, pages)))
    return files
