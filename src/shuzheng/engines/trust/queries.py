"""Reading the audit and the ledger's public entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Literal
from uuid import UUID

from django.db.models import Q
from pydantic import BaseModel, ConfigDict, field_validator

from shuzheng.engines.trust.audit import PERSON
from shuzheng.engines.trust.models import AuditRecord, Leaf, LedgerEntry
from shuzheng.engines.trust.policies import READ_AUDIT
from shuzheng.kernel import audit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import ZONE
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import require, scopes

_NEWEST_FIRST = ("-at", "-id")


class AuditSearch(BaseModel):
    """What to look for; conditions left out do not restrict."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_id: UUID | None = None
    case_id: UUID | None = None
    subject_type: str | None = None
    subject_id: str | None = None
    kind: Literal["act", "read", "sign-in"] | None = None
    name: str | None = None
    result: Literal["done", "refused", "failed"] | None = None
    correlation_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @field_validator("since", "until")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        """Return a moment as the database takes it, which knows no zone beyond sixteen hours; without a zone it is legal time."""
        try:
            return value and (value if value.tzinfo else value.replace(tzinfo=ZONE)).astimezone(UTC)
        except OverflowError:
            raise ValueError("out of range") from None

    def condition(self) -> Q:
        """Return the search as a condition on records."""
        bounds = {"since": "at__gte", "until": "at__lt"}
        return Q(**{bounds.get(name, name): value for name, value in self if value is not None})


def search(actor: Actor, wanted: AuditSearch, *, after: str | None = None, size: int = 50) -> Page[AuditRecord]:
    """Return audit records that the actor may see, newest first, in two statements.

    Who looks into the audit is itself in the audit. Raises SignInRequired, NotPermitted, BadCursor.
    """
    require(actor, READ_AUDIT)
    found = page(
        AuditRecord.objects.filter(wanted.condition(), _visible(actor)), order=_NEWEST_FIRST, after=after, size=size
    )
    conditions = wanted.model_dump(mode="json", exclude_none=True)
    audit.record(audit.Entry(kind="read", name="trust.search_audit", actor=actor, detail={"search": conditions}))
    return found


def _visible(actor: Actor) -> Q:
    """Restrict to the divisions for which the permission is held; records without one are for those who see all."""
    held = scopes(actor, READ_AUDIT)
    return Q() if "" in held else reduce(or_, (Q(division__within=scope) for scope in held))


def of_case(case_id: UUID, *, after: str | None = None, size: int = 50) -> Page[AuditRecord]:
    """Return everything done and read under a case, newest first; the caller has made sure that it may be seen."""
    return page(AuditRecord.objects.filter(case_id=case_id), order=_NEWEST_FIRST, after=after, size=size)


def reads_about(
    person_id: UUID, *, by_others: bool = False, after: str | None = None, size: int = 20
) -> Page[AuditRecord]:
    """Return who read a person's data, when, what of it (``detail["elements"]``) and why, newest first (谁看过我的数据).

    ``by_others`` leaves out what the person looked at themselves. The caller has made sure that it is that person who asks.
    """
    reads = AuditRecord.objects.filter(_reads_of(person_id))
    if by_others:
        reads = reads.exclude(person_id=person_id)
    return page(reads, order=_NEWEST_FIRST, after=after, size=size)


def _reads_of(person_id: UUID) -> Q:
    reads = {"kind": AuditRecord.Kind.READ, "result": AuditRecord.Result.DONE}
    return Q(subject_type=PERSON, subject_id=str(person_id), **reads)


def read_about(person_id: UUID, record_id: int) -> AuditRecord | None:
    """Return one read of a person's data, or nothing if it is not about them."""
    return AuditRecord.objects.filter(_reads_of(person_id), id=record_id).first()


def in_ledger(records: Iterable[AuditRecord]) -> set[int]:
    """Return the ids of those records that have their place in the ledger, in one statement."""
    ids = [record.id for record in records]
    return set(Leaf.objects.filter(record__in=ids).values_list("record", flat=True)) if ids else set()


def evidence_of_digest(digest: str, *, most: int = 50) -> list[LedgerEntry]:
    """Return the entries that name a document's digest (hexadecimal), the oldest first."""
    digest = digest.strip().lower()
    return list(LedgerEntry.objects.filter(digest=digest).order_by("number")[:most]) if digest else []


def entries_about(subject: str, *, after: str | None = None, size: int = 20) -> Page[LedgerEntry]:
    """Return what the ledger says of a thing, e.g. a seal or a licence by its number, newest first."""
    return page(LedgerEntry.objects.filter(subject=subject), order=("-number",), after=after, size=size)
