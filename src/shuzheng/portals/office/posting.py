"""Reading the form of an act: from what was posted to the action's input, and back onto the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from shuzheng.engines.casework.queries.act_field import Field


@dataclass(frozen=True)
class Filled:
    """A field with what was typed into it and what is wrong with that."""

    field: Field
    value: Any
    error: str = ""
    #: Problems typed beside what is to be supplemented, by code.
    problems: dict[str, str] | None = None

    @property
    def wanted(self) -> list[tuple[str, str, bool, str]]:
        """Return what a supplement may name: code, title, chosen, problem."""
        typed = self.problems or {}
        return [(code, title, code in self.value, typed.get(code, "")) for code, title in self.field.options]


def data_of(fields: Iterable[Field], post: QueryDict) -> dict[str, Any]:
    """Return the action's input; what was left empty and need not be filled in is left out."""
    found = {field.name: _read(field, post) for field in fields}
    return {name: value for name, value in found.items() if value is not None}


def _read(field: Field, post: QueryDict) -> Any:
    if field.kind == "wanted":
        titles = dict(field.options)
        return [
            {"code": code, "title": titles[code], "problem": post.get(f"problem-{code}", "").strip()}
            for code in post.getlist(field.name)
            if code in titles
        ]
    if field.kind == "units":
        return post.getlist(field.name)
    text = post.get(field.name, "").strip()
    if field.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text if text or field.required else None


def filled(fields: Iterable[Field], post: QueryDict | None, errors: dict[str, str] | None = None) -> list[Filled]:
    """Return the fields as a page shows them: with what was typed, else with what stands in them at first."""
    return [_filled(field, post, (errors or {}).get(field.name, "")) for field in fields]


def _filled(field: Field, post: QueryDict | None, error: str) -> Filled:
    if post is None:
        return Filled(field, [] if field.kind in ("wanted", "units") else field.value, error)
    if field.kind in ("wanted", "units"):
        problems = {code: post.get(f"problem-{code}", "") for code, _title in field.options}
        return Filled(field, post.getlist(field.name), error, problems)
    return Filled(field, post.get(field.name, ""), error)
