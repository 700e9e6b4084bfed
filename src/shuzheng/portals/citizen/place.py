"""The place where somebody wants something done: chosen once, kept on the device, by default where they live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.divisions import lineage, pad, path
from shuzheng.engines.vocabulary.models import Division
from shuzheng.engines.vocabulary.queries import current, divisions
from shuzheng.kernel.fields import within
from shuzheng.kernel.http import Request

COOKIE = "sz_place"
ONE_YEAR = 365 * 24 * 3600
COUNTY, TOWNSHIP = 3, 4
TITLES = {1: _("省"), 2: _("设区市"), 3: _("县（市、区）"), 4: _("乡镇（街道）")}


@dataclass(frozen=True)
class Step:
    """One list of the cascade."""

    level: int
    title: Any
    choices: list[Division]
    chosen: str


def chosen_code(request: Request) -> str:
    """Return the code of the chosen place, else of the party's residence, else nothing."""
    kept = request.COOKIES.get(COOKIE, "")
    if len(kept) == 12 and kept.isascii() and kept.isdigit():
        return kept
    party = request.actor.party
    return party.division if party else ""


def chosen_place(request: Request) -> Division | None:
    """Return the chosen place, in one statement at most."""
    code = chosen_code(request)
    return divisions([code]).get(code) if code else None


def remember(request: Request, response: HttpResponse, code: str) -> None:
    """Keep a place on this device for a year; nothing forgets it."""
    if code:
        response.set_cookie(COOKIE, code, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie(COOKIE)


def deepest(codes: Iterable[str]) -> str:
    """Return the last pick of a cascade that lies under the picks before it; changing a level drops those below."""
    found = ""
    for code in codes:
        if code and (not found or within(path(code), path(found))):
            found = code
    return found


def cascade(code: str, *, most: int = COUNTY) -> list[Step]:
    """Return the lists to choose a place from, down to one below the place chosen so far, in one statement."""
    picked = [pad(part) for part in lineage(code)] if code else []
    parents = ["", *picked]
    rows = current().filter(parent_code__in=parents, level__lte=most).order_by("code")
    by_parent: dict[str, list[Division]] = {}
    for row in rows.only("code", "name", "level", "parent_code"):
        by_parent.setdefault(row.parent_code, []).append(row)
    steps = []
    for depth, parent in enumerate(parents):
        choices = by_parent.get(parent, [])
        if choices:
            level = choices[0].level
            steps.append(Step(level, TITLES[level], choices, picked[depth] if depth < len(picked) else ""))
    return steps
