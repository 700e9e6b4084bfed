"""Fixtures of this engine's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from shuzheng.engines.trust import sealing, signing
from shuzheng.engines.trust.crypto import KeyRing, ring
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.id import new_id

TABLES = ("trust_chaincheckpoint", "trust_signingkey", "trust_auditrecord")


@pytest.fixture
def own_ring(tmp_path: Path, settings: Any) -> Iterator[KeyRing]:
    """A key ring of this test's own, in an empty folder."""
    settings.HOME = tmp_path
    settings.SHUZHENG_MASTER_KEY = ""
    forget()
    yield ring()
    forget()


def forget() -> None:
    """Let go of cached keys."""
    ring.cache_clear()
    signing._authentic.cache_clear()


@pytest.fixture
def empty_audit(transactional_db: None) -> Iterator[None]:
    """An audit without records, in committed transactions; emptied again afterwards."""
    wipe()
    yield
    wipe()


@pytest.fixture
def sealable_audit(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit without records that seals what the test's own, never committed transaction has written."""
    wipe()
    committed = "xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    assert committed in sealing._READY
    monkeypatch.setattr(sealing, "_READY", sealing._READY.replace(committed, "true"))


def wipe() -> None:
    """Empty the audit as only an intruder with the rights of the table's owner could."""
    behind_the_triggers(f"TRUNCATE {', '.join(TABLES)}")
    signing._authentic.cache_clear()


def behind_the_triggers(statement: str, *parameters: Any) -> None:
    """Run SQL with the guarding triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(statement, parameters)
        finally:
            cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Change the audit as an intruder with the rights of the table's owner would."""
    return behind_the_triggers


@pytest.fixture
def officer() -> Actor:
    """An officer at a desk."""
    return Actor(name="李四", account_id=new_id(), officer_id=new_id(), channel="web", address="10.0.0.8", assurance=3)


@pytest.fixture
def act(officer: Actor) -> Callable[..., Entry]:
    """Make an entry of an act."""

    def make(
        name: str = "casework.accept_case", *, actor: Actor = officer, case_id: UUID | None = None, **more: Any
    ) -> Entry:
        return Entry(kind=more.pop("kind", "act"), name=name, actor=actor, case_id=case_id, **more)

    return make
