"""Whole numbers, decimals and money."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.text import half_width

#: Most digits before the point; more cannot be meant.
DIGITS = 18
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
#: Digits grouped in thousands: 1,280.00.
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def integer(element: Element, value: str) -> int:
    """Return a whole number within its bounds. Raises InvalidValue."""
    number = _number(value)
    if number != number.to_integral_value():
        raise InvalidValue(_("请填写整数，不带小数。"))
    _require_bounds(element, number)
    return int(number)


def decimal(element: Element, value: str) -> Decimal:
    """Return a number within its bounds and decimal places. Raises InvalidValue."""
    places = 6 if element.decimals is None else element.decimals
    number = _number(value)
    if number != round(number, places):
        raise InvalidValue(_("最多保留 {places} 位小数，请四舍五入后填写。"), places=places)
    _require_bounds(element, number)
    return number


def money(element: Element, value: str) -> Decimal:
    """Return an amount with two decimal places. Raises InvalidValue."""
    amount = _number(re.sub(r"^[¥￥]|元$", "", value.strip()))
    exact = round(amount, 2)
    if exact != amount:
        raise InvalidValue(_("金额最多到分（两位小数），请核对。"))
    _require_bounds(element, exact)
    return exact


def _number(value: str) -> Decimal:
    written = re.sub(r"\s", "", half_width(value))
    if _GROUPED.fullmatch(written):
        written = written.replace(",", "")
    if not _NUMBER.fullmatch(written):
        raise InvalidValue(_("请填写数字，例如 12 或 12.5，不写单位。"))
    if len(written.split(".")[0].lstrip("+-0")) > DIGITS:
        raise InvalidValue(_("数字太大，请核对是不是多填了几位。"))
    return Decimal(written)


def _require_bounds(element: Element, number: Decimal) -> None:
    if element.minimum is not None and number < element.minimum:
        raise InvalidValue(_("不能小于 {minimum}，请核对。"), minimum=element.minimum)
    if element.maximum is not None and number > element.maximum:
        raise InvalidValue(_("不能大于 {maximum}，请核对。"), maximum=element.maximum)
