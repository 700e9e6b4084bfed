"""Rows of the earlier registers find themselves in the one register, under their ids and with their secrets."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from shuzheng.engines.identity.applications import moving
from shuzheng.engines.identity.models import Application, ApplicationCapability, ApplicationCredential
from shuzheng.engines.messaging.models import Budget
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from shuzheng.testing.applications import Connected
from shuzheng.testing.identity import a_unit, an_account

pytestmark = pytest.mark.django_db


def moved(code: str, hint: str, *, active: bool = True) -> Any:
    """Move one row as the migrations do."""
    unit = moving.unit_for(apps, hint)
    return moving.register(apps, id=new_id(), code=code, name="防汛系统", unit=unit, active=active)


def test_a_moved_application_signs_with_its_old_secret_and_may_what_it_could() -> None:
    unit, _data = a_unit("water-resources"), a_unit("data-administration")
    application = moved("flood", unit.code)
    moving.give_key(apps, application, "an-old-secret")
    moving.give(apps, application, "evidence", [], 5)
    assert application.unit_id == unit.pk
    found = Connected(Application.objects.get(), "flood.moved", "an-old-secret")
    assert found.call("GET", "/api/identity/applications/self").json()["application"] == "flood"
    assert "an-old-secret" not in _stored()
    assert ApplicationCapability.objects.get().per_day == 5
    assert ApplicationCredential.objects.get().valid_to > now()


def test_a_code_taken_twice_gets_an_ending_and_what_was_stopped_stays_stopped() -> None:
    bureau = a_unit("data-administration")
    first, second = moved("flood", "?"), moved("flood", "?", active=False)
    assert first.unit_id == second.unit_id == bureau.pk
    assert second.code.startswith("flood-")
    assert (first.state, second.state) == ("online", "paused")


def test_nobody_is_made_to_answer_for_a_system_by_guess() -> None:
    with pytest.raises(moving.NoUnit, match=r"水利局.*请先用原版本录入"):
        moved("flood", "水利局")
    a_unit("water-resources")
    with pytest.raises(moving.NoUnit):
        moved("flood", "交通局")


def test_an_account_that_another_register_named_alike_is_no_obstacle() -> None:
    bureau = a_unit("data-administration")
    theirs = an_account(username="app:flood")
    mine = moved("flood", bureau.code)
    assert mine.account_id != theirs.pk
    assert mine.account.username.startswith("app:flood-")


def test_a_departments_limit_goes_on_limiting_the_unit_that_its_notices_are_charged_to() -> None:
    move_budgets = import_module("shuzheng.engines.messaging.migrations.0003_applications").move_budgets
    for department, channel, daily in (("水利局", "sms", 10), ("水利局", "email", 20), ("36-water", "email", 5)):
        Budget.objects.create(department=department, channel=channel, daily=daily)
    move_budgets(apps, "水利局", "36-water")
    move_budgets(apps, "水利局", "36-water")
    held = Budget.objects.filter(department="36-water").values_list("channel", "daily")
    assert set(held) == {("sms", 10), ("email", 5)}


def _stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM identity_applicationcredential")
        return str(cursor.fetchall())
