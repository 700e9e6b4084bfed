"""Which control an answer is given with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuzheng.engines.forms.compiled import Question
from shuzheng.engines.vocabulary.code_list import Code
from shuzheng.engines.vocabulary.queries import ancestors, children, division
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import local, today

#: Up to so many codes are shown as buttons, and up to so many as a list; beyond that they are searched.
RADIOS, LISTED, FOUND = 6, 60, 15
#: Texts longer than this get several lines.
ONE_LINE = 60
_BY_DATATYPE = {
    "boolean": "radio",
    "date": "date",
    "datetime": "datetime",
    "division": "division",
    "geo_point": "place",
    "file": "files",
}
_INPUT_TYPES = {"email": "email", "mobile": "tel", "landline": "tel", "phone": "tel"}
_INPUT_MODES = {
    "integer": "numeric",
    "decimal": "decimal",
    "money": "decimal",
    "postcode": "numeric",
    "bank_card": "numeric",
}


@dataclass(frozen=True)
class Choice:
    """One option as the page shows it."""

    code: str
    title: str
    selected: bool = False


@dataclass(frozen=True)
class Level:
    """One list of the division picker."""

    number: int
    choices: tuple[Choice, ...]


def widget_of(question: Question) -> str:
    """Return the name of the control: text, textarea, select, radio, checks, confirm, search, date, division …"""
    declared = question.declared
    if question.options is not None:
        return _widget_of_codes(question)
    if declared.widget in ("textarea", "confirm"):
        return declared.widget
    if question.element.datatype in _BY_DATATYPE:
        return _BY_DATATYPE[question.element.datatype]
    long = question.element.datatype == "text" and (question.element.length or 0) > ONE_LINE
    return "textarea" if long and question.element.autocomplete != "street-address" else "text"


def _widget_of_codes(question: Question) -> str:
    if question.declared.multiple:
        return "checks"
    if question.declared.widget in ("radio", "select", "search"):
        return question.declared.widget
    count = len(question.options or ())
    return "radio" if count <= RADIOS else "select" if count <= LISTED else "search"


def grouped(widget: str) -> bool:
    """Say whether a control consists of several inputs under one legend."""
    return widget in ("radio", "checks", "search", "division")


def input_type(question: Question) -> str:
    """Return the ``type`` of a text input."""
    return _INPUT_TYPES.get(question.element.datatype, "text")


def input_mode(question: Question) -> str:
    """Return the ``inputmode``, which chooses the keyboard of a phone."""
    return _INPUT_MODES.get(question.element.datatype, "")


def written(question: Question, value: Any) -> str:
    """Return a typed or raw value as the control writes it."""
    if value is None:
        return ""
    if question.element.datatype == "datetime" and hasattr(value, "tzinfo"):
        return f"{local(value):%Y-%m-%dT%H:%M}"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def choices(question: Question, chosen: list[str], search: str | None) -> tuple[Choice, ...]:
    """Return the options to show; of a long list those that were searched for, and always what is chosen."""
    if question.element.datatype == "boolean":
        return (Choice("1", _("是"), "1" in chosen), Choice("0", _("否"), "0" in chosen))
    options = question.options or ()
    if widget_of(question) == "search":
        options = _found(options, chosen, (search or "").strip())
    day = today()
    return tuple(Choice(o.code, o.name, o.code in chosen) for o in options if o.code in chosen or o.valid_on(day))


def _found(options: tuple[Code, ...], chosen: list[str], search: str) -> tuple[Code, ...]:
    """Return what is chosen, then matches by code or by every word of the name."""
    words = search.split()
    hits = [o for o in options if words and (o.code.startswith(search) or all(word in o.name for word in words))]
    own = [o for o in options if o.code in chosen]
    return tuple(own + [o for o in hits if o not in own][:FOUND])


def division_levels(question: Question, code: str) -> tuple[Level, ...]:
    """Return the lists of the division picker, from the top of the range down to the level that is wanted.

    A list with a single division is answered by itself.
    """
    wanted = question.declared.division
    chosen = _chain(code)
    parent = division(wanted.within) if wanted.within else None
    levels: list[Level] = []
    while (parent.level if parent else 0) < wanted.level:
        below = children(parent.code if parent else "", size=500).items
        if not below:
            break
        pick = next((d for d in below if d.code in chosen), below[0] if len(below) == 1 else None)
        levels.append(Level(below[0].level, tuple(Choice(d.code, d.name, d is pick) for d in below)))
        if pick is None:
            break
        parent = pick
    return tuple(levels)


def _chain(code: str) -> Mapping[str, Any]:
    """Return the chosen division and those above it, by code; nothing for an unknown one."""
    try:
        return {d.code: d for d in (*ancestors(code), division(code))} if code else {}
    except NotFound:
        return {}
