"""What forms ask of the vocabulary: elements and code lists, published or in the packs being checked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shuzheng.engines.forms.language import Name, Type
from shuzheng.kernel.declaration import Workspace
from shuzheng.kernel.definition import find, listing

if TYPE_CHECKING:
    from shuzheng.engines.vocabulary.code_list import Code
    from shuzheng.engines.vocabulary.element import Element

#: Datatypes of elements as expressions see them; every other datatype is text.
TYPES: dict[str, Type] = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "date": "date",
    "datetime": "date",
    "boolean": "boolean",
    "geo_point": "record",
    "file": "list",
}


class Vocabulary(ABC):
    """Where elements and code lists are looked up."""

    @abstractmethod
    def find(self, kind: str, key: str) -> Any | None:
        """Return the definition of a kind (``element``, ``code_list``), or ``None``."""

    def keys(self, kind: str) -> list[str]:
        """Return known keys, for suggestions."""
        return [stored.key for stored in listing(kind)]

    def element(self, code: str) -> Element | None:
        """Return an element."""
        return self.find("element", code)

    def options(self, code_list: str) -> tuple[Code, ...] | None:
        """Return the codes of a list in its order, or ``None`` if there is no such list."""
        found = self.find("code_list", code_list)
        return None if found is None else found.codes


class Published(Vocabulary):
    """The vocabulary in force."""

    def find(self, kind: str, key: str) -> Any | None:
        """Return the published definition."""
        return find(kind, key)


class AtHand(Vocabulary):
    """The vocabulary of the packs being checked, on top of what is published."""

    def __init__(self, workspace: Workspace) -> None:
        """Look in a workspace."""
        self.workspace = workspace

    def find(self, kind: str, key: str) -> Any | None:
        """Return the definition at hand."""
        return self.workspace.find(kind, key)

    def keys(self, kind: str) -> list[str]:
        """Return the keys declared in the packs at hand, and the published ones."""
        return [*self.workspace.keys(kind), *super().keys(kind)]


_POINT: Mapping[str, Name] = {"longitude": Name("number"), "latitude": Name("number")}


def name_of(element: Element, options: tuple[Code, ...] | None, multiple: bool) -> Name:
    """Return how expressions see the answers of an element."""
    choices = frozenset(option.code for option in options) if options is not None else None
    if multiple:
        return Name("list", choices)
    type = TYPES.get(element.datatype, "text")
    return Name(type, choices, _POINT if type == "record" else {})
