"""Who looked at a person's data, in words: bureau and post, the official's name masked, what was seen and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.casework.queries import items_titled
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.identity.models import Appointment, Person
from shuzheng.engines.identity.queries import careers
from shuzheng.engines.trust.masking import mask
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.engines.trust.queries import in_ledger
from shuzheng.engines.vocabulary.queries import element
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.moment import local

_FIELDS = {
    **{field.name: field.verbose_name for field in Person._meta.concrete_fields},
    "file": StoredFile._meta.verbose_name,
}


@dataclass(frozen=True)
class Look:
    """One read of a person's data."""

    record: AuditRecord
    #: Whether it was the person themselves.
    own: bool
    #: Who, as the person may know them: ``张*`` for an official, a name for a system.
    who: str
    #: Bureau and post at that time; empty for anybody but an official.
    office: str
    #: Names of the elements that were seen.
    what: str
    purpose: str
    #: Whether it has its place in the ledger, so that its proof can be taken home.
    proved: bool


def looks(records: Sequence[AuditRecord], person_id: UUID) -> list[Look]:
    """Return reads in words, in three statements however many there are."""
    held = careers(record.officer_id for record in records if record.officer_id)
    titles, proved = items_titled(record.purpose for record in records), in_ledger(records)
    return [
        Look(
            record=record,
            own=record.person_id == person_id,
            who=_who(record, person_id),
            office=_office(record, held.get(record.officer_id, []) if record.officer_id else []),
            what="、".join(_element(code) for code in record.detail.get("elements", [])),
            # Filling in a form by itself names the service item by its code.
            purpose=titles.get(record.purpose) or record.purpose,
            proved=record.id in proved,
        )
        for record in records
    ]


def _who(record: AuditRecord, person_id: UUID) -> str:
    if record.person_id == person_id:
        return _("我自己")
    if record.officer_id or record.person_id:
        return mask(record.actor_name, "person_name")
    return record.actor_name or _("系统")


def _office(record: AuditRecord, held: Iterable[Appointment]) -> str:
    """Return the posts that an official held on the day, each with its bureau."""
    day = local(record.at).date()
    then = [one for one in held if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)]
    return "、".join(dict.fromkeys(f"{one.post.unit.name} {one.post.title}" for one in then))


def _element(code: str) -> str:
    """Return what people call an element, or a field of the person's own record."""
    try:
        return element(code).title
    except NoDefinition:
        return str(_FIELDS.get(code.replace("-", "_"), code))
