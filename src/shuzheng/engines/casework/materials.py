"""Materials of a case: what is required, what was given, what is still wanted."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.definitions.parts import Material as MaterialDefinition
from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.documents.queries import owned
from shuzheng.engines.forms.engine import CompiledForm
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today


class GivenMaterial(Input):
    """What an applicant hands in for one material."""

    code: str = Field(max_length=80)
    #: Stored files of the applicant's own.
    files: list[UUID] = Field(default=[], max_length=20)
    #: upload; or a commitment instead of the paper (告知承诺); or later (容缺); or ``licence``: the applicant agrees that
    #: their e-licence is used instead (电子证照免提交).
    way: Literal["upload", "commitment", "later", "shared", "licence"] = "upload"


def wanted_of(item: ServiceItemDefinition, form: CompiledForm, values: Mapping[str, Any]) -> list[MaterialDefinition]:
    """Return the materials that the item asks for, given the typed answers to its form."""
    return [m for m in item.materials if not m.when or form.condition(m.when).holds(values, today())]


def new_materials(
    actor: Actor,
    case: Case,
    wanted: Sequence[MaterialDefinition],
    given: Sequence[GivenMaterial],
    held: Container[str] = (),
) -> list[Material]:
    """Return the unsaved materials of a case being filed; ``held`` are those that a licence of the applicant can supply.

    Raises InvalidInput naming every one that is missing.
    """
    by_code = {entry.code: entry for entry in given}
    problems = [
        FieldProblem(f"materials.{code}", str(_("这个事项不需要这份材料，请删去。")))
        for code in by_code
        if code not in {m.code for m in wanted}
    ]
    stored = owned([file for entry in given for file in entry.files], actor)
    rows = []
    for material in wanted:
        row, problem = _material(case, material, by_code.get(material.code), stored, material.code in held)
        rows += [row] if row else []
        problems += [problem] if problem else []
    if problems:
        raise InvalidInput(*problems)
    return rows


def _material(
    case: Case, wanted: MaterialDefinition, given: GivenMaterial | None, stored: dict[UUID, Any], held: bool
) -> tuple[Material | None, FieldProblem | None]:
    path = f"materials.{wanted.code}"
    if given is not None and given.files:
        missing = [file for file in given.files if file not in stored]
        if missing:
            return None, FieldProblem(
                path, str(_("“{title}”的文件没有上传完成，请重新上传。")).format(title=wanted.title)
            )
        return _row(case, wanted, Material.State.GIVEN, [stored[file] for file in given.files]), None
    agreed = held and given is not None and given.way == "licence"
    state = Material.State.SHARED if agreed else _state_without_file(wanted, given)
    if state is not None:
        return _row(case, wanted, state, []), None
    if wanted.need == "optional":
        return None, None
    told = _("请上传“{title}”，或者同意使用您的电子证照。") if held else _("请上传“{title}”。")
    return None, FieldProblem(path, str(told).format(title=wanted.title))


def _state_without_file(wanted: MaterialDefinition, given: GivenMaterial | None) -> str | None:
    """Return how a material without a file stands, or ``None`` if a file is needed."""
    if wanted.spared:
        return Material.State.SHARED
    if given is not None and given.way == "commitment" and "commitment" in wanted.sources:
        return Material.State.PROMISED
    if given is not None and given.way == "later" and wanted.need == "tolerable":
        return Material.State.TOLERATED
    return None


def _row(case: Case, wanted: MaterialDefinition, state: str, files: list[Any]) -> Material:
    return Material(case=case, code=wanted.code, title=wanted.title, state=state, files=_listed(files))


def _listed(files: list[Any]) -> list[dict[str, Any]]:
    return [{"id": str(f.pk), "name": f.name, "size": f.size, "content_type": f.content_type} for f in files]


def mark_wanted(case: Case, problems: dict[str, tuple[str, str]]) -> None:
    """Mark materials as to be supplemented: {code: (title, what is wrong)}; those not yet there are added."""
    rows = [
        Material(case=case, code=code, title=title, state=Material.State.WANTED, problem=problem)
        for code, (title, problem) in problems.items()
    ]
    Material.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "code"], update_fields=["state", "problem"]
    )


def receive(actor: Actor, case: Case, given: Sequence[GivenMaterial], *, must_complete: bool) -> None:
    """Store supplements. Raises InvalidInput naming what is unknown or, if all must be there, still missing."""
    rows = {row.code: row for row in Material.objects.filter(case=case)}
    stored = owned([file for entry in given for file in entry.files], actor)
    problems = []
    for entry in given:
        row = rows.get(entry.code)
        files = [stored[file] for file in entry.files if file in stored]
        if row is None or len(files) < len(entry.files) or not files:
            title = row.title if row else entry.code
            problems.append(
                FieldProblem(f"materials.{entry.code}", str(_("请为“{title}”上传文件。")).format(title=title))
            )
            continue
        row.files = _listed(files)
        row.state, row.problem, row.updated_at = Material.State.GIVEN, "", now()
    problems += _still_missing(rows, given) if must_complete else []
    if problems:
        raise InvalidInput(*problems)
    Material.objects.bulk_update(rows.values(), ["files", "state", "problem", "updated_at"])


def _still_missing(rows: dict[str, Material], given: Sequence[GivenMaterial]) -> list[FieldProblem]:
    named = {entry.code for entry in given}
    return [
        FieldProblem(f"materials.{row.code}", str(_("请上传“{title}”。")).format(title=row.title))
        for row in rows.values()
        if row.state == Material.State.WANTED and row.code not in named and not row.code.startswith("form:")
    ]
