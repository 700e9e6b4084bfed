"""Documents about a matter that other parts keep, e.g. the licence that was issued for it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shuzheng.engines.documents.archive.content import GivenDocument
from shuzheng.kernel.registry import Registry

#: Returns the documents that belong to the thing ``subject`` of the engine ``source``.
Contributor = Callable[[str, UUID], list[GivenDocument]]
_contributors: Registry[Contributor] = Registry("archive contributor")


def contribute(name: str, contributor: Contributor) -> Contributor:
    """Let a part add its documents to every package. Raises DuplicateName."""
    return _contributors.add(name, contributor)


def contributed(source: str, subject: UUID) -> list[GivenDocument]:
    """Return what all contributors have about one matter."""
    return [document for contributor in _contributors.values() for document in contributor(source, subject)]
