"""Issuing: from a registered licence to a sealed original that is kept.

A licence is registered with the decision, in its transaction; rendering, sealing and keeping happen in a savepoint, so that a
seal that cannot be used, a full disk or a gap on the face takes nothing of the decision back: the licence then waits as
“制证中” with the reason, and is tried again by a job, by the seal's renewal, or by whoever mends what was wrong.
"""

from __future__ import annotations

from django.db import connection, transaction

from shuzheng.engines.documents.credentials import counting, facing
from shuzheng.engines.documents.credentials.errors import NoSeal
from shuzheng.engines.documents.credentials.models import Credential, CredentialState, Origin
from shuzheng.engines.documents.credentials.recording import Deed, record
from shuzheng.engines.documents.seals import desk, results
from shuzheng.engines.documents.seals.desk import Order
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.places import OnPage
from shuzheng.engines.documents.seals.queries import seal_of_unit
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now

#: The kind of document that a grant of the seal must name.
DOCUMENT_KIND = "licence"
_SERIAL = """
    INSERT INTO documents_credentialserial (id, type_code, unit_id, last) VALUES (%s, %s, %s, %s)
    ON CONFLICT (type_code, unit_id) DO UPDATE SET last = documents_credentialserial.last + excluded.last RETURNING last
"""
#: What making a licence fills in.
_MADE = ("original", "digest", "seal_use_id", "issued_at", "problem", "attempts")
_VERBS = {
    Origin.ISSUE: "issued",
    Origin.RENEW: "renewed",
    Origin.REPLACE: "reissued",
    Origin.CORRECT: "corrected",
    Origin.IMPORT: "sealed",
}


def next_serial(type_code: str, unit: OrgUnit, count: int = 1) -> int:
    """Return the next serial number of a unit's licences of a type, or the last of the next ``count``.

    Two issues at once wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SERIAL, [new_id(), type_code, unit.pk, count])
        return cursor.fetchone()[0]


def complete(actor: Actor, credential: Credential) -> bool:
    """Render, seal and keep a registered licence that is locked; say whether it is issued now.

    What goes wrong is written on the licence and nothing else of the attempt stays. Storage and seals are asked afresh
    every time; a licence that is issued already is left alone.
    """
    if not credential.unsealed:
        return True
    before = (credential.original_id, credential.digest, credential.state, credential.issued_at)
    try:
        with transaction.atomic():
            _seal_and_keep(actor, credential)
    except ShuzhengError as problem:
        credential.original_id, credential.digest, credential.state, credential.issued_at = before
        credential.problem, credential.attempts = str(problem), credential.attempts + 1
        credential.seal_use_id = credential.ledger_entry = None
        credential.save(update_fields=["problem", "attempts"])
        return False
    return True


def _seal_and_keep(actor: Actor, credential: Credential) -> None:
    data, place = facing.original(credential)
    seal = seal_of(credential)
    position = OnPage(place.page + 1, place.x, place.y) if place else OnPage(1, 0, 0)
    name = f"{credential.title}-{credential.number}.ofd"
    order = Order(seal.code, Wish(DOCUMENT_KIND, credential.item_code), name, position, credential.case_id)
    stamped, use = desk.stamp(Actor.system(actor.name), order, data)
    kept = results.keep(Actor.system(actor.name), stamped, name, results.OFD)
    credential.original, credential.digest, credential.seal_use_id = kept, kept.sm3, use.pk
    credential.issued_at, credential.problem, credential.attempts = now(), "", credential.attempts + 1
    record(actor, credential, Deed(_VERBS[Origin(credential.origin)], CredentialState.VALID), _MADE)
    _end_previous(actor, credential)
    counting.count(credential.type_code, "issued")


def seal_of(credential: Credential) -> Seal:
    """Return the issuing unit's seal that the type asks for, one in use before others. Raises NoSeal."""
    rule = credential.type.seal
    seal = seal_of_unit(credential.unit_id, rule.kind, rule.purpose)
    if seal is None:
        raise NoSeal(unit=credential.unit.name)
    return seal


def _end_previous(actor: Actor, credential: Credential) -> None:
    """Let the licence whose place this one takes end, unless it has ended already."""
    if credential.previous_id is None:
        return
    previous = Credential.objects.select_for_update(of=("self",)).select_related("unit").get(pk=credential.previous_id)
    if previous.state in (CredentialState.REVOKED, CredentialState.VOID, CredentialState.REPLACED):
        return
    record(actor, previous, Deed("superseded", CredentialState.REPLACED, reason=credential.identifier))
