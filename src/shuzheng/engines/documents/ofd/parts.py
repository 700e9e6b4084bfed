"""The parts of a document: found by reference, read if they can be, and otherwise told as a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lxml import etree

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import Package, resolve

T = TypeVar("T")


class Parts:
    """A container seen from the folder of one document; never raises, but lists ``problems``."""

    def __init__(self, package: Package, folder: str) -> None:
        self.package = package
        self.folder = folder
        self.problems: list[str] = []
        #: Each part is unpacked once, however often a file refers to it.
        self._trees: dict[str, etree._Element | None] = {}
        self._bytes: dict[str, bytes | None] = {}

    def resolve(self, reference: str, folder: str | None = None) -> str:
        """Return the name of the entry that a reference means; empty, with a problem, for one that leads outside."""
        try:
            return resolve(self.folder if folder is None else folder, reference)
        except OfdUnreadable as problem:
            self.problems.append(problem.reason)
            return ""

    def nearby(self, reference: str, base: str) -> str:
        """Return the entry that a reference from a folder means; many writers mean the document's folder instead."""
        for folder in (base, self.folder):
            name = self.resolve(reference, folder)
            if name in self.package:
                return name
        return self.resolve(reference, base)

    def xml(self, name: str) -> etree._Element | None:
        """Return an XML part, or None, with a problem, if it is missing or broken."""
        if name not in self._trees:
            self._trees[name] = self._tried(self.package.xml, name)
        return self._trees[name]

    def data(self, name: str) -> bytes | None:
        """Return the bytes of a part, or None, with a problem."""
        if name not in self._bytes:
            self._bytes[name] = self._tried(self.package.read, name)
        return self._bytes[name]

    def _tried(self, read: Callable[[str], T], name: str) -> T | None:
        try:
            return read(name)
        except OfdUnreadable as problem:
            self.problems.append(problem.reason)
            return None
