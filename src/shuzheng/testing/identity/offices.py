"""Units, posts, roles and the officers who hold them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from shuzheng.engines.identity.models import Account, Appointment, Officer, OrgUnit, Post, Role, RoleAssignment
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import permissions
from shuzheng.testing.identity.numbers import a_number
from shuzheng.testing.identity.people import DIVISION, a_resident

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
        person=person, account=Account.objects.get(person=person), number=f"G{a_number():06d}"
    )
    long_ago = today() - timedelta(days=3650)
    for code in posts:
        Appointment.objects.create(officer=officer, post=a_post(unit or a_unit(), code), valid_from=long_ago)
    for role in roles:
        RoleAssignment.objects.create(
            officer=officer, role=role, scope=scope, administrator=role.administrator, valid_from=long_ago
        )
    return officer
