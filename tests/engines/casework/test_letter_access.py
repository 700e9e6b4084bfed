"""Who opens a letter before it is issued: the office and the holder of a grant that covers it, never the applicant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.casework.letters import giving
from shuzheng.engines.casework.models import Case, Letter
from shuzheng.engines.casework.queries.letters import letter_for, may_open, sealable, waiting
from shuzheng.engines.documents.seals.models import Seal, SealGrant
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import today
from shuzheng.testing.identity import a_firm, a_resident, a_unit, actor_of_officer, actor_of_person, an_officer
from shuzheng.testing.seals import a_grant, a_seal
from tests.engines.casework.conftest import Bureau, file_permit
from tests.engines.casework.test_letters import _accepted, _event, _unit, home

__all__ = ["home"]
COVERING: dict[str, Any] = {"standing": True, "item_codes": ["test-permit"], "document_kinds": ["notice"]}


@pytest.fixture
def seal(bureau: Bureau) -> Seal:
    """Return the bureau's seal, which no process may use."""
    return a_seal(_unit(bureau))


@pytest.fixture
def letter(case: Case, bureau: Bureau, seal: Seal) -> Letter:
    """Return an acceptance letter that waits for the seal."""
    _accepted(case, bureau)
    found = giving.give(_event(case, "case_accepted"))
    assert found is not None
    assert found.state == Letter.State.UNSEALED
    return found


@pytest.fixture
def holder(packs: None) -> Any:
    """Return an officer of another bureau, to whom seals are lent."""
    return an_officer("holder", unit=a_unit("education"), posts=["handler"])


def _sees(holder: Any, letter: Letter) -> bool:
    actor = actor_of_officer(holder)
    listed = letter.pk in {one.pk for one in waiting(actor).items}
    assert listed == bool(sealable(actor, [letter])) == may_open(actor, letter)
    return listed


def test_a_grant_that_covers_the_letter_opens_it_while_it_waits(letter: Letter, seal: Seal, holder: Any) -> None:
    assert not _sees(holder, letter)
    a_grant(seal, holder, **COVERING)
    assert _sees(holder, letter)
    letter.state = Letter.State.FAILED
    letter.changed("state")
    assert not _sees(holder, letter)
    letter.state = Letter.State.ISSUED
    letter.changed("state")
    with pytest.raises(NotFound):
        letter_for(actor_of_officer(holder), letter.case_id, letter.pk)


@pytest.mark.parametrize(
    "other",
    [
        {"document_kinds": ["decision"]},
        {"document_kinds": ["contract"]},
        {"item_codes": ["generic-matter"]},
        {"item_codes": []},
    ],
)
def test_a_grant_for_something_else_opens_nothing(letter: Letter, seal: Seal, holder: Any, other: Any) -> None:
    a_grant(seal, holder, **{**COVERING, **other})
    assert not _sees(holder, letter)


def test_a_grant_of_another_seal_or_one_that_is_spent_or_over_opens_nothing(
    letter: Letter, seal: Seal, holder: Any, bureau: Bureau
) -> None:
    a_grant(a_seal(_unit(bureau), number=2, kind="contract"), holder, **COVERING)
    assert not _sees(holder, letter)
    grant = a_grant(seal, holder, **COVERING, most_uses=1)
    assert _sees(holder, letter)
    SealGrant.objects.filter(pk=grant.pk).update(used=1)
    assert not _sees(holder, letter)
    SealGrant.objects.filter(pk=grant.pk).update(used=0, valid_to=today() - timedelta(days=1))
    assert not _sees(holder, letter)


def _waiting(case: Case, bureau: Bureau) -> Letter:
    _accepted(case, bureau)
    found = giving.give(_event(case, "case_accepted"))
    assert found is not None
    return found


def test_an_officer_does_not_open_the_letter_of_his_own_case_before_it_is_issued(bureau: Bureau, seal: Seal) -> None:
    handler = bureau.officers["handler"]
    found = _waiting(file_permit(actor_of_person(handler.person)), bureau)
    a_grant(seal, handler, **COVERING)
    assert not may_open(bureau.handler, found)
    assert may_open(bureau.leader, found)
    found.state = Letter.State.ISSUED
    found.changed("state")
    assert may_open(bureau.handler, found)


def test_nor_does_the_representative_of_the_firm_that_applied(bureau: Bureau) -> None:
    handler, owner = bureau.officers["handler"], a_resident("陈志强")
    firm = a_firm("赣南人家餐饮店", representative=owner)
    found = _waiting(file_permit(actor_of_person(owner, party=firm)), bureau)
    assert may_open(bureau.handler, found)
    firm.representative = handler.person
    firm.save()
    assert not may_open(bureau.handler, found)


def test_whoever_filed_it_at_the_window_opens_it_as_the_office(letter: Letter, bureau: Bureau, resident: Actor) -> None:
    Case.objects.filter(pk=letter.case_id).update(operator_id=bureau.acceptor.person_id)
    assert may_open(bureau.acceptor, letter_for(bureau.leader, letter.case_id, letter.pk))
    assert not may_open(resident, letter)
