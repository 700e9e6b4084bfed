"""Posts, roles and delegation: what an officer may do where, and the three administrators apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.actions import (
    AppointOfficer,
    AssignRole,
    DelegateDuties,
    EndAppointment,
    EndDelegation,
    WithdrawRole,
)
from shuzheng.engines.identity.errors import (
    AdministratorsExclusive,
    AlreadyAppointed,
    AlreadyAssigned,
    AlreadyDelegated,
    OwnRole,
)
from shuzheng.engines.identity.models import Account, Appointment, Officer, RoleAssignment
from shuzheng.engines.identity.queries import find_unit, nearest_unit, officers_on
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.kernel.policy import may
from shuzheng.testing.identity import (
    a_post,
    a_resident,
    a_role,
    a_unit,
    actor_of_officer,
    actor_of_person,
    an_officer,
)

pytestmark = pytest.mark.django_db
COUNTY, CITY, OTHER = "36.3607.360702", "36.3607", "36.3601"
SYSTEM = Actor.system("tests")


@pytest.fixture
def administrators(db: None) -> None:
    """Declare the three administrators' roles."""
    for name in ("system", "security", "audit"):
        a_role(f"{name}-administrator", ["operator.use_admin"], administrator=True)


def test_a_post_brings_its_role_in_the_units_division() -> None:
    actor = actor_of_officer(an_officer(unit=a_unit(), posts=["handler"]))
    assert may(actor, "identity.confirm_identity", COUNTY) is False
    clerk = actor_of_officer(an_officer(unit=a_unit(), posts=["acceptor"]))
    assert may(clerk, "identity.confirm_identity", COUNTY)
    assert may(clerk, "identity.confirm_identity", f"{COUNTY}.360702001")
    assert not may(clerk, "identity.confirm_identity", CITY)
    assert not may(clerk, "identity.confirm_identity", OTHER)
    assert (a_unit().pk, "acceptor") in clerk.posts


def test_authority_takes_two_statements(django_assert_num_queries: Callable[[int], Any]) -> None:
    officer = an_officer(posts=["acceptor", "handler", "approver"], roles=[a_role("r", ["kernel.load_packs"])])
    with django_assert_num_queries(2):
        authority.load(officer.account)


def test_an_officer_acting_as_a_citizen_has_no_powers_of_office() -> None:
    officer = an_officer(posts=["acceptor"])
    actor = actor_of_person(officer.person)
    assert not actor.grants
    assert not actor.is_officer


def test_an_ended_appointment_brings_nothing() -> None:
    officer = an_officer(posts=["acceptor"])
    appointment = Appointment.objects.get(officer=officer)
    EndAppointment.do(SYSTEM, appointment_id=appointment.pk)
    assert not actor_of_officer(officer).posts


def test_an_officer_who_has_left_is_no_officer() -> None:
    officer = an_officer(posts=["acceptor"])
    officer.left_on = today()
    officer.save()
    assert not actor_of_officer(officer).is_officer


def test_appointing_makes_an_officer_with_an_account_and_refuses_the_same_post_twice() -> None:
    person, post = a_resident("新人", account=False), a_post(a_unit(), "handler")
    appointment = AppointOfficer.do(SYSTEM, person_id=person.pk, post_id=post.pk, number="G900001")
    assert appointment.officer.account.username == "g900001"
    assert not appointment.officer.account.has_usable_password()
    with pytest.raises(AlreadyAppointed, match="新人"):
        AppointOfficer.do(SYSTEM, person_id=person.pk, post_id=post.pk)


def test_a_county_manager_of_officers_appoints_in_the_county_only() -> None:
    manager = an_officer("县人事", posts=[], roles=[a_role("hr", ["identity.manage_officers"])], scope=COUNTY)
    person = a_resident("新人", account=False)
    own, other = a_post(a_unit()), a_post(a_unit(division_code="360100000000"))
    AppointOfficer.do(actor_of_officer(manager), person_id=person.pk, post_id=own.pk)
    with pytest.raises(NotPermitted):
        AppointOfficer.do(actor_of_officer(manager), person_id=person.pk, post_id=other.pk)


