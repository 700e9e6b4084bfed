"""Seals, grants and documents for tests and benchmarks, made through the real actions."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.ofd.writer import Writer
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.documents.seals.actions import FileSeal, GrantSeal, MakeSeal
from shuzheng.engines.documents.seals.models import Seal, SealGrant
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today

#: Where a test's seal usually goes.
PLACE = {"page": 1, "x": 130.0, "y": 220.0}


class Incoming(io.BytesIO):
    """A file as a plain form sends it."""

    def __init__(self, name: str, content: bytes) -> None:
        """Take name and bytes."""
        super().__init__(content)
        self.name: str | None = name
        self.size: int | None = len(content)


def a_document(text: str = "准予许可决定书", pages: int = 1) -> bytes:
    """Return an OFD document of some pages."""
    writer = Writer(text, created=date(2026, 11, 22))
    for number in range(pages):
        writer.page(210, 297).text(30, 40, f"{text}{number + 1}", face("song"), 7)
    return writer.to_bytes()


def a_file(actor: Actor, name: str = "决定书.ofd", content: bytes | None = None) -> StoredFile:
    """Return a document that an actor handed in."""
    return receive(actor, Incoming(name, a_document() if content is None else content))


def a_seal(unit: OrgUnit, *, number: int = 1, made: bool = True, **fields: Any) -> Seal:
    """Return a filed seal of a unit, made unless the test wants to do so."""
    system = Actor.system("test")
    told = {
        "code": f"{unit.division_code[:6]}{number:07}",
        "police_record": f"GA-{unit.division_code[:6]}-{number:07}",
        "name": "赣州市章贡区行政审批局",
        "kind": "official",
        "unit_id": unit.pk,
        **fields,
    }
    seal = FileSeal.do(system, told)
    return MakeSeal.do(system, seal_id=seal.pk) if made else seal


def a_grant(seal: Seal, officer: Officer | None = None, **fields: Any) -> SealGrant:
    """Return a grant for a year from today, for decisions that belong to no item unless the test says otherwise."""
    told = {
        "seal_id": seal.pk,
        "officer_id": officer.pk if officer else None,
        "document_kinds": ["decision"],
        "valid_from": today(),
        "valid_to": today() + timedelta(days=365),
        "reason": "测试授权",
        **fields,
    }
    return GrantSeal.do(Actor.system("test"), told)
