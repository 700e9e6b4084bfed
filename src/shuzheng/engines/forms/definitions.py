"""What a pack may declare for forms: kind ``form``, files ``forms/*.yaml``."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.forms.checking import check_form
from shuzheng.kernel.definition import Declaration, Kind, register

Audience = Literal["resident", "officer", "elder"]
Widget = Literal["radio", "select", "search", "textarea", "confirm"]
#: Names that expressions can use.
CODE = r"^[a-z][a-z0-9_]*$"
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


class Part(BaseModel):
    """Base of everything inside a form: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Wording(Part):
    """How a field is worded for one audience."""

    label: str = ""
    help: str = ""


class DivisionRange(Part):
    """Which divisions (区划) may be picked."""

    #: Code of the division to start under; empty means the whole country's data at hand.
    within: str = ""
    #: How far down a pick must go: 1 province, 2 city, 3 county, 4 township, 5 village.
    level: int = Field(default=5, ge=1, le=5)


class FileRule(Part):
    """Which files a file field takes."""

    #: Extensions without the dot.
    accept: list[str] = ["pdf", "jpg", "jpeg", "png"]
    max_mb: int = Field(default=20, ge=1, le=500)
    max_count: int = Field(default=5, ge=1, le=50)


class FormField(Part):
    """One question: a data element (数据元) and what this form says about it."""

    element: str
    #: Name of the answer; the element's code unless the form asks for the element twice.
    code: str = Field(default="", pattern=r"^$|" + CODE, max_length=60)
    label: str = Field(default="", max_length=100)
    help: str = Field(default="", max_length=500)
    required: bool | str = False
    when: str | bool = True
    default: Any = None
    computed: str = ""
    #: Name of a source of known answers, e.g. ``account.name``, ``party.uscc``.
    prefill: str = ""
    readonly: bool = False
    #: Other words for an audience.
    texts: dict[Audience, Wording] = {}
    width: Literal["full", "half", "third"] = "full"
    #: The codes offered, where not the whole code list.
    options: list[str] = []
    multiple: bool = False
    widget: Widget | None = None
    division: DivisionRange = DivisionRange()
    file: FileRule = FileRule()

    @property
    def name(self) -> str:
        """Return the name of the answer."""
        return self.code or _NOT_A_NAME.sub("_", self.element.lower()).strip("_")


class Repeat(Part):
    """A section that is filled in once per thing."""

    min: int = Field(default=0, ge=0, le=100)
    max: int = Field(default=20, ge=1, le=200)
    #: What one of them is called, e.g. 从业人员.
    item_title: str = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("重复组的最少项数大于最多项数")
        return self


class Section(Part):
    """Questions that belong together."""

    code: str = Field(pattern=CODE, max_length=60)
    title: str = Field(min_length=1, max_length=100)
    help: str = Field(default="", max_length=500)
    when: str | bool = True
    repeat: Repeat | None = None
    fields: list[FormField] = Field(min_length=1, max_length=100)


class CrossCheck(Part):
    """A condition over several answers."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    #: When the condition is asked for at all.
    when: str | bool = True
    #: What must not be false.
    assertion: str = Field(alias="assert")
    #: What the person reads: what is wrong and how to mend it.
    message: str = Field(min_length=1, max_length=200)
    #: The field at which the message stands.
    field: str


class Form(Declaration):
    """A form (表单): sections of data elements, with conditions, computed answers and checks."""

    help: str = ""
    sections: list[Section] = Field(min_length=1, max_length=50)
    checks: list[CrossCheck] = Field(default=[], max_length=100)


FORM = register(Kind(name="form", pattern="forms/*.yaml", model=Form, title=_("表单"), check=check_form))
