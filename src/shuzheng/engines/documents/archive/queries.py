"""The reads of the archives; what an officer may not know of is not found. Searching and opening are on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from pydantic import BaseModel, ConfigDict, Field

from shuzheng.engines.documents.archive import checks
from shuzheng.engines.documents.archive.actions.backing_up import without_copy
from shuzheng.engines.documents.archive.errors import NoSuchPackage
from shuzheng.engines.documents.archive.models import (
    ArchivePackage,
    ArchiveTransfer,
    BackupCopy,
    BackupDrill,
    FixityRun,
)
from shuzheng.engines.documents.archive.policies import DESTROY, MANAGE, PROPOSE, READ, REVIEW
from shuzheng.engines.documents.seals.queries import within
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.ledger import Evidence
from shuzheng.kernel import audit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import ZONE
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import scopes

#: Rights that let a person see records.
SEEING = (READ, MANAGE, PROPOSE, REVIEW, DESTROY)


class ArchiveSearch(BaseModel):
    """What is looked for."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    #: Beginning of a case number or an archival number.
    number: str = Field(default="", max_length=200)
    item: str = Field(default="", max_length=120)
    retention: str = Field(default="", max_length=10)
    state: str = Field(default="", max_length=12)
    year: int | None = None
    since: date | None = None
    until: date | None = None

    def conditions(self) -> Q:
        """Return the search as a condition."""
        found = Q()
        if self.number:
            found &= Q(number__startswith=self.number.upper()) | Q(code=self.number)
        for name, field in (("item", "item_code"), ("retention", "retention"), ("state", "state"), ("year", "year")):
            if value := getattr(self, name):
                found &= Q(**{field: value})
        if self.since:
            found &= Q(archived_at__gte=datetime.combine(self.since, time.min, tzinfo=ZONE))
        if self.until:
            found &= Q(archived_at__lt=datetime.combine(self.until + timedelta(days=1), time.min, tzinfo=ZONE))
        return found


def search(actor: Actor, wanted: ArchiveSearch, purpose: str, *, after: str | None = None) -> Page[ArchivePackage]:
    """Return records that an officer may see, the latest first; that they searched, and why, is recorded."""
    rows = seen(actor).filter(wanted.conditions()).defer("contents", "findings", "rule", "dates", "damage")
    found = page(rows, order=("-archived_at", "-id"), after=after)
    asked = wanted.model_dump(mode="json", exclude_defaults=True)
    audit.record(
        audit.Entry(
            kind="read", name="documents.search_archive", actor=actor, purpose=purpose, detail={"search": asked}
        )
    )
    return found


def package(actor: Actor, package_id: UUID) -> ArchivePackage:
    """Return a package that an officer may see. Raises NoSuchPackage."""
    found = seen(actor).filter(pk=package_id).first()
    if found is None:
        raise NoSuchPackage
    return found


def versions(found: ArchivePackage) -> list[ArchivePackage]:
    """Return the other versions of a package, the latest first."""
    rows = ArchivePackage.objects.filter(source=found.source, subject=found.subject).exclude(pk=found.pk)
    return list(rows.order_by("-version").only("code", "version", "state", "archived_at"))


def properties(found: ArchivePackage) -> list[tuple[str, Any, list[checks.Finding]]]:
    """Return the four properties with what was found at ingest."""
    return checks.read_again(found.findings)


def evidence(found: ArchivePackage) -> Evidence | None:
    """Return the ledger's proof of a package's manifest; nothing while it has no place in the ledger."""
    return ledger.evidence(found.ledger_entry) if found.ledger_entry else None


def fixity_runs(after: str | None = None) -> Page[FixityRun]:
    """Return the runs of reading, the latest first."""
    return page(FixityRun.objects.all(), order=("-started_at", "-id"), after=after)


def damaged(actor: Actor) -> list[ArchivePackage]:
    """Return the packages found damaged."""
    return list(seen(actor).filter(damaged_at__isnull=False).select_related("copy").order_by("-damaged_at")[:100])


@dataclass(frozen=True)
class BackupStatus:
    """How the second storage stands."""

    copies: int
    #: Codes that have no copy yet, at most a screenful, the oldest first.
    waiting: list[ArchivePackage]
    size: int
    broken: int


def backup_status() -> BackupStatus:
    """Return how many packages have a copy and which do not."""
    figures = BackupCopy.objects.aggregate(
        copies=Count("pk"), size=Sum("package__size"), broken=Count("pk", filter=~Q(problem=""))
    )
    waiting = list(without_copy().order_by("archived_at").only("code", "archived_at")[:20])
    return BackupStatus(figures["copies"], waiting, figures["size"] or 0, figures["broken"])


def drills(after: str | None = None) -> Page[BackupDrill]:
    """Return the drills, the latest first."""
    return page(BackupDrill.objects.all(), order=("-at", "-id"), after=after)


def transfers(actor: Actor, after: str | None = None) -> Page[ArchiveTransfer]:
    """Return transfers both ways, the latest first."""
    return page(ArchiveTransfer.objects.filter(visible(actor, MANAGE)), order=("-created_at", "-id"), after=after)


def transfer(actor: Actor, transfer_id: UUID) -> ArchiveTransfer:
    """Return a transfer. Raises NotFound."""
    found = ArchiveTransfer.objects.filter(visible(actor, MANAGE), pk=transfer_id).first()
    if found is None:
        raise NotFound
    return found


def seen(actor: Actor, *permissions: str) -> QuerySet[ArchivePackage]:
    """Return the packages that an officer may see by any of these permissions, or by those for seeing."""
    return ArchivePackage.objects.filter(visible(actor, *(permissions or SEEING)))


def visible(actor: Actor, *permissions: str) -> Q:
    """Return the condition that something lies where an officer holds one of these permissions."""
    return within("division_path", [scope for name in permissions for scope in scopes(actor, name)])
