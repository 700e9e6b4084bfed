"""Choosing on whose behalf to act, in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.identity.actions import RevokeMandate
from shuzheng.engines.identity.models import Mandate, Person
from shuzheng.engines.identity.parties import parties_for
from shuzheng.kernel.moment import today
from shuzheng.testing.identity import a_browser, a_firm, a_mandate, actor_of_person, an_officer

pytestmark = pytest.mark.django_db


def actor_in(browser: Client) -> object:
    """Return who acts in a browser."""
    return browser.get("/identity/acting").wsgi_request.actor


def test_the_choice_stays_with_the_session_and_is_shown(
    mother: Person, daughter: Person, daughters_browser: Client
) -> None:
    mandate = a_mandate(mother, daughter)
    response = daughters_browser.post(
        "/identity/acting", {"choice": f"mandate:{mandate.pk}", "next": "/identity/account"}
    )
    assert response.headers["Location"] == "/identity/account"
    assert daughters_browser.get("/identity/account").wsgi_request.actor.party.id == mother.pk
    assert mother.name in daughters_browser.get("/identity/account").content.decode()


def test_a_revoked_mandate_takes_the_session_back_to_oneself_with_a_word(
    mother: Person, daughter: Person, daughters_browser: Client
) -> None:
    mandate = a_mandate(mother, daughter)
    daughters_browser.post("/identity/acting", {"choice": f"mandate:{mandate.pk}"})
    RevokeMandate.do(actor_of_person(mother), mandate_id=mandate.pk)
    page = daughters_browser.get("/identity/acting")
    assert page.wsgi_request.actor.party.id == daughter.pk
    assert "已到期或被撤销" in page.content.decode()
    assert "已到期或被撤销" not in daughters_browser.get("/identity/acting").content.decode()


def test_a_choice_that_is_not_ones_own_is_refused(mother: Person, daughters_browser: Client) -> None:
    firm = a_firm()
    assert daughters_browser.post("/identity/acting", {"choice": f"legal:{firm.pk}"}).status_code == 404
    assert daughters_browser.post("/identity/acting", {"choice": "legal:rubbish"}).status_code == 404
    assert daughters_browser.post("/identity/acting", {"choice": "duty"}).status_code == 404


def test_the_next_address_stays_on_this_site(daughters_browser: Client) -> None:
    response = daughters_browser.post("/identity/acting", {"choice": "self", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_an_officer_chooses_between_duty_and_private_matters(db: None) -> None:
    officer = an_officer(posts=["acceptor"])
    browser = a_browser(officer.account)
    assert actor_in(browser).is_officer
    browser.post("/identity/acting", {"choice": "self"})
    assert not actor_in(browser).grants
    assert [choice.key for choice in parties_for(officer.account)] == ["self", "duty"]


def test_a_mandate_is_given_accepted_and_revoked_on_the_pages(
    mother: Person, daughter: Person, daughters_browser: Client
) -> None:
    mothers = a_browser(mother.account)
    assert "还没有授权" in mothers.get("/identity/mandates").content.decode()
    entered = {
        "operator_name": daughter.name,
        "operator_id_number": daughter.id_number,
        "relation": "child",
        "valid_to": (today() + timedelta(days=30)).isoformat(),
    }
    assert mothers.post("/identity/mandates/give", entered).status_code == 302
    mandate = Mandate.objects.get()
    assert "同意" in daughters_browser.get("/identity/mandates").content.decode()
    daughters_browser.post(f"/identity/mandates/{mandate.pk}/accept")
    assert "立即生效" in mothers.get(f"/identity/mandates/{mandate.pk}/revoke").content.decode()
    mothers.post(f"/identity/mandates/{mandate.pk}/revoke")
    mandate.refresh_from_db()
    assert mandate.status == Mandate.Status.REVOKED


def test_a_mistake_keeps_what_was_entered_and_says_how_to_mend_it(daughters_browser: Client) -> None:
    entered = {"operator_name": "王桂英", "operator_id_number": "360702194803020011", "relation": "parent"}
    page = daughters_browser.post("/identity/mandates/give", entered)
    text = page.content.decode()
    assert page.status_code == 422
    assert "王桂英" in text
    assert "校验码" in text
    assert "这一项必须填写" in text


@pytest.mark.parametrize("way", ["give", "request", "firm"])
def test_every_way_to_a_mandate_has_its_page(daughters_browser: Client, way: str) -> None:
    assert daughters_browser.get(f"/identity/mandates/{way}").status_code == 200


def test_the_list_of_mandates_costs_the_same_however_long(
    mother: Person, daughter: Person, daughters_browser: Client
) -> None:
    costs = []
    for more in (1, 8):
        for _ in range(more):
            a_mandate(mother, daughter)
        daughters_browser.get("/identity/mandates")
        with CaptureQueriesContext(connection) as captured:
            daughters_browser.get("/identity/mandates")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 6
