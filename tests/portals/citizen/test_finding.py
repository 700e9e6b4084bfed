"""A resident finds what she needs: home, search, guide, place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.identity.models import Person
from shuzheng.kernel import moment
from tests.portals.citizen.world import CASCADE, PLACE, begin, publish, statements

pytestmark = pytest.mark.django_db
#: Session and account included.
MOST_STATEMENTS = 12


def text(answer: object) -> str:
    """Return the page."""
    return answer.content.decode()


@pytest.fixture
def allowance(packs: None) -> None:
    """Publish 高龄津贴 with promised and statutory limit."""
    publish(
        {
            "code": "allowance",
            "title": "高龄津贴",
            "summary": "八十岁以上老人每月领取。",
            "themes": ["elderly"],
            "limits": {"promised": "10个工作日", "statutory": "20个工作日"},
            "materials": [
                {"code": "idcard", "title": "身份证", "sources": ["shared"]},
                {"code": "bank", "title": "银行卡"},
            ],
            "faq": [{"question": "什么时候发？", "answer": "次月。"}],
        }
    )


def test_home_shows_what_is_used_most_to_each_audience(allowance: None, client: Client) -> None:
    publish({"code": "firm-only", "title": "企业年报", "applicants": ["company"]})
    ServiceItem.objects.filter(code__in=("firm-only", "allowance")).update(popularity=100)
    persons, firms = text(client.get("/")), text(client.get("/?for=legal"))
    assert "高龄津贴" in persons
    assert "企业年报" not in persons
    assert "企业年报" in firms


def test_home_says_what_waits_for_the_person(browser: Client) -> None:
    begin(browser)
    page = text(browser.get("/"))
    assert "等您处理" in page
    assert "继续填写" in page


def test_a_search_says_how_it_was_understood(allowance: None, client: Client) -> None:
    page = text(client.get("/services/", {"q": "老人补贴"}))
    assert "按“高龄津贴”为您找到" in page
    assert 'href="/services/allowance/"' in page


def test_a_search_without_result_says_what_to_do(packs: None, client: Client) -> None:
    page = text(client.get("/services/", {"q": "zzqqxx"}))
    assert "没有找到“zzqqxx”" in page
    assert 'href="/services/generic-matter/"' in page
    assert 'href="tel:12345"' in page


def test_suggestions_come_while_typing(allowance: None, client: Client) -> None:
    assert "高龄津贴" in text(client.get("/services/suggest", {"q": "高龄"}))
    assert text(client.get("/services/suggest", {"q": "高"})).strip() == ""


def test_a_search_cannot_break_the_page(packs: None, client: Client) -> None:
    page = text(client.get("/services/", {"q": "<script>alert(1)</script>"}))
    assert "<script>alert" not in page


def test_the_guide_says_by_which_day_it_would_be_done(allowance: None, client: Client) -> None:
    with moment.at(datetime(2026, 11, 27, 3, tzinfo=UTC)):
        page = text(client.get("/services/allowance/"))
    assert "今天受理，最迟 12月11日 办结" in page
    assert "按法定时限最迟 2026年12月25日" in page


def test_the_guide_marks_a_day_in_an_unannounced_year_as_provisional(allowance: None, client: Client) -> None:
    with moment.at(datetime(2031, 1, 6, 3, tzinfo=UTC)):
        assert "暂定" in text(client.get("/services/allowance/"))


def test_the_guide_marks_what_is_spared(allowance: None, client: Client) -> None:
    page = text(client.get("/services/allowance/"))
    assert "1 份免交" in page
    assert "什么时候发？" in page


def test_an_unknown_item_is_not_found(packs: None, client: Client) -> None:
    assert client.get("/services/no-such-item/").status_code == 404


def test_a_chosen_place_is_kept_on_the_device_and_names_the_unit(
    daughter: Person, allowance: None, client: Client
) -> None:
    answer = client.post("/place/", {"division": CASCADE, "next": "/services/allowance/", "_do": "choose"})
    assert answer.url == "/services/allowance/"
    assert "civil-affairs 360702" in text(client.get("/services/allowance/"))


def test_choosing_a_place_never_leads_to_another_site(packs: None, client: Client) -> None:
    answer = client.post("/place/", {"division": CASCADE, "next": "https://evil.example/", "_do": "choose"})
    assert answer.url == "/"


def test_a_forged_place_cookie_does_no_harm(allowance: None, client: Client) -> None:
    for forged in ("'; drop", "9" * 12, "1234567890123"):
        client.cookies["sz_place"] = forged
        assert client.get("/").status_code == 200
        assert client.get("/services/allowance/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/services/?q=老人补贴", "/services/?q=高龄津帖", "/services/allowance/"])
def test_finding_takes_few_statements(allowance: None, browser: Client, path: str) -> None:
    begin(browser)
    assert statements(browser, path) <= MOST_STATEMENTS


@pytest.mark.parametrize("path", ["/", "/services/", "/services/allowance/", "/help/", "/accessibility/", "/place/"])
def test_every_public_page_has_elder_mode(allowance: None, client: Client, path: str) -> None:
    client.cookies["sz_elder"] = "1"
    assert " data-elder" in text(client.get(path))


def test_an_item_of_another_place_says_so_and_leads_to_the_right_office(browser: Client) -> None:
    title, there = "河道采砂许可", "360402000000"
    publish({"code": "sand-there", "title": title, "owner": {"unit": "civil-affairs", "division": there}})
    page = browser.get("/services/sand-there/").content.decode()
    assert "只受理江西省九江市濂溪区的申请" in page
    assert "更换办事地点" in page
    publish({"code": "sand-here", "title": title, "owner": {"unit": "civil-affairs", "division": PLACE}})
    assert 'href="/services/sand-here/"' in browser.get("/services/sand-there/").content.decode()
    assert "只受理" not in browser.get("/services/sand-here/").content.decode()
    refused = browser.post("/services/sand-there/apply/", {"choice": "self", "division": CASCADE, "_do": "start"})
    assert refused.status_code == 422
    assert "只受理濂溪区的申请" in refused.content.decode()
    assert 'href="/services/sand-here/"' in refused.content.decode()


def test_a_limit_in_months_is_told_as_such(browser: Client) -> None:
    publish({"code": "long", "title": "鉴定", "limits": {"statutory": "1年", "promised": "3个月"}})
    page = browser.get("/services/long/").content.decode()
    assert "3 个月" in page
    assert "法定 1 年" in page
    assert "到期满那个月的同一天为止" in page
