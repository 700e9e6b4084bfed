"""Being a witness (C2SP tlog-witness): what is submitted, and whether it continues what was seen before. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import Enum

from shuzheng.engines.trust.ledger.note import BadNote, Checkpoint, Key, Note, Verify
from shuzheng.engines.trust.ledger.tree import Hasher, extends

MOST_PROOF_LINES = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class Verdict(Enum):
    """What a witness answers, with its HTTP status."""

    COSIGNED = 200
    MALFORMED = 400
    NOT_SIGNED = 403
    #: The submitter starts from another head than the witness's newest.
    OUT_OF_STEP = 409
    #: Two heads of one size with different roots: the log has forked.
    FORKED = -409
    #: The proof does not show that the log only grew.
    UNPROVEN = 422


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint, and the proof that it continues the one of ``old`` leaves."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint."""
        return Checkpoint.parse(self.note.text)

    @classmethod
    def parse(cls, body: str) -> Submission:
        """Return what a request's body says. Raises BadNote."""
        head, blank, rest = body.partition("\n\n")
        first, *lines = head.split("\n")
        match = _OLD.fullmatch(first)
        if match is None or not blank or len(lines) > MOST_PROOF_LINES:
            raise BadNote("A submission is an old size, proof lines, an empty line and a checkpoint.")
        try:
            proof = tuple(base64.b64decode(line, validate=True) for line in lines)
        except binascii.Error:
            raise BadNote("A proof line is a hash in base64.") from None
        note = Note.parse(rest)
        Checkpoint.parse(note.text)
        return cls(int(match[1]), proof, note)

    def __str__(self) -> str:
        """Return the request's body."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode() for one in self.proof)]
        return "\n".join(lines) + f"\n\n{self.note}"


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest head of a log that a witness has cosigned; nothing at first."""

    key: Key
    size: int = 0
    root: bytes = b""


def judge(seen: Seen, given: Submission, hasher: Hasher, verify: Verify) -> Verdict:
    """Return what the witness answers."""
    shown = given.checkpoint
    if not given.note.signed_by(seen.key, verify):
        return Verdict.NOT_SIGNED
    if given.old > shown.size:
        return Verdict.MALFORMED
    if given.old != seen.size:
        return Verdict.OUT_OF_STEP
    if given.old == shown.size and seen.size:
        return Verdict.COSIGNED if shown.root == seen.root and not given.proof else _fork(given)
    if given.old == 0:
        return Verdict.COSIGNED if not given.proof else Verdict.UNPROVEN
    grew = extends(hasher, given.old, shown.size, (seen.root, shown.root), given.proof)
    return Verdict.COSIGNED if grew else Verdict.UNPROVEN


def _fork(given: Submission) -> Verdict:
    return Verdict.UNPROVEN if given.proof else Verdict.FORKED
