"""What a service item says about archiving its cases (归档规则, DA/T 85-2019 §6): class, retention, and from when it counts."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PERMANENT = "永久"
_YEARS = re.compile(r"([1-9]\d?)年")
#: Codes of retention in the archival number (DA/T 22).
CODES = {PERMANENT: "Y"}


class Way(StrEnum):
    """From what retention counts: the nine source dates."""

    CLOSED = "closed"
    PARENT_CLOSED = "parent-closed"
    RELATED_CLOSED = "related-closed"
    PERIOD = "period-after-closing"
    ANSWER = "answer"
    OBJECT = "object"
    DECISION_EFFECTIVE = "decision-effective"
    DECISION_EXPIRED = "decision-expired"
    EVENT = "event"


WAYS = {
    Way.CLOSED: _("办结之日"),
    Way.PARENT_CLOSED: _("上级办件办结之日"),
    Way.RELATED_CLOSED: _("关联办件全部办结之日"),
    Way.PERIOD: _("办结后满规定期间之日"),
    Way.ANSWER: _("申请表载明的日期"),
    Way.OBJECT: _("所涉事物的最后日期"),
    Way.DECISION_EFFECTIVE: _("决定生效之日"),
    Way.DECISION_EXPIRED: _("证照有效期届满之日"),
    Way.EVENT: _("法定事件发生之日"),
}
Role = Literal["form", "material", "letter", "licence", "process"]


def _as_offices_write(text: str) -> str:
    if text != PERMANENT and not _YEARS.fullmatch(text):
        raise ValueError("保管期限写作“永久”“30年”“10年”，或者其他年数加“年”。")
    return text


def years_of(retention: str) -> int | None:
    """Return the years of a retention as offices write it; nothing for one without end."""
    found = _YEARS.fullmatch(retention)
    return int(found[1]) if found else None


def code_of(retention: str) -> str:
    """Return the code of a retention in archival numbers: Y, D30, D10."""
    return CODES.get(retention) or f"D{years_of(retention)}"


class Start(BaseModel):
    """The source date: which way, and what that way needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    way: Way = Way.CLOSED
    #: For ``answer`` the form's field, for ``object`` the date's name in what the case is about.
    field: str = Field(default="", max_length=100)
    #: For ``period-after-closing``: months until the matter itself is over.
    months: int = Field(default=0, ge=0, le=1200)
    #: For ``event``: what must have happened; a person enters its day.
    event: str = Field(default="", max_length=100)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs = {Way.ANSWER: "field", Way.OBJECT: "field", Way.PERIOD: "months", Way.EVENT: "event"}
        missing = needs.get(self.way)
        if missing and not getattr(self, missing):
            raise ValueError(f"起算方式“{self.way}”还要写明 {missing}。")
        spare = [name for name in ("field", "months", "event") if name != missing and getattr(self, name)]
        if spare:
            raise ValueError(f"起算方式“{self.way}”用不到 {spare[0]}，请删去。")
        return self


class ArchiveRule(BaseModel):
    """How the cases of a service item are archived. What an item does not say errs on the side of keeping."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    #: 门类: kind of archives, e.g. ZWFW for government services.
    category: str = Field(default="ZWFW", pattern=r"^[A-Z]{2,8}$")
    #: 分类号 within the fonds.
    classification: str = Field(default="", max_length=30, pattern=r"^[A-Z0-9.-]*$")
    retention: Annotated[str, AfterValidator(_as_offices_write)] = PERMANENT
    #: What happens when retention is over: kept for good and handed to the archives, or proposed for destruction.
    nomination: Literal["keep", "destroy"] = "keep"
    starts: Start = Start()
    #: PackagesCounted from the first of January after the source date, as year-by-year filing does.
    from_next_year: bool = True
    #: 密级; empty takes the case's own.
    secrecy: Literal["", "public", "internal", "sensitive"] = ""
    #: Which documents belong to the package (归档范围).
    documents: tuple[Role, ...] = ("form", "material", "letter", "licence", "process")
    #: Where the retention comes from, e.g. the table that the archives approved.
    basis: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _what_is_permanent_is_kept(self) -> Self:
        if self.retention == PERMANENT and self.nomination == "destroy":
            raise ValueError("保管期限为永久的档案不能列为到期销毁。")
        return self
