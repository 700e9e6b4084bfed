"""How long a file is kept: by the archive of the matters it belongs to, else by its own retention."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.retention import Dates, begins, ends
from shuzheng.engines.documents.archive.rule import ArchiveRule, Start, Way
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.models import Disposal, FileRetention, StoredFile
from shuzheng.engines.documents.policies import matters_of
from shuzheng.engines.documents.seals.models import SealRequestFile, StampedFile
from shuzheng.kernel.moment import today


def _rule(period: str) -> ArchiveRule:
    start = Start(way=Way.EVENT, event="起算")
    return ArchiveRule(retention=period, starts=start, from_next_year=False)


def period(text: str) -> str:
    """Return a period as offices write it: 永久, 10年. Raises ValueError."""
    return _rule(text).retention


def due(period: str, starts_on: date) -> date | None:
    """Return the first day after a period; nothing without end. The archive's own rule counts it."""
    rule = _rule(period)
    return ends(rule, begins(rule.starts, Dates(event_on=starts_on)))


def matters(file: StoredFile) -> set[UUID]:
    """Return the matters to which exactly this version belongs."""
    return matters_of([file.pk])


def over(file: StoredFile, retention: FileRetention | None) -> bool:
    """Say whether the time of a version is over."""
    if _proves(file):
        return False
    belongs = matters(file)
    if belongs:
        return all(_destroyed(matter) for matter in belongs)
    if retention is None or retention.disposal != Disposal.DESTROY or retention.due_on is None:
        return False
    return retention.due_on <= today()


def package_of(matter: UUID) -> ArchivePackage | None:
    """Return the newest package of a matter, or nothing while it is not archived."""
    return ArchivePackage.objects.filter(subject=matter).order_by("-version").first()


def _destroyed(matter: UUID) -> bool:
    package = package_of(matter)
    return package is not None and package.state == PackageState.DESTROYED


def _proves(file: StoredFile) -> bool:
    """Say whether a licence or a stamp refers to the file: their records outlive matters, and so does what they prove."""
    if Credential.objects.filter(original=file).exists() or StampedFile.objects.filter(file=file).exists():
        return True
    return SealRequestFile.objects.filter(Q(file=file) | Q(result=file)).exists()
