"""Witnessing between installations: cosigning others' heads, and collecting cosignatures under ours."""

from __future__ import annotations

import time

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.trust import signing
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.gateways.witness import WitnessAway, witness_gateway
from shuzheng.engines.trust.ledger import entries, heads, note, proofs
from shuzheng.engines.trust.ledger.note import WITNESS, BadNote, Key, Note
from shuzheng.engines.trust.ledger.witness import Seen, Submission, Verdict, judge
from shuzheng.engines.trust.models import Cosignature, TreeHead, WatchedLog, Witness
from shuzheng.kernel.moment import now

#: Purpose of the key with which we cosign.
PURPOSE = "ledger-witness"
FORK = entries.entitle("trust.fork_seen", _("他方账本分叉"))
log = structlog.get_logger()


class Answer(BaseModel):
    """What a witness answers: a status, the size it knows, its signature lines."""

    status: int
    size: int = 0
    lines: str = ""


def witness_key() -> Key:
    """Return the key under which this installation cosigns."""
    return Key(f"{heads.origin()}/witness", WITNESS, signing.authentic(PURPOSE)[0])


# -- as a witness ----------------------------------------------------------------------------------------------


def peek(body: str) -> Answer | None:
    """Answer a submission that changes nothing here, so that strangers cannot fill our books; ``None`` if it has to be acted on."""
    judged = _judge(body, WatchedLog.objects.all())
    if isinstance(judged, Answer):
        return judged
    watched, given, verdict = judged
    if verdict is Verdict.COSIGNED and given.checkpoint.size == watched.size:
        return Answer(status=200, size=watched.size, lines=_cosign(given.note.text))
    told_before = bool(watched.refused_note) and Note.parse(watched.refused_note).text == given.note.text
    return None if verdict is Verdict.COSIGNED or not told_before else _refusal(watched, verdict)


def answer(body: str) -> Answer:
    """Judge a submission and answer it; what was cosigned or refused is kept in the current transaction."""
    judged = _judge(body, WatchedLog.objects.select_for_update())
    if isinstance(judged, Answer):
        return judged
    watched, given, verdict = judged
    if verdict is not Verdict.COSIGNED:
        _alarm(watched, given, forked=verdict is Verdict.FORKED)
        return _refusal(watched, verdict)
    shown = given.checkpoint
    watched.size, watched.root, watched.note, watched.seen_at = shown.size, shown.root, str(given.note), now()
    watched.save(update_fields=["size", "root", "note", "seen_at"])
    return Answer(status=200, size=shown.size, lines=_cosign(given.note.text))


def _judge(body: str, logs: QuerySet[WatchedLog]) -> tuple[WatchedLog, Submission, Verdict] | Answer:
    """Return the log, what it submits and what to make of it, or the answer if it is none of a log that we watch."""
    try:
        given = Submission.parse(body)
    except BadNote:
        return Answer(status=400)
    watched = logs.filter(origin=given.checkpoint.origin).first()
    if watched is None:
        return Answer(status=404)
    seen = Seen(Key.parse(watched.key), watched.size, bytes(watched.root))
    verdict = judge(seen, given, heads.hasher(), provider().sm2_verify)
    if verdict in (Verdict.COSIGNED, Verdict.FORKED, Verdict.UNPROVEN):
        return watched, given, verdict
    return _refusal(watched, verdict)


def _refusal(watched: WatchedLog, verdict: Verdict) -> Answer:
    return Answer(status=abs(verdict.value), size=watched.size)


def _cosign(text: str) -> str:
    # The moment of a cosignature is what the wall clock says, not the time of a story that is told.
    key, moment = witness_key(), int(time.time())
    given = signing.sign(PURPOSE, note.cosigned(text, moment))
    return f"{note.cosignature(key, moment, given.value)}\n"


def _alarm(watched: WatchedLog, given: Submission, *, forked: bool) -> None:
    """Say loudly that a log showed a head that does not continue the last; a fork becomes evidence for everyone."""
    log.error("ledger_fork" if forked else "ledger_unproven", origin=watched.origin, size=given.checkpoint.size)
    if forked and not watched.forked:
        content = {"seen": watched.note, "shown": str(given.note)}
        entries.append(FORK, watched.origin, content)
    watched.refused_at, watched.refused_note, watched.forked = now(), str(given.note), watched.forked or forked
    watched.save(update_fields=["refused_at", "refused_note", "forked"])


# -- as a log --------------------------------------------------------------------------------------------------


def collect() -> int:
    """Submit the newest head to every witness in use, and return how many cosigned it."""
    head = heads.newest()
    behind = Witness.objects.filter(active=True, size__lt=head.size) if head else Witness.objects.none()
    return sum(_ask(witness, head) for witness in behind.order_by("id") if head)


def _ask(witness: Witness, head: TreeHead) -> bool:
    """Ask one witness for its cosignature; if it knows another size, start from there. What goes wrong is noted."""
    try:
        status, body = _submit(witness, witness.size, head)
        if status == 409 and body.strip().isdecimal() and int(body) <= head.size:
            status, body = _submit(witness, int(body), head)
        lines = _valid(witness, head, body) if status == 200 else []
        trouble = "" if lines else f"{status} {body[:200]}"
    except (WitnessAway, BadNote, LookupError) as error:
        lines, trouble = [], str(error)
    if trouble:
        log.error("witness_refused", witness=str(witness), answer=trouble)
    with transaction.atomic():
        if lines:
            Cosignature.objects.bulk_create(
                [Cosignature(witness=witness, size=head.size, line=str(lines[0]))], ignore_conflicts=True
            )
            witness.size = head.size
        witness.trouble = trouble
        witness.save(update_fields=["size", "trouble"])
    return bool(lines)


def _submit(witness: Witness, old: int, head: TreeHead) -> tuple[int, str]:
    given = Submission(old, tuple(proofs.consistency(old, head.size)), Note.parse(head.note))
    return witness_gateway().submit(witness.url, str(given))


def _valid(witness: Witness, head: TreeHead, body: str) -> list[note.Signature]:
    """Return the lines of an answer that are the witness's cosignature under the head. Raises BadNote."""
    key, text = Key.parse(witness.key), Note.parse(head.note).text
    return [line for line in note.signatures(body) if note.valid(key, text, line, provider().sm2_verify)]
