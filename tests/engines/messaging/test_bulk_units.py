"""A bulk is its unit's: nobody else stops, sends again or even sees it, but those who may approve it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shuzheng.engines.identity.models import Account, OrgUnit, Person
from shuzheng.engines.messaging import bulks
from shuzheng.engines.messaging.actions import (
    AddRecipients,
    ApproveBulk,
    CancelBulk,
    DraftBulk,
    PauseBulk,
    ResendBulk,
    ResumeBulk,
    ReturnBulk,
    SubmitBulk,
)
from shuzheng.engines.messaging.models import Bulk
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.testing.identity import a_unit
from tests.engines.messaging.conftest import SYSTEM, TEMPLATE, VALUES

OTHER_COUNTY = "360403000000"
TO_ALL = {"title": "通知", "template": TEMPLATE.code, "values": VALUES, "audience": "list"}
LIFE: dict[Bulk.Status, list[Any]] = {
    Bulk.Status.DRAFT: [CancelBulk],
    Bulk.Status.SUBMITTED: [CancelBulk],
    Bulk.Status.RUNNING: [PauseBulk, CancelBulk],
    Bulk.Status.PAUSED: [ResumeBulk, CancelBulk],
    Bulk.Status.DONE: [ResendBulk],
}
CASES = [(status, action) for status, actions in LIFE.items() for action in actions]


def officer(name: str, *units: OrgUnit, approves: str | None = None) -> Actor:
    """Return an officer of units who may send to many, and approve below a path if one is given."""
    account = Account.objects.create(username=name)
    held = {Grant("messaging.bulk")} | ({Grant("messaging.approve", approves)} if approves is not None else set())
    ids = frozenset(unit.pk for unit in units)
    return Actor(name=name, account_id=account.pk, unit_ids=ids, grants=frozenset(held))


@pytest.fixture
def unit(db: None) -> OrgUnit:
    """The unit that sends."""
    return a_unit("finance")


@pytest.fixture
def maker(unit: OrgUnit) -> Actor:
    """Its officer who wrote the bulk."""
    return officer("maker", unit)


@pytest.fixture
def bulk(maker: Actor) -> Bulk:
    """A draft."""
    return DraftBulk.do(maker, TO_ALL)


@pytest.fixture
def strangers(unit: OrgUnit) -> list[Actor]:
    """Those whom a unit's bulks do not concern: a neighbour, another county's approver, somebody of no unit."""
    far = a_unit("finance", OTHER_COUNTY)
    return [
        officer("neighbour", a_unit("water")),
        officer("far", far, approves=far.division_path),
        officer("nobody"),
        Actor(name="application", grants=frozenset({Grant("messaging.bulk"), Grant("messaging.approve")})),
    ]


@pytest.mark.parametrize(("status", "action"), CASES)
def test_only_the_unit_and_its_approvers_change_a_bulk(
    bulk: Bulk, unit: OrgUnit, strangers: list[Actor], status: Bulk.Status, action: Any
) -> None:
    Bulk.objects.update(status=status)
    for stranger in strangers[:3]:
        with pytest.raises(NotFound):
            action.do(stranger, bulk_id=bulk.pk)
    for name, more in (("colleague", {}), ("approver", {"approves": unit.division_path})):
        Bulk.objects.update(status=status)
        action.do(officer(name, *([] if more else [unit]), **more), bulk_id=bulk.pk)


def test_a_bulk_is_listed_and_shown_to_its_unit_and_its_approvers_alone(
    bulk: Bulk, unit: OrgUnit, maker: Actor, strangers: list[Actor]
) -> None:
    own = DraftBulk.do(strangers[0], TO_ALL)
    approver = officer("approver", approves=unit.division_path)
    for actor, listed in (
        (maker, {bulk}),
        (officer("colleague", unit), {bulk}),
        (approver, {bulk, own}),
        (officer("national", approves=""), {bulk, own}),
        (SYSTEM, {bulk, own}),
        (strangers[0], {own}),
        (strangers[1], set()),
        (strangers[2], set()),
    ):
        assert set(bulks.bulks(actor).items) == listed, actor.name
        for one in (bulk, own):
            if one in listed:
                assert bulks.bulk(actor, one.pk) == one
            else:
                with pytest.raises(NotFound):
                    bulks.bulk(actor, one.pk)
    assert not bulks.seen(Actor(name="")).exists()


def test_a_bulk_is_approved_only_where_the_approvers_word_counts(
    bulk: Bulk, unit: OrgUnit, strangers: list[Actor]
) -> None:
    Bulk.objects.update(status=Bulk.Status.SUBMITTED)
    colleague = officer("colleague", unit, approves=a_unit("water", OTHER_COUNTY).division_path)
    for refused in (strangers[1], colleague):
        for action in (ApproveBulk, ReturnBulk):
            with pytest.raises(NotFound):
                action.do(refused, bulk_id=bulk.pk)
    approver = officer("approver", approves=unit.division_path)
    assert ReturnBulk.do(approver, bulk_id=bulk.pk).status == Bulk.Status.DRAFT
    Bulk.objects.update(status=Bulk.Status.SUBMITTED)
    assert ApproveBulk.do(approver, bulk_id=bulk.pk).status == Bulk.Status.RUNNING


def test_nobody_fills_and_submits_what_another_wrote(bulk: Bulk, unit: OrgUnit, person: Person) -> None:
    approver = officer("approver", unit, approves=unit.division_path)
    attempts: list[Callable[[], object]] = [
        lambda: AddRecipients.do(approver, bulk_id=bulk.pk, recipients=[{"person": person.pk}]),
        lambda: SubmitBulk.do(approver, bulk_id=bulk.pk),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    with pytest.raises(NotFound):
        SubmitBulk.do(officer("stranger"), bulk_id=bulk.pk)


def test_a_bulk_of_no_unit_is_its_makers_and_that_of_those_who_approve_everywhere(unit: OrgUnit) -> None:
    maker = officer("maker")
    bulk = DraftBulk.do(maker, TO_ALL)
    assert bulk.department == ""
    assert bulks.bulk(maker, bulk.pk) == bulk
    assert bulks.bulk(officer("national", approves=""), bulk.pk) == bulk
    for other in (officer("another"), officer("local", unit, approves=unit.division_path)):
        with pytest.raises(NotFound):
            bulks.bulk(other, bulk.pk)


def test_a_bulk_is_charged_to_a_unit_of_its_maker(unit: OrgUnit) -> None:
    other = a_unit("water")
    both, one = officer("both", unit, other), officer("one", unit)
    assert DraftBulk.do(one, TO_ALL).department == unit.code
    assert DraftBulk.do(both, TO_ALL, department=other.code).department == other.code
    assert DraftBulk.do(SYSTEM, TO_ALL, department="any").department == "any"
    assert DraftBulk.do(SYSTEM, TO_ALL).department == ""
    for actor, department in ((one, other.code), (one, "none"), (both, ""), (officer("nobody"), unit.code)):
        with pytest.raises(InvalidInput) as refused:
            DraftBulk.do(actor, TO_ALL, department=department)
        assert [problem.path for problem in refused.value.errors] == ["department"]
