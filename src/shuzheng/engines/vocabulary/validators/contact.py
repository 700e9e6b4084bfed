"""Mobile and landline numbers, e-mail addresses, postcodes and licence plates."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.text import compact, half_width

#: First three digits that the Telecommunications Numbering Plan (电信网编号计划) has not given to subscribers.
_UNASSIGNED = frozenset({"140", "142", "143", "154", "160", "161", "163", "164", "168", "169", "179", "194"})
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
#: Area code 010, 02x or 0xxx, then seven or eight digits, then perhaps an extension.
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?([2-9]\d{6,7})(?:-?(?:转|EXT\.?|#|x)?-?(\d{1,6}))?", re.IGNORECASE)
#: Service numbers: 400 and 800 lines, and short codes such as 12345 and 95588.
_SERVICE = re.compile(r"[48]00\d{7}|1[12]\d{1,4}|9[56]\d{3,6}")
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_LETTERS = "A-HJ-NP-Z"
#: Usual plates; police, coach, trailer, and border plates end in a word (GA 36-2018).
_PLATE = re.compile(rf"[{_PROVINCES}][A-Z](?:[{_LETTERS}0-9]{{5}}|[{_LETTERS}0-9]{{4}}[警学挂港澳试超领])")
#: New-energy plates: a letter D or F… before five places (small) or after five digits (large).
_NEW_ENERGY = re.compile(rf"[{_PROVINCES}][A-Z](?:[ABCDEFGHJK][{_LETTERS}0-9]\d{{4}}|\d{{5}}[ABCDEFGHJK])")


def mobile(value: str) -> str:
    """Return an 11-digit mobile number without country code. Raises InvalidValue."""
    number = _COUNTRY.sub("", compact(value))
    if not number.isdecimal():
        raise InvalidValue(_("手机号码只能有数字，请去掉其他符号。"))
    if len(number) != 11:
        raise InvalidValue(_("手机号码应为 11 位，现在是 {length} 位，请核对。"), length=len(number))
    if not re.match(r"1[3-9]", number) or number[:3] in _UNASSIGNED:
        raise InvalidValue(_("没有以“{segment}”开头的手机号码，请核对前 3 位。"), segment=number[:3])
    return number


def landline(value: str) -> str:
    """Return a landline number as 0797-8391234 or 0797-8391234-801. Raises InvalidValue."""
    match = _LANDLINE.fullmatch(_dialled(value))
    if not match:
        raise InvalidValue(_("固定电话应带区号，例如 0797-8391234，分机号写在最后：0797-8391234-801。"))
    return "-".join(part for part in match.groups() if part)


def phone(value: str) -> str:
    """Return a mobile, landline or service number. Raises InvalidValue."""
    number = _COUNTRY.sub("", compact(value))
    if re.fullmatch(r"1[3-9]\d{9}", number):
        return mobile(number)
    if _SERVICE.fullmatch(number):
        return number
    try:
        return landline(value)
    except InvalidValue:
        message = _("请填写 11 位手机号码，或带区号的固定电话，例如 0797-8391234。")
        raise InvalidValue(message) from None


def _dialled(value: str) -> str:
    """Return a number with only the dashes that part it: (0797) 839 1234 → 0797-8391234."""
    text = re.sub(r"\s", "", half_width(value))
    text = re.sub(r"^\(?(?:\+|00)86\)?-?", "", text)
    return re.sub(r"^\((0?\d+)\)", lambda area: "0" + area[1].lstrip("0") + "-", text)


def email(value: str) -> str:
    """Return an e-mail address with its host in small letters. Raises InvalidValue."""
    address = re.sub(r"\s", "", half_width(value)).replace("。", ".")
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidValue(_("电子邮箱不完整，应如 name@example.com，请核对“@”前后的内容。")) from None
    name, _at, host = address.rpartition("@")
    return f"{name}@{host.lower()}"


def postcode(value: str) -> str:
    """Return a six-digit postcode (GB/T 33357 first two digits: province 01 to 86). Raises InvalidValue."""
    code = compact(value)
    if not re.fullmatch(r"[0-9]{6}", code):
        raise InvalidValue(_("邮政编码应为 6 位数字，请核对。"))
    if not 1 <= int(code[:2]) <= 86:
        raise InvalidValue(_("没有以“{head}”开头的邮政编码，请核对前两位。"), head=code[:2])
    return code


def plate(value: str) -> str:
    """Return a licence plate (GA 36), new-energy ones included, in capitals. Raises InvalidValue."""
    number = re.sub(r"[·•.]", "", compact(value))
    if _PLATE.fullmatch(number) or _NEW_ENERGY.fullmatch(number):
        return number
    if number[:1] not in _PROVINCES:
        raise InvalidValue(_("车牌号第 1 位应为省份简称，例如“赣”，请核对。"))
    if len(number) not in (7, 8):
        message = _("车牌号应为 7 位，新能源汽车为 8 位，现在是 {length} 位，请核对。")
        raise InvalidValue(message, length=len(number))
    if set(number) & {"I", "O"}:
        raise InvalidValue(_("车牌号中没有字母 I 和 O，可能是数字 1 和 0，请核对。"))
    raise InvalidValue(_("车牌号格式不对，应如“赣B12345”，新能源如“赣BD12345”，请核对。"))
