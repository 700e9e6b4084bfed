"""Residents, firms, their accounts, and who may act for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric

from shuzheng.engines.identity.models import Account, Kinship, LegalPerson, Mandate, Person
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.kernel.moment import today
from shuzheng.testing.identity.numbers import a_credit_code, a_mobile, a_number, an_id_number

#: Password of every account made here.
PASSWORD = "shan-qing-shui-xiu"
#: 江西省赣州市章贡区.
DIVISION = "360702000000"


def a_resident(
    name: str = "李梅",
    *,
    born: str | date = "1985-06-15",
    female: bool = True,
    division_code: str = DIVISION,
    account: bool = True,
    assurance: int = Assurance.REAL_NAME,
    **facts: Any,
) -> Person:
    """Return a person with, unless told otherwise, an account whose password is ``PASSWORD``."""
    number = facts.pop("id_number", None) or an_id_number(born, female=female)
    person = Person.objects.create(
        name=name,
        id_number=number,
        sex="2" if int(number[16]) % 2 == 0 else "1",
        birth_date=ric.get_birth_date(number),
        division_code=division_code,
        synthetic=True,
        **{"mobile": a_mobile(), "address": "红旗大道 1 号", **facts},
    )
    if account:
        an_account(person, assurance=assurance)
    return person


def an_account(person: Person | None = None, *, username: str = "", assurance: int = Assurance.REAL_NAME) -> Account:
    """Return an account with the password ``PASSWORD``."""
    account = Account(username=username or f"user{a_number()}", person=person, assurance=assurance)
    account.set_password(PASSWORD)
    account.save()
    return account


def a_firm(name: str = "赣南人家餐饮店", *, representative: Person | None = None, **facts: Any) -> LegalPerson:
    """Return a firm with its legal representative."""
    return LegalPerson.objects.create(
        name=name,
        representative=representative or a_resident("陈志强", female=False),
        synthetic=True,
        **{"uscc": a_credit_code(), "division_code": DIVISION, "address": "文明大道 8 号", **facts},
    )


def a_mandate(
    grantor: Person | LegalPerson,
    operator: Person,
    *,
    items: Iterable[str] = ("*",),
    days: int = 365,
    **facts: Any,
) -> Mandate:
    """Return a mandate in force: a firm's for its operator, or a person's for a child."""
    person = isinstance(grantor, Person)
    defaults: dict[str, Any] = {
        "kind": Mandate.Kind.RELATIVE if person else Mandate.Kind.OPERATOR,
        "relation": Kinship.Relation.CHILD if person else "",
        "status": Mandate.Status.ACTIVE,
        "valid_from": today() - timedelta(days=1),
        "valid_to": today() + timedelta(days=days),
    }
    return Mandate.objects.create(
        operator=operator,
        items=list(items),
        grantor_person=grantor if isinstance(grantor, Person) else None,
        grantor_legal=None if isinstance(grantor, Person) else grantor,
        **{**defaults, **facts},
    )
