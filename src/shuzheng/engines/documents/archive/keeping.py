"""Reading and writing packages in the vault, and their record."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from shuzheng.engines.documents.archive.errors import ContentGone, ContentLost, NoSuchPackage
from shuzheng.engines.documents.archive.gateways import vault
from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.retention import Dates, begins, ends
from shuzheng.engines.documents.archive.rule import ArchiveRule, code_of

#: Kind of the ledger's entries.
PACKED, DESTROYED, RECEIVED, DRILLED = "archive.packed", "archive.destroyed", "archive.received", "archive.drilled"


def content_of(package: ArchivePackage) -> BinaryIO:
    """Open a package's bytes. Raises ContentGone, ContentLost."""
    if not package.held:
        raise ContentGone
    try:
        return vault().open(package.storage_key)
    except OSError as problem:
        raise ContentLost from problem


def locked(package_id: UUID) -> ArchivePackage:
    """Return a package, locked until the transaction ends. Raises NoSuchPackage."""
    found = ArchivePackage.objects.select_for_update().filter(pk=package_id).first()
    if found is None:
        raise NoSuchPackage
    return found


def latest(source: str, subject: UUID) -> ArchivePackage | None:
    """Return the newest version of a matter's package, locked, or nothing."""
    rows = ArchivePackage.objects.select_for_update().filter(source=source, subject=subject)
    return rows.order_by("-version").first()


def code_for(rule: ArchiveRule, *, fonds: str, year: int, number: str, version: int) -> str:
    """Return the archival number (档号): fonds, category, year, retention, class, item (DA/T 13)."""
    parts = [f"{fonds}-{rule.category}·{year}", code_of(rule.retention), rule.classification, number]
    later = f"V{version}" if version > 1 else ""
    return "-".join(part for part in (*parts, later) if part)


def date_it(package: ArchivePackage, dates: Dates) -> None:
    """Set the days of a package from what is known; unsaved."""
    rule = ArchiveRule.model_validate(package.rule)
    package.dates = dates.model_dump(mode="json")
    package.starts_on = begins(rule.starts, dates)
    package.due_on = ends(rule, package.starts_on) if package.state == PackageState.KEPT else None
