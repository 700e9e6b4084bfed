"""What a pack may declare for identity: kinds of units and of posts, and roles."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.models import Account, Role
from shuzheng.kernel.declaration import Declaration, Declared, Kind, Workspace, read_many, register
from shuzheng.kernel.policy import permissions
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Problem


class Level(StrEnum):
    """Levels of divisions that have units."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"

    @property
    def number(self) -> int:
        """Return the level as divisions count it: 1 for the province."""
        return list(Level).index(self) + 1


class UnitKind(Declaration):
    """One of the usual bureaus (机构类型): what it is called at each level and which posts it has."""

    #: What follows the division's name at each level; a level that is not named has no such unit.
    names: dict[Level, str]
    #: What follows instead where the division's name ends so: 街道 → 办事处.
    endings: dict[str, str] = {}
    short: str
    #: Kind of the unit above it in the same division; empty for the government itself.
    under: str = ""
    #: Codes of posts.
    posts: list[str]

    def name_in(self, division: str, level: Level) -> str | None:
        """Return the unit's name in a division of a level, or ``None`` if there is no such unit."""
        if level not in self.names:
            return None
        own = next((suffix for ending, suffix in self.endings.items() if division.endswith(ending)), self.names[level])
        return f"{division}{own}"


class PostKind(Declaration):
    """A kind of post (岗位) and the role that holding it brings in the unit's division."""

    role: str = ""


class RoleDeclaration(Declaration):
    """A role (角色): a name for a set of permissions."""

    permissions: list[str]
    #: One of the three administrators, who exclude each other.
    administrator: bool = False


def _check_unit_kind(declared: Declared[UnitKind], workspace: Workspace) -> Iterable[Problem]:
    """Find kinds of units or posts that do not exist."""
    kind = declared.model
    if kind is None:
        return
    if kind.under and not workspace.has("unit_kind", kind.under):
        yield _unknown(declared, "unit_kind", kind.under, workspace, "under")
    for index, post in enumerate(kind.posts):
        if not workspace.has("post_kind", post):
            yield _unknown(declared, "post_kind", post, workspace, "posts", index)


def _check_post_kind(declared: Declared[PostKind], workspace: Workspace) -> Iterable[Problem]:
    """Find roles that do not exist."""
    kind = declared.model
    if kind is not None and kind.role and not workspace.has("role", kind.role):
        yield _unknown(declared, "role", kind.role, workspace, "role")


def _check_role(declared: Declared[RoleDeclaration], workspace: Workspace) -> Iterable[Problem]:
    """Find permissions that no part of the platform declares."""
    role = declared.model
    for index, name in enumerate(role.permissions if role else []):
        if name not in permissions():
            hint = suggest(name, list(permissions()))
            yield declared.problem(f"没有权限“{name}”", "permissions", index, suggestion=hint.strip())


def _unknown(declared: Declared[Any], kind: str, key: str, workspace: Workspace, *path: str | int) -> Problem:
    hint = suggest(key, workspace.keys(kind))
    return declared.problem(f"没有声明 {kind}“{key}”", *path, suggestion=hint.strip())


def _project_roles(published: list[Any]) -> None:
    """Bring the table of roles up to date and let every account look anew."""
    rows = [
        Role(
            code=stored.key,
            title=stored.body.title,
            permissions=stored.body.permissions,
            administrator=stored.body.administrator,
        )
        for stored in published
    ]
    Role.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["title", "permissions", "administrator"]
    )
    authority.changed(Account.objects.filter(officer__isnull=False).values_list("pk", flat=True))


register(
    Kind(
        name="unit_kind",
        pattern="organisations/units.yaml",
        model=UnitKind,
        title=_("机构类型"),
        read=read_many,
        check=_check_unit_kind,
    )
)
register(
    Kind(
        name="post_kind",
        pattern="organisations/posts.yaml",
        model=PostKind,
        title=_("岗位"),
        read=read_many,
        check=_check_post_kind,
    )
)
register(
    Kind(
        name="role",
        pattern="roles.yaml",
        model=RoleDeclaration,
        title=_("角色"),
        read=read_many,
        check=_check_role,
        publish=_project_roles,
    )
)
