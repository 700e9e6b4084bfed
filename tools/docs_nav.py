"""Navigation of the documentation: the four Diátaxis folders and the decisions, in the order people need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

#: Title in the navigation and the folder below ``docs``.
SECTIONS = {
    "Tutorial": "tutorial",
    "How to": "howto",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "adr",
}


def navigation(docs: Path) -> list[Any]:
    """Return MkDocs' ``nav``: the front page, each folder's pages (its index first), then the remaining pages."""
    sections = [
        {title: sorted((path.relative_to(docs).as_posix() for path in (docs / folder).glob("*.md")), key=_index_first)}
        for title, folder in SECTIONS.items()
    ]
    rest = sorted(path.name for path in docs.glob("*.md") if path.name != "index.md")
    return ["index.md", *sections, *rest]


def _index_first(path: str) -> tuple[bool, str]:
    return not path.endswith("index.md"), path


def on_config(config: Any) -> Any:
    """Give MkDocs the navigation; called by MkDocs before it reads the pages."""
    config.nav = navigation(Path(config.docs_dir))
    return config
