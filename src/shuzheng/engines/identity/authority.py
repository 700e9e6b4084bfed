"""What an account may do today: its person, posts and grants, read in two statements and kept in the session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, When

from shuzheng.engines.identity.models import Account
from shuzheng.kernel.actor import Grant
from shuzheng.kernel.moment import today

#: Posts held and posts carried for a colleague bring their roles in the unit's division; roles held bring their own scope.
_GRANTS = """
WITH holder AS (
    SELECT %(officer)s::uuid AS id
    UNION
    SELECT principal_id FROM identity_delegation
    WHERE delegate_id = %(officer)s AND %(day)s BETWEEN valid_from AND valid_to
)
SELECT post.unit_id, post.code, unit.division_path::text, coalesce(role.permissions, '{}')
FROM holder
JOIN identity_appointment held ON held.officer_id = holder.id
JOIN identity_post post ON post.id = held.post_id
JOIN identity_orgunit unit ON unit.id = post.unit_id
LEFT JOIN identity_role role ON role.code = post.role_code AND NOT role.administrator
WHERE held.valid_from <= %(day)s AND (held.valid_to IS NULL OR %(day)s <= held.valid_to)
UNION ALL
SELECT NULL, NULL, assignment.scope::text, role.permissions
FROM identity_roleassignment assignment
JOIN identity_role role ON role.code = assignment.role_id
WHERE assignment.officer_id = %(officer)s
  AND assignment.valid_from <= %(day)s AND (assignment.valid_to IS NULL OR %(day)s <= assignment.valid_to)
"""


@dataclass(frozen=True)
class Authority:
    """What follows from an account's person, posts and roles on one day."""

    #: The account's ``authority_version`` that this was computed for.
    version: int
    #: Day it holds for, as ISO text.
    day: str
    name: str
    person_id: str
    #: Code of the division where the person lives.
    division: str
    officer_id: str
    #: Pairs of unit id and post code.
    posts: tuple[tuple[str, str], ...]
    #: Pairs of permission and division path.
    grants: tuple[tuple[str, str], ...]

    def fresh(self, account: Account) -> bool:
        """Say whether nothing has changed since this was computed."""
        return self.version == account.authority_version and self.day == today().isoformat()

    def to_session(self) -> dict[str, Any]:
        """Return plain data for the session."""
        return asdict(self)

    @classmethod
    def from_session(cls, data: dict[str, Any]) -> Self:
        """Return what ``to_session`` stored."""
        pairs = {name: tuple((first, second) for first, second in data[name]) for name in ("posts", "grants")}
        return cls(**{**data, **pairs})

    def held_posts(self) -> frozenset[tuple[UUID, str]]:
        """Return the posts for an actor."""
        return frozenset((UUID(unit), code) for unit, code in self.posts)

    def held_grants(self) -> frozenset[Grant]:
        """Return the grants for an actor."""
        return frozenset(Grant(permission, scope) for permission, scope in self.grants)


def load(account: Account) -> Authority:
    """Return what an account may do today, in at most two statements."""
    day = today()
    in_service = Case(When(officer__left_on__lte=day, then=None), default=F("officer__id"))
    facts = (
        Account.objects.filter(pk=account.pk)
        .values("person_id", name=F("person__name"), division=F("person__division_code"), serving=in_service)
        .get()
    )
    rows = _grants(facts["serving"], day) if facts["serving"] else []
    return Authority(
        version=account.authority_version,
        day=day.isoformat(),
        name=facts["name"] or account.username,
        person_id=str(facts["person_id"] or ""),
        division=facts["division"] or "",
        officer_id=str(facts["serving"] or ""),
        posts=tuple(sorted({(str(unit), code) for unit, code, _scope, _permissions in rows if unit})),
        grants=tuple(sorted({(p, scope) for _unit, _code, scope, permissions in rows for p in permissions})),
    )


def _grants(officer_id: UUID, day: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, {"officer": officer_id, "day": day})
        return cursor.fetchall()


def changed(account_ids: Iterable[UUID]) -> None:
    """Make every session of these accounts compute its authority anew at its next request."""
    Account.objects.filter(pk__in=list(account_ids)).update(authority_version=F("authority_version") + 1)
