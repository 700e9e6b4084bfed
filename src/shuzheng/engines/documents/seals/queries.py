"""The reads of the seal service; what an officer may not know of is not found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import IntegerField, Q, Sum, Value, When
from pydantic import BaseModel, ConfigDict, Field

from shuzheng.engines.documents.seals import granting
from shuzheng.engines.documents.seals.errors import NoSuchSeal
from shuzheng.engines.documents.seals.models import (
    RequestState,
    Seal,
    SealGrant,
    SealRequest,
    SealState,
    SealTally,
    SealUse,
)
from shuzheng.engines.documents.seals.policies import APPROVE, MANAGE, READ_LOG
from shuzheng.engines.identity.models import Application, ApplicationCapability
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import ZONE, today
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import may, scopes

#: Days of which the pages show how often a seal was used.
RECENT = 30


class LogSearch(BaseModel):
    """What is looked for in the log."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    #: Code of a seal.
    seal: str = ""
    #: Words of the document's name.
    words: str = Field(default="", max_length=100)
    #: SM3 of a stamp or of a document before it.
    digest: str = ""
    since: date | None = None
    until: date | None = None


def within(path: str, held: Iterable[str]) -> Q:
    """Return the condition that a division path lies in one of these scopes; without scopes nothing does."""
    condition = Q(pk__in=[])
    for scope in held:
        if not scope:
            return Q()
        condition |= Q(**{f"{path}__within": scope})
    return condition


def my_grants(actor: Actor) -> list[SealGrant]:
    """Return the grants that an officer holds today, with their seals."""
    found = SealGrant.objects.filter(granting.grants_of(actor)).select_related("seal__unit")
    return list(found.order_by("seal__code", "valid_to", "id")[:100])


def my_requests(actor: Actor, after: str | None) -> Page[SealRequest]:
    """Return an officer's own requests, the latest first."""
    found = SealRequest.objects.filter(applicant_id=actor.officer_id).select_related("seal")
    return page(found, order=("-created_at", "-id"), after=after)


def waiting(actor: Actor, after: str | None) -> Page[SealRequest]:
    """Return what waits for this approver: others' requests that they have not approved yet, the oldest first."""
    found = SealRequest.objects.filter(
        within("division_path", scopes(actor, APPROVE)), state__in=(RequestState.WAITING, RequestState.HALF_APPROVED)
    )
    found = found.exclude(applicant_id=actor.officer_id).exclude(first_approver_id=actor.officer_id)
    return page(found.select_related("seal", "applicant__person"), order=("created_at", "id"), after=after)


def request(request_id: UUID, actor: Actor) -> SealRequest:
    """Return a request that concerns an officer, as applicant, approver or manager. Raises NotFound."""
    rows = SealRequest.objects.select_related(
        "seal__unit", "grant", "applicant__person", "first_approver__person", "second_approver__person"
    )
    found = rows.filter(pk=request_id).first()
    if found is None or not (
        found.applicant_id == actor.officer_id
        or may(actor, APPROVE, str(found.division_path))
        or may(actor, MANAGE, str(found.division_path))
    ):
        raise NotFound
    return found


def may_decide(actor: Actor, found: SealRequest) -> bool:
    """Say whether this officer may approve or refuse a request now."""
    return (
        found.state in (RequestState.WAITING, RequestState.HALF_APPROVED)
        and actor.officer_id not in (None, found.applicant_id, found.first_approver_id)
        and may(actor, APPROVE, str(found.division_path))
    )


def managed(actor: Actor, words: str, after: str | None) -> Page[Seal]:
    """Return the seals that an officer manages."""
    found = Seal.objects.filter(within("division_path", scopes(actor, MANAGE))).select_related("unit")
    if words:
        found = found.filter(Q(name__contains=words) | Q(code=words) | Q(unit__name__contains=words))
    return page(found, order=("code",), after=after)


def seal(seal_id: UUID, actor: Actor) -> Seal:
    """Return a seal that an officer manages, or holds a grant of. Raises NoSuchSeal."""
    rows = Seal.objects.select_related("unit", "certificate", "pdf_certificate")
    found = rows.filter(pk=seal_id).first()
    if found is None:
        raise NoSuchSeal
    if may(actor, MANAGE, str(found.division_path)) or may(actor, READ_LOG, str(found.division_path)):
        return found
    if not SealGrant.objects.filter(granting.grants_of(actor), seal=found).exists():
        raise NoSuchSeal
    return found


def seal_of_unit(unit_id: UUID, kind: str, purpose: str = "") -> Seal | None:
    """Return a unit's seal of a kind, one in use before expired ones before frozen ones; ``None`` if it has none."""
    order = Choose(
        When(state=SealState.IN_USE, then=Value(0)),
        When(state=SealState.EXPIRED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Seal.objects.filter(unit_id=unit_id, kind=kind).exclude(state__in=(SealState.FILED, SealState.REVOKED))
    return (found.filter(purpose=purpose) if purpose else found).order_by(order, "code").first()


def grants_of(found: Seal) -> list[SealGrant]:
    """Return a seal's grants, the latest first."""
    rows = SealGrant.objects.filter(seal=found).select_related("officer__person", "unit", "application")
    return list(rows.order_by("-created_at", "-id")[:100])


def recent_uses(seal_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how often seals were used in the last days, from the daily counts."""
    rows = SealTally.objects.filter(seal_id__in=list(seal_ids), day__gt=today() - timedelta(days=RECENT))
    return dict(rows.order_by().values_list("seal_id").annotate(total=Sum("uses")))


def log(actor: Actor, search: LogSearch, after: str | None, size: int = 20) -> Page[SealUse]:
    """Return uses that an officer may see, the latest first: all in their scope, and their own."""
    seen = within("division_path", [*scopes(actor, READ_LOG), *scopes(actor, MANAGE)])
    if actor.officer_id is not None and seen != Q():
        seen |= Q(officer_id=actor.officer_id)
    found = SealUse.objects.filter(seen, *_conditions(search)).select_related("seal", "officer__person", "application")
    return page(found, order=("-at", "-id"), after=after, size=size)


def applications(actor: Actor) -> list[Application]:
    """Return the connected applications in an officer's scope that may stamp and can be given a grant."""
    may_stamp = ApplicationCapability.objects.filter(capability="stamp", withdrawn_at=None)
    seen = within("division_path", scopes(actor, MANAGE))
    found = Application.objects.filter(seen, pk__in=may_stamp.values("application_id"))
    return list(found.exclude(state=Application.State.OFFLINE).order_by("name")[:200])


def _conditions(search: LogSearch) -> list[Q]:
    found = []
    if search.seal:
        found.append(Q(seal__code=search.seal))
    if search.words:
        found.append(Q(document_name__icontains=search.words))
    if search.digest:
        found.append(Q(digest=search.digest.lower()) | Q(original=search.digest.lower()))
    if search.since:
        found.append(Q(at__gte=datetime.combine(search.since, time.min, tzinfo=ZONE)))
    if search.until:
        found.append(Q(at__lt=datetime.combine(search.until + timedelta(days=1), time.min, tzinfo=ZONE)))
    return found
