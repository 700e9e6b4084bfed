"""The service item (事项): what a government promises to do for whom, on which conditions, by when (GB/T 39554)."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from shuzheng.engines.casework.clock import ClockKind, ClockRule, check_promise, standard_rule
from shuzheng.engines.casework.definitions.parts import (
    Fee,
    ItemResult,
    LegalBasis,
    Limit,
    Limits,
    Material,
    Owner,
    Place,
    Question,
)
from shuzheng.engines.casework.letters.rules import LetterRule
from shuzheng.engines.documents.archive.rule import ArchiveRule
from shuzheng.kernel.declaration import Declaration


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
