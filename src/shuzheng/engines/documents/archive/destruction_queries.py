"""The reads of appraisal and destruction: what is due, the lists, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from shuzheng.engines.documents.archive.errors import NoSuchList
from shuzheng.engines.documents.archive.models import ArchivePackage, DestructionLine, DestructionList, PackageState
from shuzheng.engines.documents.archive.policies import DESTROY, MANAGE, PROPOSE, REVIEW
from shuzheng.engines.documents.archive.queries import SEEING, seen, visible
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import may


def due(actor: Actor, after: str | None = None, size: int = 50) -> Page[ArchivePackage]:
    """Return what may be proposed for destruction, the longest due first."""
    rows = seen(actor, PROPOSE).filter(state=PackageState.KEPT, due_on__lte=today(), nomination="destroy")
    listed = DestructionLine.objects.filter(closed=False).values("package_id")
    return page(rows.exclude(pk__in=listed), order=("due_on", "id"), after=after, size=size)


def undated(actor: Actor) -> list[ArchivePackage]:
    """Return packages whose retention cannot be counted until a person enters a day."""
    rows = seen(actor, MANAGE).filter(state=PackageState.KEPT, starts_on=None)
    return list(rows.order_by("-archived_at")[:50])


def lists(actor: Actor, after: str | None = None) -> Page[DestructionList]:
    """Return the destruction lists that an officer may see, the latest first."""
    rows = DestructionList.objects.filter(visible(actor, *SEEING)).annotate(files=Count("lines"))
    return page(rows, order=("-created_at", "-id"), after=after)


def destruction_list(actor: Actor, list_id: UUID) -> tuple[DestructionList, list[DestructionLine]]:
    """Return a list with its lines. Raises NoSuchList."""
    found = DestructionList.objects.filter(visible(actor, *SEEING), pk=list_id).first()
    if found is None:
        raise NoSuchList
    lines = DestructionLine.objects.filter(list=found).select_related("package")
    return found, list(lines.order_by("package__due_on", "id"))


@dataclass(frozen=True)
class Steps:
    """What an officer may do with a list now."""

    judge: bool
    order: bool
    withdraw: bool


def steps_for(actor: Actor, found: DestructionList) -> Steps:
    """Return what is this officer's to do; nobody has two parts in one list."""
    path, me = str(found.division_path), actor.officer_id
    proposed = found.state == "proposed"
    return Steps(
        judge=proposed and me != found.author_id and may(actor, REVIEW, path),
        order=found.state == "reviewed"
        and me not in (found.author_id, found.reviewer_id)
        and may(actor, DESTROY, path),
        withdraw=proposed and may(actor, PROPOSE, path),
    )
