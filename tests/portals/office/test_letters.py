"""Letters on the desk: seen before the act, sealed by whoever holds the seal, written anew where something was missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.letters import giving
from shuzheng.engines.casework.models import Case, Letter
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.moment import now
from shuzheng.testing.identity import a_unit
from shuzheng.testing.seals import a_grant, a_seal
from tests.portals.office.conftest import OTHER_COUNTY, Desk


@pytest.fixture(autouse=True)
def home(tmp_path: Any, settings: Any) -> None:
    """Keep files with the test."""
    settings.HOME = tmp_path


@pytest.fixture
def desk(clerk: Desk, desk_of: Callable[..., Desk]) -> Callable[..., Desk]:
    """Return a function that finds the officer on a post: the clerk, or the leader."""
    leader = desk_of("刘领导", posts=["leader"], permissions=["casework.read"])
    return lambda post: leader if post == "leader" else clerk


@pytest.fixture
def elsewhere(desk_of: Callable[..., Desk]) -> Desk:
    """Return an officer of another county."""
    return desk_of("外地", posts=["handler"], at=a_unit("government-service", OTHER_COUNTY))


@pytest.fixture
def waiting(case: Case, desk: Callable[..., Desk]) -> Letter:
    """Return the acceptance letter of a bureau without a seal."""
    AcceptCase.do(desk("acceptor").actor, case_id=case.pk)
    (letter,) = giving.catch_up(case.pk)
    return letter


def test_an_officer_sees_the_letter_before_the_act(case: Case, desk: Callable[..., Desk]) -> None:
    acceptor = desk("acceptor")
    page = acceptor.get(f"/office/cases/{case.pk}/acts/casework.accept_case/").content.decode()
    assert "预览文书" in page
    drawn = acceptor.post(f"/office/cases/{case.pk}/acts/casework.accept_case/", letter="1", revision="0")
    assert drawn.status_code == 200
    text = drawn.content.decode()
    assert "<svg" in text
    assert "（待编）" in text
    case.refresh_from_db()
    assert case.state == Case.State.FILED
    assert not Letter.objects.exists()


def test_a_draft_that_lacks_something_says_what(case: Case, desk: Callable[..., Desk]) -> None:
    acceptor = desk("acceptor")
    drawn = acceptor.post(f"/office/cases/{case.pk}/acts/casework.refuse_acceptance/", letter="1", revision="0")
    assert "不予受理的理由" in drawn.content.decode()


def test_what_waits_is_listed_and_sealed_by_the_holder_of_the_seal(
    waiting: Letter, desk: Callable[..., Desk], unit: OrgUnit
) -> None:
    leader = desk("leader")
    listed = leader.get("/office/letters/").content.decode()
    assert waiting.number in listed
    assert "待用印" in listed
    seal = a_seal(unit)
    a_grant(seal, leader.officer, standing=True, item_codes=["generic-matter"], document_kinds=["notice"])
    assert "用印<" in leader.get("/office/letters/", show="unsealed").content.decode()
    address = f"/office/cases/{waiting.case_id}/letters/{waiting.pk}/"
    assert leader.get(address).status_code == 200
    assert leader.post(f"{address}seal", back="list").status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == Letter.State.ISSUED
    assert "没有等待处理的文书" in leader.get("/office/letters/").content.decode()


def test_whoever_has_no_grant_is_refused_in_words(waiting: Letter, desk: Callable[..., Desk]) -> None:
    handler = desk("handler")
    address = f"/office/cases/{waiting.case_id}/letters/{waiting.pk}/"
    handler.post(f"{address}seal")
    assert "还没有可用的电子印章" in handler.get(address).content.decode()
    waiting.refresh_from_db()
    assert waiting.state == Letter.State.UNSEALED


def test_the_case_page_shows_its_letters_and_their_files(waiting: Letter, desk: Callable[..., Desk]) -> None:
    handler = desk("handler")
    page = handler.get(f"/office/cases/{waiting.case_id}/").content.decode()
    assert waiting.number in page
    address = f"/office/cases/{waiting.case_id}/letters/{waiting.pk}/"
    shown = handler.get(address).content.decode()
    assert "<svg" in shown
    assert handler.get(f"{address}letter.pdf").content.startswith(b"%PDF")
    original: Any = handler.get(f"{address}letter.ofd")
    assert b"".join(original.streaming_content).startswith(b"PK")
    assert handler.post(f"{address}rewrite").status_code == 302
    assert handler.post(f"{address}nonsense").status_code == 404


def test_a_void_letter_is_shown_as_such_and_waits_for_nobody(waiting: Letter, desk: Callable[..., Desk]) -> None:
    handler = desk("handler")
    waiting.superseded_at = now()
    waiting.changed("superseded_at")
    page = handler.get(f"/office/cases/{waiting.case_id}/letters/{waiting.pk}/").content.decode()
    assert "已作废" in page
    assert "不再用印" in page
    assert "重新生成" not in page
    assert "已作废" in handler.get(f"/office/cases/{waiting.case_id}/").content.decode()
    assert "没有等待处理的文书" in handler.get("/office/letters/").content.decode()


def test_an_officer_of_another_county_finds_nothing(waiting: Letter, elsewhere: Desk) -> None:
    assert elsewhere.get(f"/office/cases/{waiting.case_id}/letters/{waiting.pk}/").status_code == 404
    assert waiting.number not in elsewhere.get("/office/letters/").content.decode()


def test_the_list_takes_few_statements_however_long(
    waiting: Letter, desk: Callable[..., Desk], django_assert_max_num_queries: Any
) -> None:
    from shuzheng.engines.casework.queries.letters import waiting as listed

    actor = desk("handler").actor
    with django_assert_max_num_queries(2):
        assert [letter.case.number for letter in listed(actor).items]
