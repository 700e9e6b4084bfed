"""Residents find service items in their own words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.queries import popular_items, search_items
from shuzheng.kernel import publication
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import BadCursor

pytestmark = pytest.mark.django_db


def publish(*items: dict[str, Any]) -> None:
    """Publish service items."""
    owner = {"unit": "civil-affairs"}
    bodies = [ServiceItemDefinition.model_validate({"kind": "benefit", "owner": owner, **item}) for item in items]
    drafts = publication.draft_many("service_item", bodies, "1.0.0")
    publication.publish(drafts, by="test", effective=today())


@pytest.fixture(autouse=True)
def items(packs: None) -> None:
    """Publish what the tests look for."""
    publish(
        {"code": "allowance", "title": "高龄津贴", "themes": ["elderly"], "aliases": ["老年人津贴"]},
        {"code": "care", "title": "养老服务补贴", "themes": ["elderly"]},
        {
            "code": "food",
            "title": "食品经营许可（新办）",
            "applicants": ["company"],
            "kind": "licence",
            "themes": ["food-drug"],
        },
        {"code": "road", "title": "占用挖掘城市道路审批", "applicants": ["company", "person"], "kind": "licence"},
        {
            "code": "xunwu",
            "title": "果园补贴",
            "owner": {"unit": "agriculture", "division": "360734000000"},
            "faq": [{"question": "脐橙园可以吗？", "answer": "可以。"}],
        },
    )


def codes(text: str, **narrowed: Any) -> list[str]:
    """Return the codes of the first page."""
    return [item.code for item in search_items(text, **narrowed).page.items]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("高龄津贴", "allowance"),
        ("老人补贴", "allowance"),
        ("给妈妈办老年补贴", "allowance"),
        ("我想开饭店", "food"),
        ("食品经营许可证怎么办理", "food"),
        ("挖马路", "road"),
        ("ＦＯＯＤ 食品 经营", "food"),
        ("脐橙", "xunwu"),
    ],
)
def test_residents_words_lead_to_the_official_name(said: str, meant: str) -> None:
    assert codes(said)[0] == meant


@pytest.mark.parametrize(
    ("slip", "meant"), [("高龄津帖", "allowance"), ("食品径营许可", "food"), ("占用挖倔城市道路", "road")]
)
def test_a_slip_of_the_pen_still_finds_the_likely_item(slip: str, meant: str) -> None:
    found = search_items(slip)
    assert found.page.items[0].code == meant
    assert found.approximate


def test_what_was_understood_is_said() -> None:
    found = search_items("老人补贴")
    assert found.understood == ("高龄津贴",)
    assert not found.approximate


def test_an_exact_find_is_not_called_likely() -> None:
    assert not search_items("高龄津贴").approximate


def test_nonsense_finds_nothing() -> None:
    assert codes("zzqqxx") == []


def test_items_for_firms_are_not_shown_to_persons() -> None:
    assert "food" not in codes("食品经营许可", audience="person")
    assert codes("食品经营许可", audience="legal")[0] == "food"


def test_themes_and_kinds_narrow_a_search() -> None:
    assert set(codes("", theme="elderly")) == {"allowance", "care"}
    assert "food" not in codes("食品经营许可", kind="benefit")


@pytest.mark.parametrize(
    ("place", "offered"),
    [("360702000000", False), ("360734000000", True), ("360734001000", True), ("360700000000", True)],
)
def test_items_of_another_place_are_left_out(place: str, offered: bool) -> None:
    assert ("xunwu" in codes("果园补贴", division=place)) is offered


def test_what_is_used_more_comes_first() -> None:
    ServiceItem.objects.filter(code="care").update(popularity=900)
    assert popular_items(audience="person")[0].code == "care"
    assert codes("")[0] == "care"


def test_a_search_ends_after_ten_pages_of_likely_results() -> None:
    publish(*({"code": f"extra-{n:03}", "title": f"临时救助第{n}项"} for n in range(25)))
    first = search_items("临时救助", size=10)
    second = search_items("临时救助", size=10, after=first.page.next)
    third = search_items("临时救助", size=10, after=second.page.next)
    seen = [item.code for found in (first, second, third) for item in found.page.items]
    assert len(seen) == len(set(seen)) == 25
    assert (first.page.previous, third.page.next) == (None, None)


def test_browsing_pages_by_key_and_refuses_a_forged_cursor() -> None:
    first = search_items("", size=2)
    assert {i.code for i in first.page.items}.isdisjoint(
        i.code for i in search_items("", size=2, after=first.page.next).page.items
    )
    with pytest.raises(BadCursor):
        search_items("", after="garbage")


@pytest.mark.parametrize("hostile", ["'; drop table x", "a & | !", "''':*", "%_\\", "()<->", "\x00", "啊" * 5000])
def test_a_hostile_search_is_only_a_search(hostile: str) -> None:
    search_items(hostile)


@pytest.mark.parametrize("said", ["高龄津贴", "高龄津帖", ""])
def test_a_search_costs_at_most_three_statements(said: str) -> None:
    search_items("预热")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        search_items(said, audience="person", division="360702000000")
    own = [q for q in captured.captured_queries if "definition_epoch" not in q["sql"]]
    assert len(own) <= 3


def test_what_is_declared_as_common_comes_before_what_is_used_and_never_used_items_after_an_import_not_at_all() -> None:
    publish(
        {"code": "zz-common", "title": "补换身份证", "everyday": True},
        {"code": "zz-common-too", "title": "社保卡", "everyday": True},
        *({"code": f"000-imported-{n:03}", "title": f"进口事项{n}"} for n in range(20)),
    )
    ServiceItem.objects.update(popularity=0)
    ServiceItem.objects.filter(code="care").update(popularity=9)
    ServiceItem.objects.filter(code="zz-common-too").update(popularity=3)
    assert [item.code for item in popular_items(audience="person")] == ["zz-common-too", "zz-common", "care"]
    assert codes("")[:3] == ["zz-common-too", "zz-common", "care"]


def test_where_nothing_is_common_or_used_yet_something_is_shown_all_the_same() -> None:
    ServiceItem.objects.update(popularity=0, everyday=False)
    assert popular_items(audience="person")
