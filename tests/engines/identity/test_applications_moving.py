"""Rows of the earlier registers find themselves in the one register, under their ids and with their secrets."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from shuzheng.engines.identity.applications import moving
from shuzheng.engines.identity.models import Application, ApplicationCapability, ApplicationCredential
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from shuzheng.testing.applications import Connected
from shuzheng.testing.identity import a_unit

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


def _stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM identity_applicationcredential")
        return str(cursor.fetchall())
