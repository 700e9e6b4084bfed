"""Searching the audit, and what a resident sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from ninja.testing import TestClient

from shuzheng.engines.trust.admin import (
    AuditRecordAdmin,
    ErasureAdmin,
    TreeHeadAdmin,
)
from shuzheng.engines.trust.api import router
from shuzheng.engines.trust.audit import PERSON, record_read, write
from shuzheng.engines.trust.models import AuditRecord, Erasure, TreeHead
from shuzheng.engines.trust.policies import ERASE, MANAGE_KEYS, READ_AUDIT, VERIFY
from shuzheng.engines.trust.queries import AuditSearch, of_case, reads_about, search
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.error import NotPermitted, SignInRequired
from shuzheng.kernel.id import new_id
from shuzheng.kernel.page import BadCursor
from shuzheng.kernel.policy import permissions

pytestmark = pytest.mark.django_db
Act = Callable[..., Entry]
START = datetime(2026, 11, 2, tzinfo=UTC)


def auditor(scope: str = "") -> Actor:
    """Return an audit administrator of a part of the division tree."""
    return Actor(name="审计员", account_id=new_id(), grants=frozenset({Grant(READ_AUDIT, scope)}))


def names(actor: Actor, **wanted: Any) -> list[str]:
    """Return the names of the records that a search finds."""
    return [record.name for record in search(actor, AuditSearch(**wanted)).items]


@pytest.fixture
def marked(act: Act) -> UUID:
    """Five records of one case, an hour apart; the case."""
    case = new_id()
    write(
        act(
            f"step-{n}",
            case_id=case,
            at=START + timedelta(hours=n),
            subject_type="casework.case",
            subject_id=str(case),
            result="refused" if n == 3 else "done",
            division="36.3607" if n < 4 else "36.3601",
        )
        for n in range(1, 6)
    )
    return case


def test_every_condition_narrows_the_search(marked: UUID, officer: Actor, act: Act) -> None:
    write([act("other", actor=Actor(name="b", account_id=new_id(), correlation_id="elsewhere"))])
    every = ["step-5", "step-4", "step-3", "step-2", "step-1"]
    assert names(auditor(), case_id=marked) == every
    assert names(auditor(), subject_type="casework.case", subject_id=str(marked)) == every
    assert names(auditor(), account_id=officer.account_id) == every
    assert names(auditor(), case_id=marked, result="refused") == ["step-3"]
    assert names(auditor(), case_id=marked, name="step-2") == ["step-2"]
    assert names(auditor(), case_id=marked, kind="read") == []
    assert names(auditor(), correlation_id="elsewhere") == ["other"]
    between = {"since": START + timedelta(hours=2), "until": START + timedelta(hours=4)}
    assert names(auditor(), case_id=marked, **between) == ["step-3", "step-2"]


def test_pages_follow_each_other_in_few_statements(marked: UUID, django_assert_num_queries: Any) -> None:
    wanted, actor = AuditSearch(case_id=marked), auditor()
    with django_assert_num_queries(2):
        first = search(actor, wanted, size=2)
    with django_assert_num_queries(2):
        second = search(actor, wanted, after=first.next, size=2)
    assert [record.name for record in first.items + second.items] == ["step-5", "step-4", "step-3", "step-2"]
    with pytest.raises(BadCursor):
        search(actor, wanted, after="x")


def test_who_searches_the_audit_is_in_the_audit(marked: UUID) -> None:
    actor = auditor()
    search(actor, AuditSearch(case_id=marked))
    looked = AuditRecord.objects.get(account_id=actor.account_id)
    assert (looked.kind, looked.name, looked.detail) == (
        "read",
        "trust.search_audit",
        {"search": {"case_id": str(marked)}},
    )


def test_an_auditor_of_one_city_sees_only_that_city(marked: UUID, act: Act) -> None:
    write([act("nowhere", case_id=marked)])
    assert names(auditor("36.3607"), case_id=marked) == ["step-3", "step-2", "step-1"]
    assert len(names(auditor(), case_id=marked)) == 6


def test_without_the_permission_nothing_is_shown(officer: Actor) -> None:
    with pytest.raises(NotPermitted):
        search(officer, AuditSearch())
    with pytest.raises(SignInRequired):
        search(Actor(name=""), AuditSearch())


def test_a_case_shows_all_that_was_done_and_read_under_it(
    marked: UUID, officer: Actor, django_assert_num_queries: Any
) -> None:
    record_read(officer, "核对", PERSON, new_id(), ["name"], marked, name="look")
    with django_assert_num_queries(1):
        shown = of_case(marked).items
    assert [record.name for record in shown] == ["look", "step-5", "step-4", "step-3", "step-2", "step-1"]


def test_a_person_sees_who_read_what_and_why_and_nothing_else(
    officer: Actor, act: Act, django_assert_num_queries: Any
) -> None:
    me, somebody = new_id(), new_id()
    record_read(officer, "核对申请人", PERSON, [me, somebody], ["mobile", "name"])
    write(
        [
            act("changed", subject_type=PERSON, subject_id=str(me)),
            act("tried", kind="read", subject_type=PERSON, subject_id=str(me), result="refused"),
        ]
    )
    with django_assert_num_queries(1):
        shown = reads_about(me)
    (read,) = shown.items
    assert (read.actor_name, read.purpose, read.detail["elements"]) == ("李四", "核对申请人", ["mobile", "name"])
    assert (shown.next, shown.previous) == (None, None)


def test_the_searches_that_grow_use_an_index(marked: UUID) -> None:
    person = str(new_id())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for condition in ({"case_id": marked}, {"subject_id": person}, {"account_id": new_id()}, {"name": "x"}):
        plan = AuditRecord.objects.filter(**condition).order_by("-at", "-id")[:20].explain()
        assert f"{next(iter(condition))} =" in plan
        assert "Seq Scan" not in plan


# -- API ---------------------------------------------------------------------------------------------------


def call(path: str, actor: Actor) -> dict[str, Any]:
    """Call the engine's API as an actor and return the body."""
    response = TestClient(router).get(path, actor=actor)
    assert response.status_code == 200
    return response.json()


