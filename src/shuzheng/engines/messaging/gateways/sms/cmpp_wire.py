"""The wire of CMPP 3.0 (中国移动通信互联网短信网关接口协议): packets to bytes and back, pure.

Numbers are big-endian; texts are padded with zero bytes. Section numbers are those of the protocol's version 3.0.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum

HEADER = struct.Struct(">III")
#: No packet is longer: 8.1, header, body of a submit to 99 numbers and 140 bytes of text.
LONGEST = 4096
VERSION = 0x30
UCS2 = 8
#: Characters of one SMS, and of each part of a longer one, which gives six bytes to its header (UDH).
SINGLE, PART = 70, 67
#: Parts of a long SMS at most.
MOST_PARTS = 10
_SUBMIT = struct.Struct(">QBBBB10sB32sBBBB6s2s6s17s17s21sB32sBB")
_DELIVER = struct.Struct(">Q21s10sBBB32sBBB")
_REPORT = struct.Struct(">Q7s10s10s32sI")


class Command(IntEnum):
    """Kinds of packets (7.3); an answer has the highest bit set."""

    CONNECT = 0x1
    TERMINATE = 0x2
    SUBMIT = 0x4
    DELIVER = 0x5
    ACTIVE_TEST = 0x8


#: What turns a command into its answer.
ANSWER = 0x80000000


class Malformed(Exception):
    """Bytes that are no packet."""


@dataclass(frozen=True)
class Packet:
    """One packet: what it is, its number, its body."""

    command: int
    sequence: int
    body: bytes = b""

    def encode(self) -> bytes:
        """Return the packet as bytes."""
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.sequence) + self.body


@dataclass(frozen=True)
class Report:
    """A status report (状态报告): what became of a message."""

    #: Of the packet that carries it, for the answer.
    packet_id: int
    #: Of the message it is about.
    message_id: int
    #: ``DELIVRD``, ``EXPIRED``, ``UNDELIV``, ``REJECTD`` …
    state: str
    #: ``YYMMDDHHMM`` local time.
    done_at: str


def authenticator(account: str, secret: str, timestamp: int) -> bytes:
    """Return what proves the account: MD5 of account, nine zero bytes, secret and ``MMDDHHMMSS`` (8.1.1)."""
    text = account.encode() + bytes(9) + secret.encode() + f"{timestamp:010d}".encode()
    return hashlib.md5(text, usedforsecurity=False).digest()  # the protocol knows no other


def connect_body(account: str, secret: str, timestamp: int) -> bytes:
    """Return the body of CONNECT."""
    return (
        _text(account, 6) + authenticator(account, secret, timestamp) + bytes([VERSION]) + struct.pack(">I", timestamp)
    )


def split(text: str, reference: int) -> list[bytes]:
    """Return the contents of the SMS that carry a text, each within 140 bytes; a long one in parts with headers (UDH)."""
    encoded = text.encode("utf-16-be")
    if len(encoded) <= SINGLE * 2:
        return [encoded]
    size = PART * 2
    parts = [encoded[start : start + size] for start in range(0, len(encoded), size)][:MOST_PARTS]
    return [bytes([5, 0, 3, reference & 0xFF, len(parts), number]) + part for number, part in enumerate(parts, 1)]


def submit_body(account: str, source: str, mobile: str, content: bytes, part: int, parts: int) -> bytes:
    """Return the body of SUBMIT for one part of a message; a report is asked for with every part."""
    fixed = _SUBMIT.pack(
        0, parts, part, 1, 1, b"SHUZHENG", 0, b"", 0, 0, int(parts > 1), UCS2, _text(account, 6), b"01", b"0",
        b"", b"", _text(source, 21), 1, _text(mobile, 32), 0, len(content),
    )  # fmt: skip
    return fixed + content + bytes(20)


def submit_answer(body: bytes) -> tuple[int, int]:
    """Return message id and result of SUBMIT_RESP; result 0 is taken. Raises Malformed."""
    return _unpack(struct.Struct(">QI"), body)[:2]


def connect_answer(body: bytes) -> int:
    """Return the status of CONNECT_RESP; 0 is welcome. Raises Malformed."""
    return _unpack(struct.Struct(">I16sB"), body)[0]


def report_of(body: bytes) -> Report | None:
    """Return the status report in a DELIVER, or ``None`` for a message from a phone. Raises Malformed."""
    fields = _unpack(_DELIVER, body)
    if not fields[8]:
        return None
    found = _unpack(_REPORT, body[_DELIVER.size :])
    return Report(fields[0], found[0], _plain(found[1]), _plain(found[3]))


def deliver_answer(packet_id: int) -> bytes:
    """Return the body of DELIVER_RESP that acknowledges a packet."""
    return struct.pack(">QI", packet_id, 0)


def _unpack(shape: struct.Struct, body: bytes) -> tuple:
    if len(body) < shape.size:
        raise Malformed
    return shape.unpack(body[: shape.size])


def _text(text: str, size: int) -> bytes:
    return text.encode("ascii", "replace")[:size].ljust(size, b"\0")


def _plain(field: bytes) -> str:
    return field.rstrip(b"\0 ").decode("ascii", "replace")
