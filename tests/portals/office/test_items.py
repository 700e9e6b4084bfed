"""Managing items: a draft with its mistakes by line, what differs, publishing from a day, retiring."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml

from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.queries.versions import changes, text_of
from shuzheng.kernel.definition import get
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import at, now, today

ITEM = "/office/items/generic-matter/"


@pytest.fixture
def manager(desk_of):
    return desk_of("事项", posts=["handler"], permissions=["casework.manage_items"])


def text() -> str:
    record = DefinitionRecord.objects.get(kind="service_item", key="generic-matter", status="published")
    return text_of(record.body)


def test_items_are_listed_and_searched(manager) -> None:
    page = manager.get("/office/items/").content.decode()
    assert "其他事项申请" in page
    assert "差评整改" in page
    assert "差评整改" not in manager.get("/office/items/", q="其他事项").content.decode()
    assert "没有找到事项" in manager.get("/office/items/", q="天上人间").content.decode()


def test_a_draft_is_written_compared_and_published_from_a_day(manager) -> None:
    assert "summary: 找不到对应事项时" in manager.get(f"{ITEM}edit/").content.decode()
    changed = text().replace("title: 其他事项申请", "title: 其他事项办理").replace("照片或扫描件", "照片")
    answer = manager.post(f"{ITEM}edit/", text=changed, version="1.1.0")
    assert answer.url == ITEM
    page = manager.get(ITEM).content.decode()
    assert "<del>其他事项申请</del>" in page
    assert "<ins>其他事项办理</ins>" in page
    assert "申请材料[other].form" in page
    assert get("service_item", "generic-matter").body.title == "其他事项申请"
    day = today() + timedelta(days=3)
    manager.post(f"{ITEM}publish/", version="1.1.0", effective=day.isoformat())
    assert get("service_item", "generic-matter").body.title == "其他事项申请"
    with at(now() + timedelta(days=3)):
        assert get("service_item", "generic-matter").body.title == "其他事项办理"


def test_a_mistake_is_named_with_its_line_and_the_text_is_kept(manager) -> None:
    lines = text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("kind:"))
    lines[place] = "kind: publik"
    lines.append("colour: red")
    wrong = "\n".join(lines)
    answer = manager.post(f"{ITEM}edit/", text=wrong, version="1.1.0")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"第 {place + 1} 行" in page
    assert f"第 {len(lines)} 行" in page
    assert "colour: red" in page
    assert not DefinitionRecord.objects.filter(version="1.1.0", key="generic-matter").exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("code: [generic", "第 1 行"),
        ("只是一句话", "字段: 内容"),
        ("code: other-code\ntitle: 甲", "代码不能改"),
        ("code: generic-matter\ntitle: 甲\nkind: licence\nowner: {unit: x}\nform: no-such-form", "no-such-form"),
    ],
)
def test_what_cannot_be_an_item_is_refused_in_words(manager, wrong, message) -> None:
    answer = manager.post(f"{ITEM}edit/", text=wrong, version="1.1.0")
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_new_item_starts_from_a_form_that_is_nearly_right(manager) -> None:
    page = manager.get("/office/items/new/").content.decode()
    assert "id-card" in page
    body = {"code": "tree-felling", "title": "砍伐树木", "kind": "licence", "owner": {"unit": "urban-management"}}
    assert manager.post("/office/items/new/", text=yaml.safe_dump(body), version="1.0.0").status_code == 302
    manager.post("/office/items/tree-felling/publish/", version="1.0.0")
    assert ServiceItem.objects.get(code="tree-felling").title == "砍伐树木"


def test_a_version_that_is_in_force_is_not_written_over(manager) -> None:
    answer = manager.post(f"{ITEM}edit/", text=text().replace("其他事项申请", "甲"), version="1.0.0")
    published = DefinitionRecord.objects.get(kind="service_item", key="generic-matter", status="published")
    if answer.status_code == 302:
        assert published.version != "1.0.0"
    else:
        assert "版本号" in answer.content.decode()
    assert published.body["title"] == "其他事项申请"


def test_an_item_is_retired(manager) -> None:
    manager.post(f"{ITEM}retire/", on=today().isoformat())
    assert not ServiceItem.objects.get(code="generic-matter").online


def test_items_are_managed_with_the_permission_only(clerk) -> None:
    assert "/office/items/" not in clerk.get("/office/").content.decode()
    for url in ("/office/items/", ITEM, f"{ITEM}edit/", "/office/items/new/"):
        assert clerk.get(url).status_code == 403
    assert clerk.post(f"{ITEM}publish/", version="1.1.0").status_code == 403
    assert clerk.post(f"{ITEM}retire/").status_code == 403


def test_nothing_differs_between_a_version_and_itself() -> None:
    body = {"title": "甲", "materials": [{"code": "a", "title": "乙"}]}
    assert changes(body, body) == []


def test_what_was_added_removed_and_changed_is_told_by_its_label() -> None:
    found = changes({"title": "甲", "phone": "1"}, {"title": "乙", "steps": ["受理"]})
    assert [(c.label, c.what) for c in found] == [
        ("名称", "changed"),
        ("办理步骤[1]", "added"),
        ("咨询电话", "removed"),
    ]
