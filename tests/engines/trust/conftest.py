"""Fixtures of this engine's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from shuzheng.engines.trust import signing
from shuzheng.engines.trust.crypto import KeyRing, ring
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.id import new_id

TABLES = ("trust_treehead", "trust_node", "trust_leaf", "trust_ledgerentry", "trust_signingkey", "trust_auditrecord")


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
def empty_ledger(db: None) -> None:
    """A ledger and an audit without records, in the test's own transaction, whose rows the writer takes as well."""
    wipe()


def wipe() -> None:
    """Empty audit and ledger as only an intruder with the rights of the tables' owner could."""
    behind_the_triggers(f"TRUNCATE {', '.join(TABLES)}")
    behind_the_triggers("UPDATE trust_sequencer SET cluster = 0, xid = 0, record = 0")
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
