"""Packs, people and channels for payment's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.payment import gateways
from shuzheng.engines.payment.actions.raising import RaiseBill
from shuzheng.engines.payment.models import Bill
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.sandbox.acquirer import Acquirer
from shuzheng.testing.identity import a_resident, a_unit, actor_of_officer, actor_of_person, an_officer
from shuzheng.testing.packs import install_packs, some_divisions
from shuzheng.testing.payment import MemoryChannel, OtherChannel

ROOT = Path(__file__).parents[3]
DIVISION = "360702000000"
PLATFORM = Actor.system("test")


@pytest.fixture
def packs(db: None) -> None:
    """Load charges and a fee decision for tests."""
    some_divisions()
    install_packs(ROOT / "packs/base/fees", Path(__file__).parent / "pack")
    for kind in ("urban-management", "market-supervision"):
        a_unit(kind)


@pytest.fixture
def payer(packs: None) -> Actor:
    """Return a resident."""
    return actor_of_person(a_resident("李梅"))


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, settings: Any) -> MemoryChannel:
    """Return the only channel of this installation: an acquirer in memory."""
    channel = MemoryChannel()
    monkeypatch.setattr(gateways, "_load", {"memory": channel, "other": OtherChannel()}.__getitem__)
    settings.PAYMENT_CHANNELS = ["memory"]
    return channel


@pytest.fixture
def bill(payer: Actor) -> Bill:
    """Return a bill of 110.00 yuan in two lines for two units."""
    return raise_bill(payer)


def raise_bill(payer: Actor, **given: Any) -> Bill:
    """Return a bill raised through the real action."""
    assert payer.party is not None
    values = {"use": "occupy", "area": "20", "days": 10}
    usual: dict[str, Any] = {
        "fee": "test-fee",
        "title": "占用城市道路",
        "division_code": DIVISION,
        "applicant_kind": "person",
        "applicant_id": payer.party.id,
        "applicant_name": payer.party.name,
        "answers": values,
    }
    return RaiseBill.do(PLATFORM, {**usual, **given})


def clerk(name: str, *permissions: str, scope: str = "36.3607.360702") -> Actor:
    """Return an official with permissions in 章贡区."""
    officer = an_officer(name, unit=a_unit("finance"), posts=["handler"])
    actor = actor_of_officer(officer)
    return Actor(
        name=actor.name,
        account_id=actor.account_id,
        person_id=actor.person_id,
        officer_id=actor.officer_id,
        unit_ids=actor.unit_ids,
        posts=actor.posts,
        grants=frozenset(Grant(permission, scope) for permission in permissions),
    )


@pytest.fixture
def acquirer(tmp_path: Path, settings: Any) -> Iterator[Acquirer]:
    """Run an acquirer in threads, and use it."""
    from tests.engines.payment.sandbox import SECRET, use

    running = Acquirer(tmp_path, SECRET, port=0).start()
    use(settings, running.address)
    yield running
    running.stop()
