"""The stamping desk: the one way in which a seal of ours is put on a document.

Everything happens in the caller's transaction: the grant is checked and counted, the document stamped, the use logged, and
the stamp entered into the public ledger; a stamp without its entry can not come about, and one that did is void.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.seals import granting, holding
from shuzheng.engines.documents.seals.errors import CannotStamp, CertificateExpired, NoSuchSeal, SealUnusable
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import Seal, SealGrant, SealState, SealUse
from shuzheng.engines.documents.seals.places import OnPage, Riding
from shuzheng.engines.documents.seals.stamping import Signer, Stamped, Unstampable, stamp_ofd
from shuzheng.engines.documents.seals.timestamping import Clock
from shuzheng.engines.documents.seals.trusting import LEDGER_KIND, time_trust
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import local, now, today

#: Rows among which a day's count is spread.
SLOTS = 16
_TALLY = """
    INSERT INTO documents_sealtally (id, seal_id, application_id, day, slot, uses) VALUES (%s, %s, %s, %s, %s, 1)
    ON CONFLICT (seal_id, day, application_id, slot) DO UPDATE SET uses = documents_sealtally.uses + 1
"""


@dataclass(frozen=True)
class Order:
    """One document to be stamped."""

    seal_code: str
    wish: Wish
    document_name: str
    place: OnPage | Riding
    case_id: UUID | None = None
    #: The approved request and its grant, when there was one.
    request_id: UUID | None = None
    grant_id: UUID | None = None


def stamp(actor: Actor, order: Order, data: bytes) -> tuple[bytes, SealUse]:
    """Return the stamped document and the entry in the log. Call inside an action.

    Raises NoSuchSeal, SealUnusable, CertificateExpired, CannotStamp and what ``granting.find`` raises.
    """
    seal = hold(order.seal_code)
    grant = granting.find(actor, seal, order.wish, approved=order.grant_id)
    granting.count(grant)
    clock = Clock(time_trust())
    stamped = _stamped(seal, order, data, clock)
    use = _use(actor, order, seal, grant)
    use.original, use.digest, use.time_stamp = provider().sm3(data).hex(), stamped.digest, clock.state
    return stamped.data, _log(order, seal, use)


def hold(code: str) -> Seal:
    """Return a seal that may stamp now, and keep others from stopping it until the transaction ends.

    Raises NoSuchSeal, SealUnusable, CertificateExpired.
    """
    holding.stamping(code)
    seal = Seal.objects.select_related("certificate__key", "pdf_certificate__key", "unit").filter(code=code).first()
    if seal is None:
        raise NoSuchSeal
    if seal.state not in (SealState.IN_USE, SealState.EXPIRED):
        raise SealUnusable(state=SealState(seal.state).label)
    ends = [seal.valid_to, seal.certificate.not_after if seal.certificate else None]
    end = min((moment for moment in ends if moment), default=None)
    if end is None or now() > end:
        raise CertificateExpired(day=f"{local(end):%Y-%m-%d}" if end else "")
    return seal


def _stamped(seal: Seal, order: Order, data: bytes, clock: Clock) -> Stamped:
    timed = bool(settings.SHUZHENG_TSA_URL)
    try:
        if data.startswith(b"%PDF"):
            from shuzheng.engines.documents.seals import pdf  # pyHanko takes most of a second to load

            return pdf.stamp_pdf(data, seal, place=order.place, ask=clock.ask if timed else None)
        certificate = seal.certificate
        if certificate is None or seal.data is None:
            raise NoSuchSeal
        signer = Signer(
            bytes(certificate.der),
            lambda told: seal_keys().sign(certificate.key, told),
            clock.ask_about if timed else None,
        )
        return stamp_ofd(data, bytes(seal.data), signer, place=order.place, at=now())
    except OfdUnreadable as problem:
        raise CannotStamp(FieldProblem("file_id", problem.reason)) from problem
    except Unstampable as problem:
        raise CannotStamp(FieldProblem("place", problem.reason)) from problem


def _use(actor: Actor, order: Order, seal: Seal, grant: SealGrant) -> SealUse:
    return SealUse(
        seal=seal,
        division_path=seal.division_path,
        grant=grant,
        request_id=order.request_id,
        officer_id=actor.officer_id,
        application_id=order.wish.application_id,
        document_name=order.document_name[:200],
        document_kind=order.wish.document_kind,
        item_code=order.wish.item_code,
        case_id=order.case_id,
        address=actor.address,
        at=now(),
    )


def _log(order: Order, seal: Seal, use: SealUse) -> SealUse:
    """Enter a stamp into the public ledger and the log, and count it."""
    content = {
        "digest": use.digest,
        "seal": seal.code,
        "seal_name": seal.name,
        "unit": seal.unit.name,
        "document": use.original,
        "document_kind": order.wish.document_kind,
        "item": order.wish.item_code,
        "grant": str(use.grant_id),
    }
    use.ledger_entry = ledger.append(LEDGER_KIND, seal.code, content).id
    use.save(force_insert=True)
    _tally(seal, order.wish.application_id)
    return use


def _tally(seal: Seal, application_id: UUID | None) -> None:
    slot = random.randrange(SLOTS)  # noqa: S311  # spreads work, keeps no secret
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, [new_id(), seal.pk, application_id, today(), slot])
