"""Registering by real name, and proving oneself at the window."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from shuzheng.engines.identity.actions import (
    ConfirmIdentity,
    RegisterLegalPerson,
    RegisterPerson,
    RegisterResident,
    ResetPassword,
)
from shuzheng.engines.identity.errors import AlreadyRegistered, IdentityNotConfirmed
from shuzheng.engines.identity.models import Account, Person
from shuzheng.kernel.actor import ANYBODY, Actor
from shuzheng.kernel.error import InvalidInput, NotPermitted, Unavailable
from shuzheng.testing.identity import (
    PASSWORD,
    a_browser,
    a_credit_code,
    a_resident,
    actor_of_officer,
    actor_of_person,
    an_id_number,
    an_officer,
)

pytestmark = pytest.mark.django_db
NEW = "man-jiang-hong-1985"


def entered(person: Person, **changes: str) -> dict[str, str]:
    """Return what a person enters to register."""
    return {"name": person.name, "id_number": person.id_number, "mobile": person.mobile, "password": NEW, **changes}


@pytest.fixture
def unregistered(db: None) -> Person:
    """Return somebody whom the population register knows and who has no account."""
    return a_resident("刘洋", account=False)


def test_a_resident_registers_is_verified_and_signed_in(unregistered: Person) -> None:
    browser = Client()
    response = browser.post("/identity/register", {**entered(unregistered), "consent": "on"})
    assert response.headers["Location"] == "/identity/account"
    page = browser.get("/identity/account").content.decode()
    assert "实名已核验" in page
    assert unregistered.id_number not in page
    assert Account.objects.get(person=unregistered).assurance == 3


def test_a_name_that_does_not_fit_the_number_is_refused(unregistered: Person) -> None:
    with pytest.raises(IdentityNotConfirmed):
        RegisterResident.do(ANYBODY, entered(unregistered, name="刘阳"))


def test_somebody_whom_the_register_does_not_know_is_refused(db: None) -> None:
    with pytest.raises(IdentityNotConfirmed):
        RegisterResident.do(ANYBODY, name="无名", id_number=an_id_number(), mobile="13800138000", password=NEW)


def test_nobody_registers_twice(daughter: Person) -> None:
    with pytest.raises(AlreadyRegistered):
        RegisterResident.do(ANYBODY, entered(daughter))


def test_a_wrong_check_digit_is_named(unregistered: Person) -> None:
    wrong = unregistered.id_number[:-1] + ("0" if unregistered.id_number[-1] != "0" else "1")
    page = Client().post("/identity/register", {**entered(unregistered, id_number=wrong), "consent": "on"})
    assert page.status_code == 422
    assert "校验码不符" in page.content.decode()
    assert unregistered.name in page.content.decode()


def test_a_register_out_of_reach_keeps_what_was_entered(unregistered: Person, settings: Settings) -> None:
    settings.REAL_NAME_GATEWAY = "shuzheng.engines.identity.gateways.real_name.FailingRealNameGateway"
    with pytest.raises(Unavailable):
        RegisterResident.do(ANYBODY, entered(unregistered))
    page = Client().post("/identity/register", {**entered(unregistered), "consent": "on"})
    assert unregistered.mobile in page.content.decode()
    assert not Account.objects.filter(person=unregistered).exists()


def test_trying_numbers_through_registration_is_suspended(unregistered: Person) -> None:
    for _ in range(6):
        page = Client().post("/identity/register", {**entered(unregistered, name="猜测"), "consent": "on"})
    assert "暂停" in page.content.decode()


def test_the_window_raises_the_level_of_the_person_who_stands_there(daughter: Person) -> None:
    clerk = actor_of_officer(an_officer(posts=["acceptor"]))
    facts = {"account_id": daughter.account.pk, "name": daughter.name, "id_number": daughter.id_number}
    assert ConfirmIdentity.do(clerk, facts).assurance == 4
    with pytest.raises(IdentityNotConfirmed):
        ConfirmIdentity.do(clerk, {**facts, "name": "别人"})
    with pytest.raises(NotPermitted):
        ConfirmIdentity.do(actor_of_person(daughter), facts)


def test_a_password_reset_at_the_window_ends_every_session(daughter: Person) -> None:
    browser = a_browser(daughter.account)
    clerk = actor_of_officer(an_officer(posts=["acceptor"]))
    facts = {"account_id": daughter.account.pk, "name": daughter.name, "id_number": daughter.id_number}
    with pytest.raises(InvalidInput):
        ResetPassword.do(clerk, {**facts, "password": "12345678"})
    ResetPassword.do(clerk, {**facts, "password": NEW})
    assert browser.get("/identity/account").status_code == 302
    assert a_browser(daughter.account, NEW).get("/identity/account").status_code == 200
    assert a_browser(daughter.account, PASSWORD).get("/identity/account").status_code == 302


def test_registering_a_person_again_brings_them_up_to_date(db: None) -> None:
    system, number = Actor.system("import"), an_id_number("1990-01-01")
    first = RegisterPerson.do(system, name="孙悦", id_number=number)
    again = RegisterPerson.do(system, name="孙悦", id_number=number, address="新家")
    assert (first.pk, again.address, str(again.birth_date), again.sex) == (again.pk, "新家", "1990-01-01", "2")


def test_a_firm_is_registered_with_its_representative(daughter: Person) -> None:
    code = a_credit_code()
    firm = RegisterLegalPerson.do(
        Actor.system("import"), title="新店", uscc=code.lower(), representative_id_number=daughter.id_number
    )
    assert (firm.uscc, firm.representative) == (code, daughter)
    with pytest.raises(InvalidInput):
        RegisterLegalPerson.do(
            Actor.system("import"), title="新店", uscc=a_credit_code(), representative_id_number=an_id_number()
        )