def test_delegated_duties_are_carried_for_the_agreed_days_only() -> None:
    chief, deputy = an_officer("科长", posts=["acceptor"]), an_officer("副科长", posts=[])
    delegation = DelegateDuties.do(
        actor_of_officer(chief), delegate_id=deputy.pk, valid_to=today() + timedelta(days=5), reason="出差"
    )
    assert (a_unit().pk, "acceptor") in actor_of_officer(deputy).posts
    assert set(officers_on(a_unit().pk, "acceptor")) == {chief, deputy}
    with at(now() + timedelta(days=6)):
        assert not actor_of_officer(deputy).posts
        assert set(officers_on(a_unit().pk, "acceptor")) == {chief}
    with pytest.raises(AlreadyDelegated):
        DelegateDuties.do(actor_of_officer(chief), delegate_id=an_officer("别人").pk, valid_to=today(), reason="又出差")
    EndDelegation.do(actor_of_officer(chief), delegation_id=delegation.pk)
    assert not actor_of_officer(deputy).posts


def test_delegation_never_carries_an_administrators_role(administrators: None) -> None:
    role = a_role("system-administrator", ["kernel.load_packs"], administrator=True)
    chief, deputy = an_officer("管理员", posts=["handler"], roles=[role]), an_officer("同事", posts=[])
    DelegateDuties.do(actor_of_officer(chief), delegate_id=deputy.pk, valid_to=today(), reason="休假一天")
    assert may(actor_of_officer(chief), "kernel.load_packs")
    assert not may(actor_of_officer(deputy), "kernel.load_packs")


def test_nobody_hands_over_a_strangers_duties() -> None:
    chief, stranger, deputy = an_officer("科长"), an_officer("外人"), an_officer("副科长")
    with pytest.raises(NotPermitted):
        DelegateDuties.do(
            actor_of_officer(stranger),
            principal_id=chief.pk,
            delegate_id=deputy.pk,
            valid_to=today(),
            reason="不该成功",
        )


@pytest.mark.parametrize("second", ["security-administrator", "audit-administrator"])
def test_the_three_administrators_exclude_each_other(administrators: None, second: str) -> None:
    officer = an_officer(posts=[])
    AssignRole.do(SYSTEM, officer_id=officer.pk, role="system-administrator")
    with pytest.raises(AdministratorsExclusive, match="三员分立"):
        AssignRole.do(SYSTEM, officer_id=officer.pk, role=second)


def test_the_database_itself_keeps_the_three_administrators_apart(administrators: None) -> None:
    officer = an_officer(posts=[])
    facts = {"officer": officer, "administrator": True, "scope": "", "valid_from": today()}
    RoleAssignment.objects.create(role_id="system-administrator", **facts)
    with pytest.raises(IntegrityError, match="identity_administrators_exclusive"), transaction.atomic():
        RoleAssignment.objects.create(role_id="audit-administrator", **facts)


def test_a_withdrawn_administrator_may_become_another_the_same_day(administrators: None) -> None:
    officer = an_officer(posts=[])
    held = AssignRole.do(SYSTEM, officer_id=officer.pk, role="system-administrator")
    assert Account.objects.get(pk=officer.account_id).is_staff
    WithdrawRole.do(SYSTEM, assignment_id=held.pk)
    assert not Account.objects.get(pk=officer.account_id).is_staff
    AssignRole.do(SYSTEM, officer_id=officer.pk, role="audit-administrator")


def test_a_role_is_not_assigned_twice_in_one_scope() -> None:
    officer = an_officer(posts=[])
    a_role("registrar", ["identity.register_persons"])
    AssignRole.do(SYSTEM, officer_id=officer.pk, role="registrar")
    with pytest.raises(AlreadyAssigned):
        AssignRole.do(SYSTEM, officer_id=officer.pk, role="registrar")


def test_nobody_gives_themselves_a_role(security: Officer) -> None:
    a_role("registrar", ["identity.register_persons"])
    with pytest.raises(OwnRole):
        AssignRole.do(actor_of_officer(security), officer_id=security.pk, role="registrar")


def test_a_county_administrator_gives_no_role_that_reaches_everywhere() -> None:
    county = an_officer("县安全", posts=[], roles=[a_role("sec", ["identity.manage_roles"])], scope=COUNTY)
    a_role("registrar", ["identity.register_persons"])
    with pytest.raises(NotPermitted, match="区划"):
        AssignRole.do(actor_of_officer(county), officer_id=an_officer().pk, role="registrar")


def test_a_unit_is_found_exactly_and_the_nearest_one_from_below() -> None:
    county = a_unit("civil-affairs")
    assert find_unit("360702", "civil-affairs") == county
    assert find_unit("360702001000", "civil-affairs") is None
    assert nearest_unit("360702001001", "civil-affairs") == county
    assert nearest_unit("360100000000", "civil-affairs") is None
