"""The frame of pages: navigation, preferences, who is acting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client, RequestFactory

from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.registry import DuplicateName
from shuzheng.ui.context import Ui
from shuzheng.ui.navigation import Entry, Menu


@pytest.fixture
def menu() -> Menu:
    """A menu with two entries that lead somewhere and one that does not."""
    menu = Menu("test")
    menu.add(Entry(key="desk", title="办公", route="ui:styleguide-desk", order=2, badge=lambda request: "3"))
    menu.add(Entry(key="guide", title="样例", route="ui:styleguide", order=1))
    menu.add(Entry(key="gone", title="没有", route="nowhere:at-all"))
    return menu


def test_entries_stand_in_their_order_and_dead_ones_are_left_out(menu: Menu, rf: RequestFactory) -> None:
    links = menu.links(rf.get("/elsewhere"))
    assert [(link.key, link.badge, link.current) for link in links] == [("guide", "", False), ("desk", "3", False)]
    assert menu.url("gone") == ""
    assert menu.url("unknown") == ""


def test_the_deepest_entry_that_leads_here_is_current(menu: Menu, rf: RequestFactory) -> None:
    here = [link.key for link in menu.links(rf.get("/ui/styleguide/desk/more")) if link.current]
    assert here == ["desk"]


def test_what_a_person_may_not_use_is_absent(rf: RequestFactory) -> None:
    menu = Menu("test")
    menu.add(Entry(key="a", title="", route="ui:styleguide", visible=lambda request: False))
    assert menu.links(rf.get("/")) == []


def test_two_entries_with_one_key_are_refused(menu: Menu) -> None:
    with pytest.raises(DuplicateName):
        menu.add(Entry(key="desk", title="", route="ui:styleguide"))


def test_acting_for_oneself_is_not_acting_for_somebody(page: Any) -> None:
    me, mother = Party("person", UUID(int=1), "我"), Party("person", UUID(int=2), "妈妈")
    page.actor = Actor(name="我", person_id=me.id, party=me)
    assert Ui(page).acting_for is None
    page.actor = Actor(name="我", person_id=me.id, party=mother)
    assert Ui(page).acting_for == mother


def test_elder_mode_is_as_last_chosen_here_else_as_the_account_says(page: Any) -> None:
    assert not Ui(page).elder
    page.user = type("Account", (), {"elder_mode": True})()
    assert Ui(page).elder
    page.COOKIES["sz_elder"] = "0"
    assert not Ui(page).elder


@pytest.mark.parametrize(
    ("path", "value", "cookie"),
    [
        ("/preferences/elder", "1", "sz_elder"),
        ("/preferences/theme", "dark", "sz_theme"),
        ("/preferences/language", "en", "django_language"),
    ],
)
def test_a_preference_is_kept_in_a_cookie_and_leads_back(client: Client, path: str, value: str, cookie: str) -> None:
    answer = client.post(path, {"value": value, "next": "/ui/styleguide?x=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/styleguide?x=1")
    assert answer.cookies[cookie].value == value
    assert answer.cookies[cookie]["samesite"] == "Lax"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", ""])
def test_a_preference_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post("/preferences/elder", {"value": "1", "next": target})["Location"] == "/"


@pytest.mark.parametrize("path", ["/preferences/elder", "/preferences/theme", "/preferences/language"])
def test_a_preference_nobody_offers_is_not_kept(client: Client, path: str) -> None:
    assert not client.post(path, {"value": "<script>"}).cookies
    assert client.get(path).status_code == 405


def test_elder_mode_theme_and_language_reach_the_page(client: Client) -> None:
    client.cookies.load({"sz_elder": "1", "sz_theme": "dark", "django_language": "en"})
    html = client.get("/ui/styleguide").content.decode()
    assert '<html lang="en" data-elder data-theme="dark" data-bs-theme="dark">' in html
    assert 'aria-pressed="true"' in html


def test_the_demo_says_that_its_data_is_synthetic(client: Client) -> None:
    assert "合成数据" in client.get("/ui/styleguide", headers={"Accept-Language": "zh-hans"}).content.decode()


def test_the_style_guide_is_closed_outside_demo_and_debug(client: Client, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert client.get("/ui/styleguide").status_code == 404
    assert client.get("/ui/styleguide/desk").status_code == 404


def test_the_error_page_says_what_to_do_and_names_the_correlation_id(client: Client, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    answer = client.get("/ui/styleguide", headers={"X-Correlation-ID": "abcdef123456"})
    html = answer.content.decode()
    assert "abcdef123456" in html
    assert "12345" in html
    assert 'href="/"' in html
