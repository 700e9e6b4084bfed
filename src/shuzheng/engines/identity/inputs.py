"""Pieces that several inputs of identity's actions are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Generic, Self, TypeVar

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.contact import mobile
from shuzheng.engines.vocabulary.validators.identity import resident_id, uscc
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today


def _checked(validate: Callable[[str], str]) -> AfterValidator:
    """Return pydantic's form of one of the vocabulary's validators; an empty text stays empty."""

    def check(text: str) -> str:
        try:
            return validate(text) if text else text
        except InvalidValue as wrong:
            raise ValueError(str(wrong)) from wrong

    return AfterValidator(check)


Name = Annotated[str, Field(min_length=1, max_length=100)]
#: 公民身份号码 with a right check character (GB 11643).
IdNumber = Annotated[str, Field(max_length=18), _checked(resident_id)]
#: 统一社会信用代码 with a right check character (GB 32100).
CreditCode = Annotated[str, Field(max_length=18), _checked(uscc)]
Mobile = Annotated[str, Field(max_length=20), _checked(mobile)]
ItemCodes = Annotated[list[Annotated[str, Field(min_length=1, max_length=120)]], Field(min_length=1, max_length=200)]


Day = TypeVar("Day", bound=date | None)


class _Span(Input, Generic[Day]):
    """From one day to another, both included."""

    valid_from: date = Field(default_factory=today)
    valid_to: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(_("截止日期不能早于开始日期。"))
        return self


class Period(_Span[date | None]):
    """From one day to another, both included; without a last day until it is ended."""

    valid_to: date | None = None


class LimitedPeriod(_Span[date]):
    """From one day to another that has to be named, both included."""
