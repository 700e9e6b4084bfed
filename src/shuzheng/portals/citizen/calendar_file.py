"""A due date as an iCalendar file (RFC 5545), for the person's own calendar."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from shuzheng.engines.casework.models import Case
from shuzheng.kernel.moment import now

LINE = 73


def due_date_file(case: Case, day: date, summary: str, address: str) -> bytes:
    """Return an all-day event on the day a case is due."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Shuzheng//Cases//ZH",
        "BEGIN:VEVENT",
        f"UID:{case.pk}@shuzheng",
        f"DTSTAMP:{now().astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Break a line after at most 75 octets, never inside a character."""
    pieces, piece = [], b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > LINE:
            pieces.append(piece)
            piece = b""
        piece += encoded
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
