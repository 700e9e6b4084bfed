"""Text, and values that are written as a word."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.element import LONGEST, Element
from shuzheng.engines.vocabulary.errors import InvalidValue

#: Control characters that no form needs; line breaks and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
#: Full-width letters and digits; punctuation stays, because Chinese text is written with full-width punctuation.
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()}
_SYMBOLS = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0x2212: 0x2D,
    0x2014: 0x2D,
    0x2013: 0x2D,
}
_YES = frozenset({"1", "true", "yes", "on", "是"})
_NO = frozenset({"0", "false", "no", "off", "否"})


def clean(value: Any) -> str:
    """Return a value as text in composed form (NFC): half-width letters and digits, no control characters, trimmed."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ",".join(str(part) for part in value)
    written = unicodedata.normalize("NFC", "" if value is None else str(value))
    return _CONTROL.sub("", written.replace("\r\n", "\n").translate(_HALF_WIDTH)).strip()


def half_width(value: str) -> str:
    """Return a text in which punctuation, too, is half-width."""
    return value.translate(_SYMBOLS)


def compact(value: str) -> str:
    """Return a number as it is stored: half-width, without blanks and dashes, letters in capitals."""
    return re.sub(r"[\s\-]", "", half_width(value)).upper()


def text(element: Element, value: str) -> str:
    """Return a text within its bounds that matches its pattern. Raises InvalidValue."""
    longest = element.length or LONGEST
    if len(value) > longest:
        excess = len(value) - longest
        raise InvalidValue(_("最多 {longest} 个字，现在多了 {excess} 个，请删减。"), longest=longest, excess=excess)
    if len(value) < element.min_length:
        raise InvalidValue(_("至少 {shortest} 个字，请补充完整。"), shortest=element.min_length)
    if element.pattern and not re.fullmatch(element.pattern, value):
        value = half_width(value)
        if not re.fullmatch(element.pattern, value):
            raise InvalidValue(_("格式不对：{hint}。"), hint=element.pattern_hint)
    return value


def code(value: str) -> str:
    """Return a code as it is written; whether it is in its list is asked elsewhere."""
    return value


def boolean(value: str) -> bool:
    """Return whether the answer is yes. Raises InvalidValue."""
    word = value.lower()
    if word not in _YES | _NO:
        raise InvalidValue(_("请选择“是”或“否”。"))
    return word in _YES


def file(value: str) -> str:
    """Return the name or id of a stored file; whether it exists is the documents' matter."""
    try:
        return str(UUID(value))
    except ValueError:
        return text_of_file_name(value)


def text_of_file_name(value: str) -> str:
    """Return a plain file name. Raises InvalidValue where it is a path or too long."""
    if "/" in value or "\\" in value or len(value) > 255:
        raise InvalidValue(_("文件名不对，请重新选择文件上传。"))
    return value
