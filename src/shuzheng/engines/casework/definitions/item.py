"""The service item (事项): what a government promises to do for whom, on which conditions, by when (GB/T 39554)."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.casework.clock import ClockKind, ClockRule, ExtensionRule, Unit, check_promise, standard_rule
from shuzheng.engines.casework.clock.limit import parse_limit
from shuzheng.engines.casework.letters.rules import LetterRule
from shuzheng.engines.documents.archive.rule import ArchiveRule
from shuzheng.kernel.declaration import Declaration


class Part(BaseModel):
    """Base of what a service item is made of: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ItemKind(StrEnum):
    """Kinds of service items (事项类型)."""

    LICENCE = "licence"
    BENEFIT = "benefit"
    CONFIRMATION = "confirmation"
    LEVY = "levy"
    ADJUDICATION = "adjudication"
    REWARD = "reward"
    INSPECTION = "inspection"
    OTHER = "other"
    PUBLIC_SERVICE = "public-service"


ITEM_KINDS: dict[ItemKind, Any] = {
    ItemKind.LICENCE: _("行政许可"),
    ItemKind.BENEFIT: _("行政给付"),
    ItemKind.CONFIRMATION: _("行政确认"),
    ItemKind.LEVY: _("行政征收"),
    ItemKind.ADJUDICATION: _("行政裁决"),
    ItemKind.REWARD: _("行政奖励"),
    ItemKind.INSPECTION: _("行政检查"),
    ItemKind.OTHER: _("其他行政权力"),
    ItemKind.PUBLIC_SERVICE: _("公共服务"),
}
ApplicantKind = Literal["person", "company", "institution", "organisation", "sole-trader"]
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


class ServiceItemDefinition(Declaration):
    """A service item as a pack declares it or an importer reads it."""

    #: 31-part national code (国家基本目录实施编码), where there is one.
    national_code: str = Field(default="", max_length=60)
    #: Four letters or digits inside case numbers; derived from the code when empty.
    number_code: str = Field(default="", pattern=r"^([A-Z0-9]{4})?$")
    kind: ItemKind
    #: What people ask for most (常办): shown first, before any count of use.
    everyday: bool = False
    owner: Owner
    #: One sentence in residents' words.
    summary: str = Field(default="", max_length=500)
    #: How residents call it.
    aliases: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    applicants: tuple[ApplicantKind, ...] = ("person",)
    conditions: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()
    limits: Limits = Limits()
    legal_basis: tuple[LegalBasis, ...] = ()
    fees: tuple[Fee, ...] = ()
    results: tuple[ItemResult, ...] = ()
    channels: tuple[Literal["web", "app", "window", "kiosk", "hotline"], ...] = ("web", "app", "window")
    places: tuple[Place, ...] = ()
    steps: tuple[str, ...] = ()
    faq: tuple[Question, ...] = ()
    phone: str = ""
    complaint_phone: str = ""
    form: str = "generic-matter"
    process: str = "generic-matter"
    #: Lowest level of assurance of the applicant's sign-in.
    assurance: int = Field(default=2, ge=1, le=4)
    #: A relative may apply for the person concerned under a mandate.
    by_relative: bool = True
    secrecy: Literal["public", "internal", "sensitive"] = "internal"
    #: Letters that differ from what every item gives, one rule an occasion; see ``letters/rules.py``.
    letters: tuple[LetterRule, ...] = ()
    #: How closed cases are archived; what is not said errs on the side of keeping.
    archive: ArchiveRule = ArchiveRule()
    #: Where the item's text comes from, for imported ones.
    source: str = ""
    synthetic: bool = False

    @model_validator(mode="after")
    def _promise_keeps_the_law(self) -> Self:
        if self.limits.promised and self.limits.statutory:
            check_promise(self.clock_rules["promised"], self.clock_rules["statutory"])
        return self

    @model_validator(mode="after")
    def _materials_differ(self) -> Self:
        codes = [material.code for material in self.materials]
        if len(set(codes)) < len(codes):
            raise ValueError("两份材料用了同一个代码（code），请改用不同的代码。")
        return self

    @model_validator(mode="after")
    def _letters_differ(self) -> Self:
        occasions = [rule.occasion for rule in self.letters]
        if len(set(occasions)) < len(occasions):
            raise ValueError("同一环节的文书（letters）写了两次，请只保留一条。")
        return self

    @cached_property
    def clock_rules(self) -> dict[str, ClockRule]:
        """Return the rules of the case's clocks by code: ``acceptance``, ``statutory``, ``promised``."""
        return {code: rule for code, rule in self._rules() if rule is not None}

    def _rules(self) -> list[tuple[str, ClockRule | None]]:
        limits, licence = self.limits, self.kind is ItemKind.LICENCE
        acceptance = standard_rule(
            ClockKind.STATUTORY,
            limits.acceptance.amount,
            limits.acceptance.unit,
            code="acceptance",
            title="受理时限",
            title_en="Limit for acceptance",
            starts_on="filed",
            basis="《行政许可法》第三十二条" if licence else "",
            lapse="deemed_accepted" if licence else "escalate",
        )
        return [
            ("acceptance", acceptance),
            ("statutory", self._rule(ClockKind.STATUTORY, limits.statutory)),
            ("promised", self._rule(ClockKind.PROMISED, limits.promised)),
        ]

    def _rule(self, kind: ClockKind, limit: Limit | None) -> ClockRule | None:
        if limit is None:
            return None
        usual = standard_rule(kind, limit.amount, limit.unit, code=str(kind))
        fields: dict[str, Any] = {"extension": self.limits.extension}
        if self.limits.stops:
            fields["stops"] = (*usual.stops, *self.limits.stops)
        return ClockRule.model_validate({**usual.model_dump(), **fields})
