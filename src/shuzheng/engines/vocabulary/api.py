"""Divisions, code lists and data elements over HTTP; all of it is public information."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params.functions import Query

from shuzheng.engines.vocabulary import queries
from shuzheng.engines.vocabulary.models import Division
from shuzheng.engines.vocabulary.schema import json_schema
from shuzheng.kernel.api import Allow
from shuzheng.kernel.policy import PUBLIC

router = Router(auth=Allow(PUBLIC))

Size = Annotated[int, Query(ge=1, le=500)]


class DivisionOut(Schema):
    """A division."""

    code: str
    name: str
    full_name: str
    level: int
    path: str
    parent_code: str
    longitude: float | None
    latitude: float | None
    valid_from: date | None
    valid_to: date | None


class DivisionPage(Schema):
    """A page of divisions; ``next`` is the cursor of the following page."""

    items: list[DivisionOut]
    next: str | None
    previous: str | None


class HitOut(Schema):
    """A division found by name, and the former name if that was searched for."""

    division: DivisionOut
    former_name: str


class ChangeOut(Schema):
    """A change of a division's code or name."""

    effective_on: date
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    document: str


class HistoryOut(Schema):
    """What a code named on a day and what became of it."""

    code: str
    name: str | None
    certain: bool
    changes: list[ChangeOut]
    successor: DivisionOut | None


class CodeOut(Schema):
    """One code of a list."""

    code: str
    name: str
    parent: str
    name_en: str
    note: str
    valid_from: date | None
    valid_to: date | None


class CodeListOut(Schema):
    """A code list."""

    code: str
    title: str
    source: str
    codes: list[CodeOut]


@router.get("/divisions/", response=DivisionPage, summary="下级行政区划")
def child_divisions(
    request: HttpRequest, parent: str = "", after: str | None = None, size: Size = 100
) -> dict[str, Any]:
    """Return the divisions right below ``parent`` (a code, padded or not), or the provinces."""
    return vars(queries.children(parent, after=after, size=size))


@router.get("/divisions/search", response=list[HitOut], summary="按名称查找行政区划")
def search_divisions(
    request: HttpRequest,
    text: Annotated[str, Query(min_length=1, max_length=60)],
    within: Annotated[str, Query(pattern=r"^([0-9]{2,12})?$")] = "",
    level: Annotated[int | None, Query(ge=1, le=5)] = None,
    size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> list[queries.Hit]:
    """Find divisions by name, former names and likely misspellings included."""
    return queries.search(text, within=within, level=level, size=size)


@router.get("/divisions/at", response=DivisionOut, summary="坐标所在的县（市、区）")
def division_at_point(
    request: HttpRequest,
    longitude: Annotated[float, Query(ge=-180, le=180)],
    latitude: Annotated[float, Query(ge=-90, le=90)],
) -> Division:
    """Return the county at a point in degrees (CGCS2000)."""
    return queries.division_at(longitude, latitude)


@router.get("/divisions/boundaries", response=dict[str, Any], summary="行政区划边界（GeoJSON）")
def boundaries(
    request: HttpRequest, code: Annotated[list[str], Query(min_length=1, max_length=120)]
) -> dict[str, object]:
    """Return the boundaries of one or more provinces, cities or counties as a GeoJSON FeatureCollection."""
    return queries.boundary_collection(code)


@router.get("/divisions/{code}", response=DivisionOut, summary="一个行政区划")
def one_division(request: HttpRequest, code: str) -> Division:
    """Return a division by its code, padded or not."""
    return queries.division(code)


@router.get("/divisions/{code}/ancestors", response=list[DivisionOut], summary="上级行政区划")
def division_ancestors(request: HttpRequest, code: str) -> list[Division]:
    """Return the divisions above a code, the province first."""
    return queries.ancestors(code)


@router.get("/divisions/{code}/history", response=HistoryOut, summary="区划代码沿革")
def division_history(request: HttpRequest, code: str, on: date) -> dict[str, Any]:
    """Return what a code named on a day, and the changes from then to the present division."""
    meaning = queries.code_on(code, on)
    return {
        "code": code,
        "name": meaning.name if meaning else None,
        "certain": meaning.certain if meaning else True,
        "changes": queries.succession(code, on) if meaning else [],
        "successor": queries.successor(code, on) if meaning else None,
    }


@router.get("/code-lists/{code}", response=CodeListOut, summary="代码表")
def one_code_list(request: HttpRequest, code: str, on: date | None = None) -> Any:
    """Return a code list as it is in force on a day (default today)."""
    return queries.code_list(code, on=on)


@router.get("/elements/{code}/schema", response=dict[str, Any], summary="数据元的 JSON Schema")
def element_schema(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return the JSON Schema of a data element's values."""
    return json_schema(queries.element(code))
