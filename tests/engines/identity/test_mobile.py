"""A mobile number that a code proved: kept with the person, and it raises the account to level 2, never lowers it."""

from __future__ import annotations

import pytest

from shuzheng.engines.identity.actions import ProveMobile
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.testing.identity import a_resident, actor_of_person

SYSTEM = Actor.system("test")
MOBILE = "13812345678"
pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 2), (3, 3), (4, 4)])
def test_a_proved_number_raises_the_level_and_never_lowers_it(before: int, after: int) -> None:
    person = a_resident("李梅", assurance=Assurance(before))
    assert ProveMobile.do(SYSTEM, account_id=person.account.pk, mobile=MOBILE).assurance == after
    person.refresh_from_db()
    assert person.mobile == MOBILE
    assert type(person).objects.by_mobile(MOBILE).get() == person


def test_an_account_without_a_person_is_raised_too() -> None:
    account = Account.objects.create(username="alone")
    assert ProveMobile.do(SYSTEM, account_id=account.pk, mobile=MOBILE).assurance == Assurance.MOBILE


def test_nobody_says_so_of_themselves() -> None:
    person = a_resident("李梅")
    with pytest.raises(NotPermitted):
        ProveMobile.do(actor_of_person(person), account_id=person.account.pk, mobile=MOBILE)
    with pytest.raises(NotFound):
        ProveMobile.do(SYSTEM, account_id=new_id(), mobile=MOBILE)
