"""What a service item (事项) is made of: its limits, materials, laws, owner, fees, results and places."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.casework.clock import ExtensionRule, Unit
from shuzheng.engines.casework.clock.limit import parse_limit


class Part(BaseModel):
    """Base of what a service item is made of: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Level = Literal["province", "city", "county", "township"]
#: Ten years, as the longest limit in days has it.
LONGEST_MONTHS = 120


class Limit(Part):
    """A limit (时限): so many units. In YAML also as offices write it, e.g. ``20个工作日`` or ``即办``."""

    amount: int = Field(ge=1, le=3650)
    unit: Unit = Unit.WORKING_DAY

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parsed = parse_limit(value)
        if parsed is None:
            raise ValueError(f"看不懂时限“{value}”，请写成“20个工作日”“60天”“3个月”“24小时”或“即办”。")
        return {"amount": parsed[0], "unit": parsed[1]}

    @model_validator(mode="after")
    def _within_ten_years(self) -> Self:
        if self.unit is Unit.MONTH and self.amount > LONGEST_MONTHS:
            raise ValueError("时限最长十年。")
        return self


class Material(Part):
    """A material that an applicant must or may hand in (申请材料)."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)
    title: str = Field(max_length=300)
    #: tolerable: may follow within the days given (容缺受理).
    need: Literal["required", "optional", "tolerable"] = "required"
    #: Where it comes from; all but ``upload`` spare the applicant something.
    sources: tuple[Literal["upload", "credential", "shared", "commitment"], ...] = ("upload",)
    #: Code of the type of e-licence that replaces the paper, where ``credential`` is a source.
    replaced_by: str = ""
    form: str = ""
    copies: int = Field(default=1, ge=0, le=20)
    note: str = ""
    #: Expression over the answers; the material is asked for only if it holds.
    when: str = ""

    @property
    def spared(self) -> bool:
        """Say whether government has it already, so that nothing need be handed in."""
        return "shared" in self.sources


class LegalBasis(Part):
    """A law on which the item rests (设定依据)."""

    law: str = Field(max_length=300)
    article: str = ""
    text: str = ""


class Owner(Part):
    """Whose duty the item is (实施主体)."""

    #: Kind of bureau, e.g. ``market-regulation``; the unit of that kind in the case's division handles it.
    unit: str = Field(max_length=60)
    #: Name as published, where it differs from the unit's.
    name: str = ""
    levels: tuple[Level, ...] = ("county",)
    #: Division to which the item is limited; empty means every division of the levels.
    division: str = Field(default="", pattern=r"^(\d{12})?$")
    #: Handled for people of any place (通办、跨域通办); otherwise an application is made where the owner serves.
    anywhere: bool = False
    partners: tuple[str, ...] = ()


class Fee(Part):
    """A fee (收费), with its standard and basis."""

    title: str
    standard: str
    basis: str = ""


class ItemResult(Part):
    """What the applicant gets (办理结果)."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    kind: Literal["licence", "approval", "certificate", "payment", "letter", "none"] = "approval"
    #: Years of validity; none means without end.
    valid_years: int | None = Field(default=None, ge=1, le=100)


class Question(Part):
    """A frequent question and its answer."""

    question: str
    answer: str


class Place(Part):
    """A window where the item can be handled in person."""

    title: str
    address: str = ""
    hours: str = ""
    phone: str = ""


class Limits(Part):
    """The item's limits; clocks are made from them."""

    statutory: Limit | None = None
    promised: Limit | None = None
    #: From filing to the decision whether to accept (行政许可法 §32: on the spot or within five days).
    acceptance: Limit = Limit(amount=5)
    #: Extension allowed by law (行政许可法 §42: ten days, approved by the head of the organ).
    extension: ExtensionRule | None = None
    #: Grounds of suspension beyond the general ones, with their law, as the clock's ``stops``.
    stops: tuple[Any, ...] = ()

    @property
    def immediate(self) -> bool:
        """Say whether the item is decided at the counter (即办件)."""
        return self.promised is not None and self.promised.unit in (Unit.HOUR, Unit.WORKING_HOUR)
