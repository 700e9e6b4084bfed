"""Erasure: the key goes, the personal part with it, and every proof stays."""

from __future__ import annotations

from typing import Any

import pytest

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.actions import AskErasure, ErasePerson
from shuzheng.engines.trust.crypto import KeyRing
from shuzheng.engines.trust.errors import ErasureDone, SecondPersonNeeded
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.models import AuditRecord, LedgerEntry, PersonKey
from shuzheng.engines.trust.policies import ERASE
from shuzheng.engines.trust.rotation import reencrypt
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.id import new_id

pytestmark = pytest.mark.usefixtures("empty_ledger", "own_ring")


def administrator() -> Actor:
    """Return a security administrator."""
    return Actor(name="安全管理员", account_id=new_id(), grants=frozenset({Grant(ERASE, "")}))


def test_two_administrators_erase_a_person_and_proofs_stay() -> None:
    person, other = new_id(), new_id()
    mine = ledger.append(
        "documents.licence_issued", "L-1", {"state": "issued"}, personal={"name": "张三"}, about=person
    )
    theirs = ledger.append(
        "documents.licence_issued", "L-2", {"state": "issued"}, personal={"name": "李四"}, about=other
    )
    ledger.sequence()
    before = ledger.evidence(mine.id)
    erasure = AskErasure.do(administrator(), person_id=person, basis="个人信息保护法 §47")
    done = ErasePerson.do(administrator(), erasure_id=erasure.pk)
    assert done.erased_at is not None
    stored = LedgerEntry.objects.get(id=mine.id)
    assert ledger.personal_part(stored) is None
    assert ledger.personal_part(LedgerEntry.objects.get(id=theirs.id)) == {"name": "李四"}
    ledger.sequence()
    after = ledger.evidence(mine.id)
    assert before is not None
    assert after is not None
    assert (after.leaf, after.index) == (before.leaf, before.index)
    assert verify_ledger().sound
    recorded = AuditRecord.objects.get(name="trust.erase_person")
    assert (recorded.detail, str(person) in str(recorded.detail)) == ({"keys": 1}, False)


def test_who_asked_cannot_carry_it_out_and_no_program_can() -> None:
    asking = administrator()
    with pytest.raises(NotPermitted):
        AskErasure.do(Actor.system("job"), person_id=new_id(), basis="依据")
    erasure = AskErasure.do(asking, person_id=new_id(), basis="依据")
    with pytest.raises(SecondPersonNeeded):
        ErasePerson.do(asking, erasure_id=erasure.pk)
    with pytest.raises(NotPermitted):
        ErasePerson.do(Actor.system("job"), erasure_id=erasure.pk)
    with pytest.raises(NotPermitted):
        ErasePerson.do(Actor(name="a", account_id=new_id()), erasure_id=erasure.pk)
    with pytest.raises(NotFound):
        ErasePerson.do(administrator(), erasure_id=new_id())
    ErasePerson.do(administrator(), erasure_id=erasure.pk)
    with pytest.raises(ErasureDone):
        ErasePerson.do(administrator(), erasure_id=erasure.pk)


def test_what_comes_after_an_erasure_is_under_a_new_key() -> None:
    person = new_id()
    first = ledger.append("a.b", "1", {}, personal={"n": 1}, about=person)
    ErasePerson.do(administrator(), erasure_id=AskErasure.do(administrator(), person_id=person, basis="依据").pk)
    second = ledger.append("a.b", "2", {}, personal={"n": 2}, about=person)
    assert first.key_id != second.key_id
    assert ledger.personal_part(second) == {"n": 2}
    assert PersonKey.objects.get(id=first.key_id).key == ""


def test_persons_keys_move_to_a_new_master_key(own_ring: KeyRing) -> None:
    entry: Any = ledger.append("a.b", "1", {}, personal={"n": 1}, about=new_id())
    own_ring.rotate()
    assert reencrypt(PersonKey) == 1
    assert ledger.personal_part(entry) == {"n": 1}
