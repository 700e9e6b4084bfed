"""Building the usual tree of units and posts over the divisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.identity.definitions import Level, PostKind, UnitKind
from shuzheng.engines.identity.models import OrgUnit, Post
from shuzheng.engines.identity.policies import MANAGE_ORGANISATIONS
from shuzheng.engines.vocabulary import queries as vocabulary
from shuzheng.kernel import definition
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

_UNIT_COLUMNS = (
    "id", "code", "name", "short_name", "kind", "division_code", "division_path", "path", "parent_id", "synthetic",
    "created_at",
)  # fmt: skip
_POST_COLUMNS = ("id", "unit_id", "code", "title", "role_code")


class GenerateOrganisationsInput(Input):
    """Where units are wanted."""

    #: Code of a division, padded or not; empty for everywhere.
    division_code: str = Field(default="", max_length=12)
    #: Label the units as invented.
    synthetic: bool = True


class OrganisationsGenerated(BaseModel):
    """How much was new or changed."""

    units_inserted: int
    units_updated: int
    posts_inserted: int
    posts_updated: int


@dataclass(frozen=True)
class _Planned:
    """A unit as it should be."""

    code: str
    name: str
    short_name: str
    kind: UnitKind
    division_code: str
    division_path: str
    path: str
    parent_code: str


class GenerateOrganisations(Action[GenerateOrganisationsInput, OrganisationsGenerated]):
    """Build the usual bureaus with their posts for every division from the province to the townships (生成机构树).

    What they are comes from the definitions of kind ``unit_kind`` and ``post_kind``. Running it again changes nothing;
    after a change of the definitions it adds and renames, and removes nothing.
    """

    name = "identity.generate_organisations"
    permission = MANAGE_ORGANISATIONS
    title = _("生成机构与岗位")

    def scope(self, actor: Actor, given: GenerateOrganisationsInput) -> str:
        """Return the division's path."""
        return vocabulary.division(given.division_code).path if given.division_code else ""

    def perform(self, actor: Actor, given: GenerateOrganisationsInput) -> OrganisationsGenerated:
        """Compare what should be with what is, and write the difference in bulk."""
        kinds: list[UnitKind] = [stored.body for stored in definition.listing("unit_kind")]
        posts = {stored.key: stored.body for stored in definition.listing("post_kind")}
        planned = list(_plan(given.division_code, _parents_first(kinds)))
        units_inserted, units_updated = _write_units(planned, given.synthetic)
        posts_inserted, posts_updated = _write_posts(planned, posts)
        result = OrganisationsGenerated(
            units_inserted=units_inserted,
            units_updated=units_updated,
            posts_inserted=posts_inserted,
            posts_updated=posts_updated,
        )
        self.about(**result.model_dump())
        return result


def _parents_first(kinds: Iterable[UnitKind]) -> list[UnitKind]:
    """Order kinds so that each follows the one it is under."""
    by_code = {kind.code: kind for kind in kinds}

    def depth(kind: UnitKind) -> int:
        steps, above = 0, by_code.get(kind.under)
        while above is not None and steps < len(by_code):
            steps, above = steps + 1, by_code.get(above.under)
        return steps

    return sorted(by_code.values(), key=depth)


def _plan(division_code: str, kinds: Sequence[UnitKind]) -> Iterator[_Planned]:
    """Yield every unit that should be, kind by kind, parents before children."""
    levels = {level.number: level for level in Level}
    divisions = vocabulary.current().filter(level__in=levels)
    if division_code:
        divisions = divisions.filter(path__within=vocabulary.path(division_code))
    rows = list(divisions.order_by("code").values_list("code", "name", "path", "level"))
    for kind in kinds:
        for code, name, path, level in rows:
            own = kind.name_in(name, levels[level])
            if own is not None:
                yield _unit(kind, code, own, str(path))


def _unit(kind: UnitKind, code: str, name: str, path: str) -> _Planned:
    short_code = path.rpartition(".")[2]
    return _Planned(
        code=f"{short_code}-{kind.code}",
        name=name,
        short_name=kind.short,
        kind=kind,
        division_code=code,
        division_path=path,
        path=f"{path}.{kind.code.replace('-', '_')}",
        parent_code=f"{short_code}-{kind.under}" if kind.under else "",
    )


def _write_units(planned: list[_Planned], synthetic: bool) -> tuple[int, int]:
    """Insert new units and rename changed ones; return how many of each."""
    known = {unit.code: unit for unit in OrgUnit.objects.only("id", "code", "name", "short_name").iterator()}
    ids: dict[str, UUID] = {code: unit.pk for code, unit in known.items()}
    fresh, changed, moment = [], [], now()
    for plan in planned:
        unit = known.get(plan.code)
        if unit is None:
            ids[plan.code] = new_id()
            fresh.append(_row(plan, ids, synthetic, moment))
        elif (unit.name, unit.short_name) != (plan.name, plan.short_name):
            unit.name, unit.short_name = plan.name, plan.short_name
            changed.append(unit)
    _copy(OrgUnit, _UNIT_COLUMNS, fresh)
    OrgUnit.objects.bulk_update(changed, ["name", "short_name"], batch_size=500)
    return len(fresh), len(changed)


def _row(plan: _Planned, ids: dict[str, UUID], synthetic: bool, moment: datetime) -> tuple[Any, ...]:
    """Return a new unit's row in the order of ``_UNIT_COLUMNS``."""
    parent = ids.get(plan.parent_code)
    own = (ids[plan.code], plan.code, plan.name, plan.short_name, plan.kind.code)
    return (*own, plan.division_code, plan.division_path, plan.path, parent, synthetic, moment)


def _write_posts(planned: list[_Planned], kinds: dict[str, PostKind]) -> tuple[int, int]:
    """Insert new posts and bring changed ones up to date; return how many of each."""
    ids = dict(OrgUnit.objects.values_list("code", "id"))
    known = {(post.unit_id, post.code): post for post in Post.objects.iterator()}
    fresh, changed = [], []
    for plan in planned:
        for code in plan.kind.posts:
            kind, post = kinds[code], known.get((ids[plan.code], code))
            if post is None:
                fresh.append((new_id(), ids[plan.code], code, kind.title, kind.role))
            elif (post.title, post.role_code) != (kind.title, kind.role):
                post.title, post.role_code = kind.title, kind.role
                changed.append(post)
    _copy(Post, _POST_COLUMNS, fresh)
    Post.objects.bulk_update(changed, ["title", "role_code"], batch_size=500)
    return len(fresh), len(changed)


def _copy(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows by COPY."""
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
