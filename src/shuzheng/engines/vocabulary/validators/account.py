"""Bank card numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.text import compact


def bank_card(value: str) -> str:
    """Return a bank card number of 13 to 19 digits whose check digit fits (ISO/IEC 7812-1). Raises InvalidValue."""
    number = compact(value)
    if not number.isdecimal():
        raise InvalidValue(_("银行卡号只有数字，请去掉其他符号。"))
    if not 13 <= len(number) <= 19:
        raise InvalidValue(_("银行卡号一般为 16 至 19 位，现在是 {length} 位，请核对。"), length=len(number))
    if not luhn.is_valid(number):
        raise InvalidValue(_("银行卡号校验位不符，有一位或两位填错了，请照卡面逐位核对。"))
    return number
