"""One thing that a person fills in for an act, and those that many acts ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.queries.act_choices import Options

FieldKind = Literal["text", "textarea", "date", "number", "choice", "lines", "unit", "units", "wanted", "yesno"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to fill in; ``name`` is the name in the action's input."""

    name: str
    label: Any
    kind: FieldKind = "textarea"
    required: bool = True
    help: Any = ""
    options: Options = ()
    #: Standard texts to start from.
    phrases: tuple[Any, ...] = ()
    value: Any = ""


REASON = Field(name="reason", label=_("原因"))
DAYS = Field(name="days", label=_("几个工作日内答复"), kind="number", value=3)
