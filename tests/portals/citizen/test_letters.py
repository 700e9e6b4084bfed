"""A resident's letters: on the case page, as a picture, as files; and how they are to be served."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.casework.actions.deciding import WithdrawCase
from shuzheng.engines.casework.letters import giving
from shuzheng.engines.casework.models import Case, Letter, ServiceAddress
from shuzheng.engines.identity.models import Account, OrgUnit, Person
from shuzheng.engines.messaging.queries import consent_of
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_resident, actor_of_person
from shuzheng.testing.packs import install_packs, some_divisions
from shuzheng.testing.seals import a_grant, a_seal
from tests.portals.citizen.conftest import ROOT


@pytest.fixture
def packs(db: None) -> None:
    """Load the vocabulary, the letters and the generic matter."""
    some_divisions()
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter")


@pytest.fixture(autouse=True)
def home(tmp_path: Any, settings: Any) -> None:
    """Keep files with the test."""
    settings.HOME = tmp_path


@pytest.fixture
def letter(daughter: Person) -> Letter:
    """Return a sealed letter of the daughter's case."""
    actor = actor_of_person(daughter)
    case = file_case(actor)
    seal = a_seal(OrgUnit.objects.get(pk=case.handling_unit_id))
    a_grant(seal, process=True, standing=True, item_codes=["generic-matter"], document_kinds=["notice", "decision"])
    WithdrawCase.do(actor, case_id=case.pk, reason="不用办了")
    (given,) = giving.catch_up(case.pk)
    return given


def test_the_case_page_leads_to_the_letter_and_its_files(letter: Letter, browser: Client) -> None:
    page = browser.get(f"/cases/{letter.case_id}/").content.decode()
    assert letter.number in page
    address = f"/cases/{letter.case_id}/letters/{letter.pk}/"
    shown = browser.get(address).content.decode()
    assert "<svg" in shown
    assert "撤回" in shown
    original: Any = browser.get(f"{address}letter.ofd")
    assert b"".join(original.streaming_content).startswith(b"PK")
    assert browser.get(f"{address}letter.pdf").content.startswith(b"%PDF")


def test_a_letter_whose_place_was_taken_says_so_and_one_that_is_void_is_not_shown(
    letter: Letter, browser: Client
) -> None:
    Letter.objects.filter(pk=letter.pk).update(superseded_at=letter.written_at)
    assert "已被取代" in browser.get(f"/cases/{letter.case_id}/").content.decode()
    found = browser.get(f"/api/casework/cases/{letter.case.number}").json()["letters"]
    assert [one["state"] for one in found] == ["superseded"]
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.UNSEALED)
    assert letter.number not in browser.get(f"/cases/{letter.case_id}/").content.decode()


def test_a_letter_waiting_for_its_seal_is_named_but_closed(letter: Letter, browser: Client) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.UNSEALED)
    assert "待用印" in browser.get(f"/cases/{letter.case_id}/").content.decode()
    assert browser.get(f"/cases/{letter.case_id}/letters/{letter.pk}/").status_code == 404


def test_nobody_else_opens_it(letter: Letter) -> None:
    stranger = Client()
    stranger.force_login(Account.objects.get(person=a_resident("王强")))
    for file in ("", "letter.ofd", "letter.pdf"):
        assert stranger.get(f"/cases/{letter.case_id}/letters/{letter.pk}/{file}").status_code == 404


def test_choosing_electronic_service_is_the_consent(daughter: Person, browser: Client) -> None:
    case = file_case(actor_of_person(daughter))
    address = f"/cases/{case.pk}/service-address/"
    assert "窗口领取" in browser.get(address).content.decode()
    assert browser.post(address, {"service_way": "electronic"}).status_code == 302
    assert ServiceAddress.objects.get(case=case).way == "electronic"
    assert consent_of(daughter.pk) is not None


def test_a_letter_by_post_needs_an_address(daughter: Person, browser: Client) -> None:
    case = file_case(actor_of_person(daughter))
    address = f"/cases/{case.pk}/service-address/"
    refused = browser.post(address, {"service_way": "mail"})
    assert refused.status_code == 422
    assert "详细地址" in refused.content.decode()
    assert browser.post(address, {}).status_code == 422
    browser.post(address, {"service_way": "mail", "service_address": "红旗大道 1 号 302 室"})
    assert ServiceAddress.objects.get(case=case).address == "红旗大道 1 号 302 室"


def test_the_api_lists_letters_with_the_case(letter: Letter, browser: Client) -> None:
    case = Case.objects.get(pk=letter.case_id)
    (shown,) = browser.get(f"/api/casework/cases/{case.number}").json()["letters"]
    assert (shown["number"], shown["state"]) == (letter.number, "issued")
