"""Licences as materials (电子证照免交): what the applicant holds is supplied from there, with the state it has.

It is used only where the applicant agreed (``way`` = ``licence``), and every use stands in the holder's log. Nothing is
refused by itself: a licence that is expired or held is shown as such to whoever decides, and the applicant may hand in a
paper instead. Items without such materials cost no statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.definitions.parts import Material as MaterialDefinition
from shuzheng.engines.casework.models import Case, Task
from shuzheng.engines.casework.policies import may_read
from shuzheng.engines.documents.credentials import counting, queries
from shuzheng.engines.documents.credentials.actions import UseCredential
from shuzheng.engines.documents.credentials.cases import vouch_case
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.identity.models import LegalPerson
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.kernel.actor import Actor, Party

#: Event of a licence → message template of the pack ``generic-matter``.
TEMPLATES = {
    "documents.credential_issued": "licence-issued",
    "documents.credential_delayed": "licence-delayed",
    "documents.credential_expiring": "licence-expiring",
    "documents.credential_held": "licence-changed",
    "documents.credential_suspended": "licence-changed",
    "documents.credential_resumed": "licence-changed",
    "documents.credential_revoked": "licence-changed",
    "documents.credential_voided": "licence-changed",
}


def held_for(party: Party | None, wanted: Iterable[MaterialDefinition]) -> dict[str, Credential]:
    """Return the party's licences by the code of the material that they supply; one statement, or none."""
    types = {m.code: m.replaced_by for m in wanted if "credential" in m.sources and m.replaced_by}
    if party is None or not types:
        return {}
    found = queries.held(party, set(types.values()))
    return {code: found[kind] for code, kind in types.items() if kind in found}


def use(actor: Actor, case: Case, held: Mapping[str, Credential], agreed: Collection[str]) -> None:
    """Write down which licences a case that is being filed uses with the applicant's consent, and which it could have."""
    for code, licence in held.items():
        if code not in agreed:
            counting.count(licence.type_code, "missed")
            continue
        UseCredential.do(
            Actor.system(actor.name),
            credential_id=licence.pk,
            case_id=case.pk,
            case_number=case.number,
            purpose=case.title[:200],
        )


def may_use(actor: Actor, case_id: UUID, holder_id: UUID) -> bool:
    """Say whether an official deals with a case of this holder's."""
    case = Case.objects.filter(pk=case_id, applicant_id=holder_id).first()
    if case is None or not actor.is_officer:
        return False
    return may_read(actor, case, list(Task.objects.filter(case=case, unit_id__in=actor.unit_ids)))


def tell_holder(event: dict[str, Any]) -> None:
    """Send the event's message to the holder of a licence; for a firm, to whoever represents it."""
    data = event["data"]
    person: UUID | None = UUID(data["holder_id"])
    if data["holder_kind"] == "legal":
        person = LegalPerson.objects.filter(pk=data["holder_id"]).values_list("representative_id", flat=True).first()
    if person is None:
        return
    SendMessage.do(
        Actor.system("casework.tell_holder"),
        template=TEMPLATES[event["type"]],
        recipient_person=person,
        values={"title": data["title"], "number": data["number"]},
        link=f"/licences/{event['subject']}/",
        topic=f"licence:{event['id']}",
    )


vouch_case("casework", may_use)
