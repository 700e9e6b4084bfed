"""Typed inputs of actions, and the messages people get when something in them is wrong."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, to_jsonable_python

from shuzheng.kernel.error import FieldProblem, InvalidInput

#: Message per pydantic error type; placeholders are filled from the error's context.
MESSAGES: dict[str, Any] = {
    "missing": _("这一项必须填写。"),
    "extra_forbidden": _("没有这一项，请删去。"),
    "string_too_long": _("最多 {max_length} 个字，请删减。"),
    "string_too_short": _("至少 {min_length} 个字，请补充。"),
    "too_short": _("至少要有 {min_length} 项。"),
    "too_long": _("最多 {max_length} 项。"),
    "int_parsing": _("请填写整数。"),
    "float_parsing": _("请填写数字。"),
    "decimal_parsing": _("请填写数字。"),
    "bool_parsing": _("请选择是或否。"),
    "date_from_datetime_parsing": _("日期不存在或格式不对，应如 2026-11-22。"),
    "date_parsing": _("日期不存在或格式不对，应如 2026-11-22。"),
    "datetime_parsing": _("时间格式不对，应如 2026-11-22T09:30。"),
    "datetime_from_date_parsing": _("时间格式不对，应如 2026-11-22T09:30。"),
    "uuid_parsing": _("编号格式不对，请从页面上重新选择。"),
    "enum": _("只能选择：{expected}。"),
    "literal_error": _("只能选择：{expected}。"),
    "greater_than_equal": _("不能小于 {ge}。"),
    "less_than_equal": _("不能大于 {le}。"),
    "greater_than": _("必须大于 {gt}。"),
    "less_than": _("必须小于 {lt}。"),
    "string_pattern_mismatch": _("格式不对，请核对。"),
    "value_error": _("{error}"),
}
FALLBACK = _("内容不符合要求，请核对后重填。")


#: Characters that neither the database nor a page can hold: control characters and halves of surrogate pairs.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
UNSTORABLE_TEXT = _("含有无法保存的字符（如控制字符），请删去后重新输入。")
UNSTORABLE_NUMBER = _("请填写一个普通的数字。")
TOO_DEEP = _("内容嵌套过深，请简化后再提交。")
#: Levels of lists and objects inside each other.
DEEPEST = 32
#: Digits of a whole number.
LONGEST_NUMBER = 10**18


class Input(BaseModel):
    """Base of every action's input: immutable, unknown fields refused, blanks around text removed.

    Text and numbers that could not be stored are refused wherever they stand, except in the fields of ``forgiven``.
    """

    #: Fields whose content the action cleans by itself, so that a person loses nothing.
    forgiven: ClassVar[frozenset[str]] = frozenset()
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        """Refuse what could not be stored. Raises InvalidInput, which pydantic lets through."""
        fields = data.items() if isinstance(data, dict) else ()
        found = [problem for name, part in fields if name not in cls.forgiven for problem in _unstorable(part, (name,))]
        if found:
            raise InvalidInput(*found)
        return data

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Validate raw data. Raises InvalidInput with one message per field."""
        try:
            return cls.model_validate(data)
        except ValidationError as failure:
            raise InvalidInput(*problems(failure)) from failure


def _unstorable(value: Any, path: tuple[object, ...]) -> Iterator[FieldProblem]:
    """Yield a problem for every part of raw data that JSON, PostgreSQL or a page cannot hold."""
    reason = _why_unstorable(value, len(path))
    if reason:
        yield FieldProblem(".".join(str(part) for part in path), str(reason))
    elif isinstance(value, dict):
        for key, part in value.items():
            if UNSTORABLE.search(str(key)):
                yield FieldProblem(".".join(str(part) for part in path), str(UNSTORABLE_TEXT))
            else:
                yield from _unstorable(part, (*path, key))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _unstorable(part, (*path, index))


def _why_unstorable(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return UNSTORABLE_TEXT if UNSTORABLE.search(value) else None
    if isinstance(value, float):
        return None if math.isfinite(value) else UNSTORABLE_NUMBER
    if isinstance(value, int):
        return None if abs(value) < LONGEST_NUMBER else UNSTORABLE_NUMBER
    return TOO_DEEP if depth > DEEPEST else None


def problems(failure: ValidationError) -> list[FieldProblem]:
    """Translate pydantic's findings into messages that say how to mend each field."""
    return [FieldProblem(".".join(str(part) for part in e["loc"]), _message(e)) for e in failure.errors()]


def _message(finding: ErrorDetails) -> str:
    context = {key: str(value) for key, value in (finding.get("ctx") or {}).items()}
    return str(MESSAGES.get(finding["type"], FALLBACK)).format_map(context)


def canonical_json(value: Any) -> bytes:
    """Return the canonical UTF-8 JSON of a value: sorted keys, no blanks, no escapes beyond JSON's own."""
    return json.dumps(to_jsonable_python(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        errors="surrogatepass"
    )


def canonical_digest(value: Any) -> str:
    """Return the SM3 (GB/T 32905) of a value's canonical JSON, in hexadecimal."""
    return hashlib.new("sm3", canonical_json(value)).hexdigest()
