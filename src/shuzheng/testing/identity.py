"""People, firms, officers and units for tests: valid numbers, one line each.

>>> mother, daughter = a_resident("王桂英", born="1948-03-02"), a_resident("李梅")
>>> clerk = an_officer("张敏", unit=a_unit("market-supervision"), posts=["acceptor", "handler"])
>>> firm = a_firm("赣南人家餐饮店", representative=daughter)
>>> actor_of_person(daughter, party=firm)
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.test import Client
from stdnum.cn import ric, uscc

from shuzheng.engines.identity.actors import actor_for_account
from shuzheng.engines.identity.models import (
    Account,
    Appointment,
    Kinship,
    LegalPerson,
    Mandate,
    Officer,
    OrgUnit,
    Person,
    Post,
    Role,
    RoleAssignment,
)
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.parties import legal_party, person_party
from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import permissions

#: Password of every account made here.
PASSWORD = "shan-qing-shui-xiu"
#: 江西省赣州市章贡区.
DIVISION = "360702000000"
#: Roles that posts bring, as the pack ``base/organisations`` declares them.
POST_TITLES = {
    "acceptor": "受理岗",
    "handler": "承办岗",
    "approver": "审批岗",
    "inspector": "勘验岗",
    "leader": "分管领导",
    "supervisor": "督办岗",
}
POST_PERMISSIONS = {
    "acceptor": ["casework.read", "casework.accept", "identity.confirm_identity"],
    "handler": ["casework.read", "casework.handle"],
    "inspector": ["casework.read", "casework.handle"],
    "approver": ["casework.read", "casework.handle", "casework.decide"],
    "leader": ["casework.read", "casework.decide", "casework.supervise"],
    "supervisor": ["casework.read", "casework.supervise"],
}
_numbers = itertools.count(1)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def an_id_number(born: str | date = "1985-06-15", *, female: bool = True, county: str = "360702") -> str:
    """Return a valid citizen id number that no earlier call returned."""
    day = date.fromisoformat(born) if isinstance(born, str) else born
    serial, offset = next(_numbers), 0
    while serial > 498:
        serial, offset = serial - 498, offset + 1
    day += timedelta(days=offset)
    body = f"{county}{day:%Y%m%d}{serial * 2 - (0 if female else 1):03d}"
    return body + ric.calc_check_digit(body + "0")


def a_mobile() -> str:
    """Return a mobile number that no earlier call returned."""
    return f"138{next(_numbers):08d}"


def a_credit_code(county: str = "360702") -> str:
    """Return a valid unified social credit code that no earlier call returned."""
    serial = "".join(random.Random(next(_numbers)).choices(_ALPHABET, k=9))
    body = f"91{county}{serial}"
    return body + uscc.calc_check_digit(body)


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
    account = Account(username=username or f"user{next(_numbers)}", person=person, assurance=assurance)
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


def a_unit(kind: str = "market-supervision", division_code: str = DIVISION, *, name: str = "") -> OrgUnit:
    """Return the unit of a kind in a division, made if there is none."""
    labels = lineage(division_code)
    path = ".".join(labels)
    unit, _created = OrgUnit.objects.get_or_create(
        code=f"{labels[-1]}-{kind}",
        defaults={
            "name": name or f"{kind} {labels[-1]}",
            "short_name": name or kind,
            "kind": kind,
            "division_code": pad(division_code),
            "division_path": path,
            "path": f"{path}.{kind.replace('-', '_')}",
            "synthetic": True,
        },
    )
    return unit


def a_post(unit: OrgUnit, code: str = "handler") -> Post:
    """Return a post of a unit with the role it brings, both made if there are none."""
    granted = [name for name in POST_PERMISSIONS.get(code, []) if name in permissions()]
    Role.objects.get_or_create(code=code, defaults={"title": POST_TITLES.get(code, code), "permissions": granted})
    post, _created = Post.objects.get_or_create(
        unit=unit, code=code, defaults={"title": POST_TITLES.get(code, code), "role_code": code}
    )
    return post


def a_role(code: str, permissions: Iterable[str], *, administrator: bool = False) -> Role:
    """Return a role with these permissions."""
    role, _created = Role.objects.update_or_create(
        code=code, defaults={"title": code, "permissions": list(permissions), "administrator": administrator}
    )
    return role


def an_officer(
    name: str = "张敏",
    *,
    unit: OrgUnit | None = None,
    posts: Iterable[str] = ("handler",),
    roles: Iterable[Role] = (),
    scope: str = "",
) -> Officer:
    """Return an officer who holds posts in a unit (default: 章贡区市场监管局) and roles within a division path."""
    person = a_resident(name, assurance=Assurance.FACE_TO_FACE)
    officer = Officer.objects.create(
        person=person, account=Account.objects.get(person=person), number=f"G{next(_numbers):06d}"
    )
    long_ago = today() - timedelta(days=3650)
    for code in posts:
        Appointment.objects.create(officer=officer, post=a_post(unit or a_unit(), code), valid_from=long_ago)
    for role in roles:
        RoleAssignment.objects.create(
            officer=officer, role=role, scope=scope, administrator=role.administrator, valid_from=long_ago
        )
    return officer


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


def actor_of_person(person: Person, party: Person | LegalPerson | None = None, *, channel: str = "web") -> Actor:
    """Return a resident acting for themselves, or for a firm or relative they may represent. Raises NoSuchParty."""
    chosen = person if party is None else party
    reference = person_party(chosen) if isinstance(chosen, Person) else legal_party(chosen)
    return actor_for_account(Account.objects.get(person=person), reference, channel)


def actor_of_officer(officer: Officer, *, channel: str = "web") -> Actor:
    """Return an officer on duty."""
    return actor_for_account(officer.account, channel=channel)


def a_browser(account: Account, password: str = PASSWORD) -> Client:
    """Return a fresh browser that has tried to sign in through the page."""
    browser = Client()
    browser.post("/accounts/login/", {"login": account.username, "password": password})
    return browser
