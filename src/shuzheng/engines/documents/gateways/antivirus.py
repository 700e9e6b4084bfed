"""Antivirus scanners: ClamAV over its own protocol, none, and one that always fails."""

from __future__ import annotations

import socket
import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from shuzheng.engines.documents.errors import ScannerDown

PIECE = 64 * 1024
SECONDS = 20.0
LONGEST_ANSWER = 4096


@dataclass(frozen=True)
class Verdict:
    """What a scanner said of one file."""

    #: False when nothing looked at it.
    scanned: bool
    #: Name of the virus; empty for none.
    virus: str = ""


class Scanner(ABC):
    """Looks for viruses."""

    @abstractmethod
    def scan(self, stream: BinaryIO) -> Verdict:
        """Read a stream to its end and judge it. Raises ScannerDown."""


class NoScanner(Scanner):
    """An installation that has no scanner."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Say that nothing looked at it."""
        return Verdict(scanned=False)


class FailingScanner(Scanner):
    """A scanner that never answers, for tests and drills."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Raise ScannerDown."""
        raise ScannerDown


class ClamAv(Scanner):
    """clamd, spoken to with INSTREAM over TCP or a Unix socket (clamd(8))."""

    def __init__(self, address: str) -> None:
        """Take ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``. Raises ValueError for another scheme."""
        parts = urlsplit(address)
        if parts.scheme not in ("tcp", "unix"):
            raise ValueError(f"SHUZHENG_ANTIVIRUS: {address!r} is neither none, failing, tcp://… nor unix://…")
        self._parts = parts

    def scan(self, stream: BinaryIO) -> Verdict:
        """Send the stream in pieces, each preceded by its length, and read the verdict. Raises ScannerDown."""
        try:
            with self._connect() as line:
                line.sendall(b"zINSTREAM\0")
                while piece := stream.read(PIECE):
                    line.sendall(struct.pack("!I", len(piece)) + piece)
                line.sendall(struct.pack("!I", 0))
                return _verdict(_answer(line))
        except OSError as failure:
            raise ScannerDown from failure

    def _connect(self) -> socket.socket:
        if self._parts.scheme == "tcp":
            return socket.create_connection((self._parts.hostname or "127.0.0.1", self._parts.port or 3310), SECONDS)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(SECONDS)
            line.connect(self._parts.path)
        except OSError:
            line.close()
            raise
        return line


def _answer(line: socket.socket) -> str:
    """Read up to the terminating NUL."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Verdict:
    """Understand ``stream: OK`` and ``stream: NAME FOUND``; anything else is no verdict. Raises ScannerDown."""
    said = answer.partition(": ")[2]
    if said == "OK":
        return Verdict(scanned=True)
    if said.endswith(" FOUND"):
        return Verdict(scanned=True, virus=said.removesuffix(" FOUND"))
    raise ScannerDown
