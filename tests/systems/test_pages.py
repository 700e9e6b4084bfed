"""Every page that a proof of the list of systems names opens for somebody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuzheng.kernel.policy import permissions
from shuzheng.testing.identity import a_browser, a_resident, a_role, a_unit, an_account, an_officer
from shuzheng.testing.systems import proofs


@pytest.mark.system
@pytest.mark.django_db
def test_the_pages_of_proved_systems_open(request: pytest.FixtureRequest) -> None:
    pages = {proof["page"] for item in request.session.items for proof in proofs(item)} - {""}
    people = [Client(), a_browser(an_account(a_resident(account=False))), *_officers()]
    closed = sorted(page for page in pages if not any(person.get(page).status_code == 200 for person in people))
    assert not closed


def _officers() -> list[Any]:
    """Return an official of every post and permission, as no real one ever is."""
    unit = a_unit("government-service")
    role = a_role("everything-there-is", sorted(permissions()))
    officer = an_officer(unit=unit, posts=["acceptor", "handler", "approver", "leader", "supervisor"], roles=[role])
    return [a_browser(officer.account)]