def test_the_api_searches_page_by_page_in_three_statements(marked: UUID, django_assert_max_num_queries: Any) -> None:
    actor = auditor()
    with django_assert_max_num_queries(3):
        body = call(f"/audit?case_id={marked}&result=refused", actor)
    (item,) = body["items"]
    assert (item["name"], item["division"], item["detail"], body["next"]) == ("step-3", "36.3607", {}, None)


@pytest.mark.parametrize("since", ["2026-11-02T09:00:00-20:11", "2026-11-03T05:11:00Z", "2026-11-03T13:11:00"])
def test_the_api_takes_moments_of_any_zone_and_legal_time_without_one(marked: UUID, since: str) -> None:
    assert len(call(f"/audit?case_id={marked}&since={since}", auditor())["items"]) == 0
    assert len(call(f"/audit?case_id={marked}&until={since}", auditor())["items"]) == 5


def test_the_api_is_closed_to_whoever_lacks_the_permission(officer: Actor) -> None:
    with pytest.raises(NotPermitted):
        call("/audit", officer)
    with pytest.raises(SignInRequired):
        call("/audit", Actor(name=""))


# -- admin -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("screen", "model"), [(AuditRecordAdmin, AuditRecord), (TreeHeadAdmin, TreeHead)])
def test_the_admin_shows_and_changes_nothing(screen: Any, model: Any, rf: RequestFactory) -> None:
    request: Any = rf.get("/")
    request.actor = auditor()
    shown = screen(model, admin.site)
    assert shown.has_view_permission(request)
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)
    request.actor = Actor(name="系统管理员", account_id=new_id())
    assert not shown.has_view_permission(request)


def test_erasures_are_shown_to_whoever_may_erase(rf: RequestFactory) -> None:
    request: Any = rf.get("/")
    shown = ErasureAdmin(Erasure, admin.site)
    for actor, may in ((auditor(), False), (Actor(name="a", grants=frozenset({Grant(ERASE, "")})), True)):
        request.actor = actor
        assert (shown.has_view_permission(request), shown.has_module_permission(request)) == (may, may)


def test_the_admin_records_who_looks(rf: RequestFactory, act: Act) -> None:
    write([act()])
    request: Any = rf.get("/")
    request.actor, request.user = auditor(), AnonymousUser()
    with CaptureQueriesContext(connection) as run:
        shown: Any = AuditRecordAdmin(AuditRecord, admin.site).changelist_view(request)
    assert shown.context_data["cl"].result_list
    assert len(run) <= 3
    assert AuditRecord.objects.get(account_id=request.actor.account_id).name == "trust.admin_audit"


def test_the_admin_pages_over_the_newest_only(monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    monkeypatch.setattr("shuzheng.engines.trust.admin.NEWEST", 3)
    write(act() for _ in range(5))
    pages = AuditRecordAdmin.paginator(AuditRecord.objects.order_by("-at", "-id"), 2)
    assert (pages.count, pages.num_pages) == (3, 2)


def test_the_permissions_are_declared() -> None:
    assert {READ_AUDIT, VERIFY, MANAGE_KEYS} <= set(permissions())
