"""Resident identity numbers (公民身份号码, GB 11643) and unified social credit codes (统一社会信用代码, GB 32100)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from django.utils.translation import gettext_lazy as _
from stdnum import numdb
from stdnum.cn import ric
from stdnum.cn import uscc as credit_code

from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.text import compact
from shuzheng.kernel.moment import today

LENGTH = 18
#: Greatest age in years that a number may tell.
OLDEST = 130
#: Residence permits of Hong Kong, Macao and Taiwan residents carry these instead of a county (国办发〔2018〕81号).
_PERMITS = frozenset({"810000", "820000", "830000"})
#: First digit of a foreign permanent resident's number (外国人永久居留身份证, since December 2023).
_FOREIGN = "9"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: Registration authority and kind of body: GB 32100-2015, table 1; the kinds of each authority.
_BODIES = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129", "8": "19", "9": "123",
    "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip


def resident_id(value: str) -> str:
    """Return an 18-digit resident identity number in capitals. Raises InvalidValue naming the wrong place."""
    number = compact(value)
    _require_shape(number)
    _require_place(number[:6])
    _require_birth(number)
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidValue(_("身份证号第 18 位校验码不符，请逐位核对，尤其是最后一位（X 为字母）。"))
    return number


def birth_date_of(number: str) -> date:
    """Return the date of birth that a valid resident identity number tells."""
    return ric.get_birth_date(number)


def sex_of(number: str) -> str:
    """Return the sex that a valid resident identity number tells, as a code of GB/T 2261.1: ``1`` or ``2``."""
    return "1" if int(number[16]) % 2 else "2"


def _require_shape(number: str) -> None:
    if len(number) == 15 and number.isdecimal():
        raise InvalidValue(_("15 位的旧身份证号已停止使用，请填写二代身份证上的 18 位号码。"))
    if len(number) != LENGTH:
        raise InvalidValue(_("身份证号应为 18 位，现在是 {length} 位，请核对有没有漏填或多填。"), length=len(number))
    wrong = re.search(r"[^0-9]", number[:-1])
    if wrong:
        place = wrong.start() + 1
        raise InvalidValue(_("身份证号第 {place} 位“{sign}”不是数字，请核对。"), place=place, sign=wrong[0])
    if not re.fullmatch(r"[0-9X]", number[-1]):
        raise InvalidValue(_("身份证号第 18 位只能是数字或字母 X，请核对最后一位。"))


def _require_place(place: str) -> None:
    if place in _PERMITS:
        return
    known = place[1:3] in _provinces() if place[0] == _FOREIGN else place[:4] in _prefectures()
    if not known:
        raise InvalidValue(_("身份证号前 6 位“{place}”不是已知的行政区划代码，请核对前 6 位。"), place=place)


def _require_birth(number: str) -> None:
    digits = number[6:14]
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        message = _("身份证号第 7 至 14 位“{digits}”不是真实的日期，请核对出生年月日。")
        raise InvalidValue(message, digits=digits) from None
    if born > today():
        raise InvalidValue(_("身份证号中的出生日期 {born} 还没有到，请核对第 7 至 14 位。"), born=born.isoformat())
    if today().year - born.year > OLDEST:
        raise InvalidValue(_("身份证号中的出生年份 {year} 过早，请核对第 7 至 10 位。"), year=born.year)


@cache
def _prefectures() -> frozenset[str]:
    """Return the first four digits of every county code that was ever assigned.

    No more is asked of a number: the years for which a code is recorded say nothing about who carries it, and a few
    development zones issued numbers under codes that no edition lists.
    """
    provinces = numdb.get("cn/loc").prefixes
    return frozenset(province[1] + county[1][:2] for province in provinces for county in province[4])


@cache
def _provinces() -> frozenset[str]:
    return frozenset(prefecture[:2] for prefecture in _prefectures())


def uscc(value: str) -> str:
    """Return an 18-character unified social credit code in capitals. Raises InvalidValue naming the wrong place."""
    code = compact(value)
    if len(code) != LENGTH:
        message = _("统一社会信用代码应为 18 位，现在是 {length} 位，请核对有没有漏填或多填。")
        raise InvalidValue(message, length=len(code))
    for place, sign in enumerate(code, 1):
        if sign not in _ALPHABET:
            message = _("统一社会信用代码第 {place} 位“{sign}”不对，代码中没有字母 I、O、S、V、Z 和其他符号，请核对。")
            raise InvalidValue(message, place=place, sign=sign)
    if code[1] not in _BODIES.get(code[0], ""):
        raise InvalidValue(_("统一社会信用代码前两位“{kind}”不是已知的机构类别，请核对前两位。"), kind=code[:2])
    if not code[2:8].isdecimal():
        raise InvalidValue(_("统一社会信用代码第 3 至 8 位应全是数字（登记机关区划代码），请核对。"))
    if code[-1] != credit_code.calc_check_digit(code):
        raise InvalidValue(_("统一社会信用代码第 18 位校验码不符，请逐位核对，尤其分清字母与数字。"))
    return code
