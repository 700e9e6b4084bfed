"""统一政务区块链: evidence for every system, traced, confirmed by a second party, checked by anyone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.actions import ConfirmEvidence, RecordEvidence
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.errors import NothingToConfirm
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.policies import RECORD_EVIDENCE
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.testing.applications import a_connected_application
from tools.verify_evidence import main as verify_offline

pytestmark = [pytest.mark.django_db, pytest.mark.system("unified-gov-blockchain", page="/ledger/")]
CONTRACT = "不动产预告登记合同（第二版）".encode()


def application(name: str) -> Actor:
    """Return another department's system, which may deposit evidence."""
    return Actor(name=name, account_id=new_id(), channel="api", grants=frozenset({Grant(RECORD_EVIDENCE, "")}))


def deposit(actor: Actor, document: bytes, **more: Any) -> Any:
    """Deposit a document's digest; the document itself stays where it is."""
    given = {"digest": provider().sm3(document).hex(), "application": "real-estate", "label": "YG-2026-0001", **more}
    return RecordEvidence.do(actor, given)


def test_a_department_deposits_a_contract_a_second_confirms_it_and_anyone_checks_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = a_connected_application("real-estate", evidence={}).actor
    bank = a_connected_application("mortgage", evidence={}).actor
    first = deposit(registry, b"draft")
    second = deposit(registry, CONTRACT, follows=first.entry_id)
    confirmed = ConfirmEvidence.do(bank, entry_id=second.entry_id)
    ledger.sequence()

    # Anyone finds it by the file itself, with its history and its second party.
    page = Client().post("/ledger/", {"file": SimpleUploadedFile("contract.txt", CONTRACT)}).content.decode()
    assert page.count("real-estate/YG-2026-0001") == 2
    assert "另一方确认存证" in page
    digest = provider().sm3(CONTRACT).hex()
    found = Client().get(f"/api/trust/ledger/digests/{digest}").json()
    assert [one["id"] for one in found] == [str(second.entry_id), str(confirmed.entry_id)]
    assert found[0]["content"]["follows"] == str(first.entry_id)
    assert "不同" in Client().get("/ledger/", {"digest": "00" * 32}).content.decode()

    # And takes the proof home, to check it without us.
    evidence = Client().get(f"/ledger/entries/{second.entry_id}/evidence.json")
    (tmp_path / "evidence.json").write_bytes(evidence.content)
    (tmp_path / "contract").write_bytes(CONTRACT)
    assert verify_offline([str(tmp_path / "evidence.json"), "--file", str(tmp_path / "contract")]) == 0
    (tmp_path / "contract").write_bytes(CONTRACT + b".")
    assert verify_offline([str(tmp_path / "evidence.json"), "--file", str(tmp_path / "contract")]) == 1
    assert "全部成立" in capsys.readouterr().out
    assert verify_ledger().sound


def test_nothing_personal_can_be_deposited() -> None:
    actor = application("x")
    for bad in (
        {"label": "13812341234"},
        {"label": "36070219900307123X"},
        {"label": "张三"},
        {"digest": "zz"},
        {"name": "张三"},
    ):
        with pytest.raises(InvalidInput):
            deposit(actor, CONTRACT, **bad)


def test_only_who_may_deposits_and_only_another_confirms() -> None:
    with pytest.raises(NotPermitted):
        deposit(Actor(name="x", account_id=new_id()), CONTRACT)
    with pytest.raises(NotFound):
        deposit(application("x"), CONTRACT, follows=new_id())
    mine = deposit(application("x"), CONTRACT)
    with pytest.raises(NothingToConfirm):
        ConfirmEvidence.do(application("x"), entry_id=mine.entry_id, application="real-estate")
    with pytest.raises(NothingToConfirm):
        ConfirmEvidence.do(application("x"), entry_id=new_id(), application="mortgage")


def test_proofs_are_open_to_anyone_over_the_api() -> None:
    for n in range(5):
        ledger.append("trial.entry", str(n), {})
    entry = ledger.append("trial.entry", "last", {})
    assert Client().get(f"/ledger/entries/{entry.id}/evidence.json").status_code == 404
    ledger.sequence()
    api = Client()
    head = api.get("/api/trust/ledger/head").json()
    size = int(head["checkpoint"].split("\n")[1])
    evidence = api.get(f"/api/trust/ledger/entries/{entry.id}/evidence").json()
    assert json.loads(evidence["leaf"])["open"]["subject"] == "last"
    place = evidence["index"]
    assert (
        api.get("/api/trust/ledger/proofs/inclusion", {"index": place, "size": size}).json()["proof"]
        == evidence["proof"]
    )
    assert api.get("/api/trust/ledger/proofs/consistency", {"first": size, "second": size}).json() == {"proof": []}
    for bad in ({"index": size, "size": size}, {"index": 0, "size": size + 10**6}):
        assert api.get("/api/trust/ledger/proofs/inclusion", bad).status_code == 404
    assert api.get(f"/api/trust/ledger/entries/{new_id()}/evidence").status_code == 404
