"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature) with SM2. Pure.

SM2 has no signature type of its own there. As the specification foresees for such types, ours begin with the byte 0xff and
a longer identifier: ``0xff ‖ "sm2-sm3/v1"`` for a log, ``0xff ‖ "sm2-sm3-cosignature/v1"`` for a witness; the public key follows
as ``04 ‖ x ‖ y``. Signatures are raw (``r ‖ s``) under the default identifier of GB/T 32918.2.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

LOG = b"\xffsm2-sm3/v1"
WITNESS = b"\xffsm2-sm3-cosignature/v1"
#: Longest note that is read.
LONGEST = 64 * 1024
#: Most signatures of a note that are looked at.
MOST = 64
_POINT = 65
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
#: ``(public key, data, signature)``: is it valid?
Verify = Callable[[bytes, bytes, bytes], bool]


class BadNote(ValueError):
    """A note, checkpoint or key that is not written as it must be; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Key:
    """Whose signature, of which type, under which public key."""

    name: str
    type: bytes
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.type + self.public).digest()[:4]

    def __str__(self) -> str:
        """Return the verifier key (vkey): name, id and public key in one line."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.type + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Return the key of a vkey. Raises BadNote."""
        name, key_id, body = [*text.split("+", 2), "", ""][:3]
        raw = _decode(body)
        key = cls(name, raw[:-_POINT], raw[-_POINT:])
        if not named(name) or key.type not in (LOG, WITNESS) or key.public[:1] != b"\x04" or key.id.hex() != key_id:
            raise BadNote("This is not the verifier key of an SM2 log or witness.")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        """Return the line, without its newline."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.value).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it is sent."""
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)

    @classmethod
    def parse(cls, raw: str) -> Note:
        """Return the note of a text. Raises BadNote."""
        text, blank, lines = raw.rpartition("\n\n")
        if not blank or not lines.endswith("\n") or len(raw) > LONGEST or any(ord(c) < 32 and c != "\n" for c in raw):
            raise BadNote("A signed note is a text, an empty line and signature lines.")
        return cls(text + "\n", signatures(lines))

    def signed_by(self, key: Key, verify: Verify) -> bool:
        """Say whether a key has signed this text."""
        return any(valid(key, self.text, line, verify) for line in self.signatures)

    def with_signatures(self, *more: Signature) -> Note:
        """Return the note with further signatures."""
        return replace(self, signatures=(*self.signatures, *more))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: how many leaves, which root; further lines are extensions."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the text that is signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Return the checkpoint of a note's text. Raises BadNote."""
        origin, size, root, *extensions = (*text.removesuffix("\n").split("\n"), "", "", "")[: max(3, text.count("\n"))]
        if not named(origin) or not _SIZE.fullmatch(size) or not all(extensions):
            raise BadNote("A checkpoint has an origin, a size and a root, a line each.")
        raw = _decode(root)
        if len(raw) != 32:
            raise BadNote("A root has 32 bytes.")
        return cls(origin, int(size), raw, tuple(extensions))


def named(name: str) -> bool:
    """Say whether a name may stand in a note: neither empty nor with blanks or plus signs."""
    return 0 < len(name) <= 255 and "+" not in name and not any(character.isspace() for character in name)


def signatures(lines: str) -> tuple[Signature, ...]:
    """Return the signatures of lines. Raises BadNote."""
    found = []
    for line in lines.splitlines()[:MOST]:
        match = _LINE.fullmatch(line)
        raw = _decode(match[2]) if match else b""
        if match is None or len(raw) < 5:
            raise BadNote("A signature line is a dash, a name and a signature in base64.")
        found.append(Signature(match[1], raw[:4], raw[4:]))
    return tuple(found)


def cosigned(text: str, moment: int) -> bytes:
    """Return what a witness signs: that at a moment (POSIX seconds) this was the newest head it had seen."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def cosignature(key: Key, moment: int, raw: bytes) -> Signature:
    """Return a witness's signature line: the moment, then the raw signature."""
    return Signature(key.name, key.id, moment.to_bytes(8, "big") + raw)


def valid(key: Key, text: str, line: Signature, verify: Verify) -> bool:
    """Say whether a line is a key's signature under a text."""
    if (line.name, line.key_id) != (key.name, key.id):
        return False
    if key.type == LOG:
        return verify(key.public, text.encode(), line.value)
    moment = int.from_bytes(line.value[:8], "big")
    return moment < 1 << 63 and verify(key.public, cosigned(text, moment), line.value[8:])


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("This is not base64.") from None
