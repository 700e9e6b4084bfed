"""Data elements (数据元): the one declaration from which validation, masking, prefill and schemas follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from shuzheng.kernel.declaration import Declaration

Datatype = Literal[
    "text", "integer", "decimal", "money", "date", "datetime", "boolean", "code", "division", "geo_point", "file",
    "id_number", "uscc", "mobile", "landline", "phone", "email", "plate", "postcode", "bank_card",
]  # fmt: skip
#: Rules of ``trust.masking``; an architecture test holds the two lists together.
Masking = Literal[
    "", "none", "text_partial", "text_full", "person_name", "id_number", "mobile", "phone", "bank_account", "email",
    "plate", "date", "address",
]  # fmt: skip
#: Purposes of WCAG 2.2 criterion 1.3.5 (HTML autocomplete tokens) that government forms ask for.
Autocomplete = Literal[
    "", "name", "organization", "organization-title", "street-address", "address-level1", "address-level2",
    "address-level3", "postal-code", "country", "bday", "sex", "tel", "email", "url", "language", "photo",
]  # fmt: skip
NUMBERS = ("integer", "decimal", "money")
DATES = ("date", "datetime")
#: Most characters of a text whose element names no bound.
LONGEST = 10_000


class Element(Declaration):
    """A data element: what a field means, how it is written, how sensitive it is and who owns its truth."""

    title_en: str = ""
    #: One sentence that tells this element from its neighbours.
    definition: str = Field(min_length=4, max_length=500)
    datatype: Datatype
    #: Most and fewest characters.
    length: int | None = Field(default=None, ge=1, le=LONGEST)
    min_length: int = Field(default=0, ge=0)
    #: Regular expression that the whole text must match, and what to tell a person if it does not.
    pattern: str = ""
    pattern_hint: str = ""
    #: Bounds of a number, both inside; decimal places at most.
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)
    #: Bounds of a date, both inside: a day or ``today``.
    earliest: date | Literal["today"] | None = None
    latest: date | Literal["today"] | None = None
    #: List of the codes allowed (datatype ``code``).
    code_list: str = ""
    #: Code in the list ``measurement-unit``.
    unit: str = ""
    #: Level of the data after GB/T 43697: 1 public, 2 internal, 3 personal, 4 sensitive (encrypted at rest).
    level: int = Field(ge=1, le=4)
    #: Rule by which those who need not see the value see it.
    masking: Masking = ""
    #: Code in the list ``register``: the one source of this element's truth (一数一源).
    owner: str = ""
    examples: list[str] = Field(default=[], max_length=10)
    autocomplete: Autocomplete = ""

    @property
    def personal(self) -> bool:
        """Say whether reading a value is a read of personal data, which is recorded."""
        return self.level >= 3

    @property
    def encrypted(self) -> bool:
        """Say whether values must be encrypted at rest."""
        return self.level == 4

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"正则表达式有误：{error}") from error
        return pattern

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        rules: Mapping[str, bool] = {
            "datatype 为 code 时必须写 code_list，其他类型不写": (self.datatype == "code") != bool(self.code_list),
            "写了 pattern 就要写 pattern_hint，告诉人怎样改": bool(self.pattern) and not self.pattern_hint,
            "只有文本可以写 pattern": bool(self.pattern) and self.datatype != "text",
            "只有数值可以写 minimum、maximum、decimals": self.datatype not in NUMBERS and self._bounded,
            "minimum 大于 maximum": self.minimum is not None
            and self.maximum is not None
            and self.minimum > self.maximum,
            "只有日期可以写 earliest、latest": self.datatype not in DATES and bool(self.earliest or self.latest),
            "min_length 大于 length": self.min_length > (self.length or LONGEST),
            "三级以上的数据必须写 masking": self.level >= 3 and self.masking in ("", "none"),
        }
        broken = [rule for rule, fails in rules.items() if fails]
        if broken:
            raise ValueError("；".join(broken))
        return self

    @property
    def _bounded(self) -> bool:
        return any(bound is not None for bound in (self.minimum, self.maximum, self.decimals))
