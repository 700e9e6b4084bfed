"""What the forms of connected applications hold: words, named fields, wishes for capabilities, and what is wrong with them."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.kernel.error import InvalidInput, ShuzhengError

LIMITS = ("per_second", "per_day", "valid_from", "valid_to")


def wishes(post: QueryDict) -> list[dict[str, Any]]:
    """Return the capabilities that are asked for, each with its limits."""
    return [wish(post, code) for code in post.getlist("capability") if code in capabilities()]


def wish(post: QueryDict, code: str) -> dict[str, Any]:
    """Return what is asked of one capability."""
    limits = {name: post.get(f"{code}-{name}", "").strip() for name in LIMITS}
    given = {name: value for name, value in limits.items() if value}
    return {"capability": code, "things": words(post, f"{code}-things"), "per_day": None, **given}


def errors_of(refused: ShuzhengError) -> dict[str, str]:
    """Return what is wrong by field; what lies within a list stands at the list."""
    if not isinstance(refused, InvalidInput) or not refused.errors:
        return {"name": str(refused)}
    return {problem.path.partition(".")[0] or "name": str(problem.message) for problem in refused.errors}


def named(post: QueryDict, *names: str) -> dict[str, Any]:
    """Return the fields of these names that are filled in."""
    typed = {name: post.get(name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}


def words(post: QueryDict, name: str) -> list[str]:
    """Return the words of a field, however they are separated."""
    typed = post.getlist(name)
    return " ".join(typed).replace("，", " ").replace("、", " ").replace(",", " ").split()
