"""Doors that stay shut: other people's cases, guessed passwords, the officials' desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tests.journeys import counter


def test_nobody_sees_that_another_person_has_a_case(town: Any) -> None:
    owner, stranger = town.visitor(town.resident("周敏")), town.visitor(town.resident("吴强", female=False))
    counter.reach_review(owner)
    case = counter.send(owner)
    stranger.open("/cases/")
    for page in ("", "receipt/", "application/", "due.ics", "supplement/", "withdraw/", "rate/"):
        stranger.open(case + page, status=404)


def test_a_wrong_password_is_refused_in_words_and_too_many_lock_the_account(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"))
    name, resident.name = resident.name, ""
    resident.open("/accounts/login/?next=/cases/")
    for _attempt in range(settings.SIGN_IN_FAILURES):
        resident.fill("用户名、手机号或身份证号", name)
        resident.fill("密码", "不是这个密码")
        resident.press("登录", within="main")
        assert resident.path == "/accounts/login/"
    resident.fill("密码", resident.password)
    resident.press("登录", within="main")
    assert resident.path == "/accounts/login/", "even the right password has to wait"
    alert = resident.page.get_by_role("alert").first.inner_text()
    assert "分钟" in alert, alert

    town.it_is("2026-04-27 09:20")
    resident.fill("用户名、手机号或身份证号", name)
    resident.fill("密码", resident.password)
    resident.press("登录", within="main")
    assert resident.path == "/cases/"


def test_a_resident_finds_no_way_to_the_officials_desk(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"))
    resident.open("/me/")
    assert resident.page.locator("a[href^='/office']").count() == 0
    resident.open("/office/", status=403)
