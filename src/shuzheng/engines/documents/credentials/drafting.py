"""Drawing up a licence: identifier, number, period and what it says, from its type, its case and the registers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials import content, issuing, photos
from shuzheng.engines.documents.credentials.identifier import Identifier, issuer_code, new_code
from shuzheng.engines.documents.credentials.models import Credential, CredentialState, Origin
from shuzheng.engines.documents.credentials.types import CredentialType, LicenceElement
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.definition import Stored
from shuzheng.kernel.error import FieldProblem, InvalidInput, ShuzhengError
from shuzheng.kernel.input import Input


class IssueCredentialInput(Input):
    """Which licence for whom; a process fills in the fields that have a case's names by itself."""

    #: Code of the type.
    credential_type: str = Field(max_length=120)
    applicant_kind: str = Field(pattern=r"^(person|legal)$")
    applicant_id: UUID
    applicant_name: str = Field(min_length=1, max_length=200)
    division_code: str = Field(pattern=r"^\d{12}$")
    #: The unit that issues it.
    handling_unit_id: UUID
    case_id: UUID | None = None
    case_number: str = Field(default="", max_length=30)
    item_code: str = Field(default="", max_length=120)
    #: What the metadata elements are taken from.
    answers: dict[str, Any] = {}
    #: First and last day, where the decision says so.
    effective_on: date | None = None
    expires_on: date | None = None
    synthetic: bool = False


def drawn_up(actor: Actor, stored: Stored[CredentialType], unit: OrgUnit, given: IssueCredentialInput) -> Credential:
    """Return the unsaved licence. Raises NotFound for an unknown holder, and what ``photos.keep`` raises for a person."""
    type = stored.body
    holder = identity.party(
        Party(cast(Any, given.applicant_kind), given.applicant_id, given.applicant_name, given.division_code)
    )
    origin = _origin(type, given)
    previous = _previous(type, given) if origin != Origin.ISSUE else None
    start, end = content.period(type, given.answers, given.effective_on, given.expires_on)
    if previous is not None and origin == Origin.REPLACE:
        start, end = previous.valid_from, previous.valid_until
    serial = 0 if previous else issuing.next_serial(type.code, unit)
    identifier = _identifier(type, unit, serial, previous)
    paper = previous.number if previous else identifier.serial
    if previous is None and type.number is not None:
        paper = content.number(type.number, given.answers, unit.division_code, serial)
    said = content.gather(type, _with_photos(actor, type, given.answers), holder, given.case_number)
    return Credential(
        identifier=str(identifier),
        number=paper,
        code=new_code(),
        type_code=type.code,
        type_id=stored.id,
        title=type.title,
        holder_kind=given.applicant_kind,
        holder_id=given.applicant_id,
        holder_name=holder.name,
        content=json.dumps(said, ensure_ascii=False),
        unit=unit,
        division_path=unit.division_path,
        case_id=given.case_id,
        case_number=given.case_number,
        item_code=given.item_code,
        origin=origin if previous else Origin.ISSUE,
        version=identifier.version,
        previous=previous,
        valid_from=start,
        valid_until=end,
        synthetic=given.synthetic or type.synthetic,
    )


def _with_photos(actor: Actor, type: CredentialType, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with every photograph handed in replaced by the one that is kept for the face.

    One that cannot be used takes no decision of a process back: it counts as missing, so the licence waits for another.
    """
    kept: dict[str, Any] = {}
    for one in type.elements:
        _place, _dot, name = one.source.partition(".")
        if one.photo is None or not answers.get(name):
            continue
        given = answers[name]
        try:
            kept[name] = photos.keep(actor, one, given[0] if isinstance(given, list) else given)
        except ShuzhengError:
            if actor.channel != "system":
                raise
            kept[name] = None
    return {**answers, **kept}


def spoken(actor: Actor, elements: Iterable[LicenceElement], values: Mapping[str, str]) -> dict[str, content.Said]:
    """Return values that an official typed, as a licence keeps them; photographs are named by the file handed in.

    Raises InvalidInput naming what the type does not have, PhotoUnusable, NotFound.
    """
    by_name = {one.name: one for one in elements}
    unknown = [FieldProblem(f"values.{name}", str(_("证照没有这一项。"))) for name in values if name not in by_name]
    if unknown:
        raise InvalidInput(*unknown)
    told = {name: text for name, text in values.items() if text.strip()}
    return {
        name: content.said(one, photos.keep(actor, one, text) if one.photo else text)
        for name, text in told.items()
        for one in (by_name[name],)
    }


def _origin(type: CredentialType, given: IssueCredentialInput) -> Origin:
    if given.item_code and given.item_code == type.renewed_by:
        return Origin.RENEW
    return Origin.REPLACE if given.item_code and given.item_code == type.replaced_by else Origin.ISSUE


def _previous(type: CredentialType, given: IssueCredentialInput) -> Credential | None:
    """Return the holder's latest licence of the type that can be renewed or replaced, locked."""
    rows = Credential.objects.select_for_update().filter(
        holder_id=given.applicant_id, holder_kind=given.applicant_kind, type_code=type.code
    )
    ended = (CredentialState.REVOKED, CredentialState.VOID, CredentialState.REPLACED, CredentialState.ISSUING)
    return rows.exclude(state__in=ended).order_by("-version", "-created_at").first()


def _identifier(type: CredentialType, unit: OrgUnit, serial: int, previous: Credential | None) -> Identifier:
    if previous is not None:
        return Identifier.parse(previous.identifier).next_version()
    return Identifier(type.type_code, issuer_code(unit.division_code, unit.kind), f"{serial:09}")
