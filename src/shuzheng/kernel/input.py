"""Typed inputs of actions, and the messages people get when something in them is wrong."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError
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


class Input(BaseModel):
    """Base of every action's input: immutable, unknown fields refused, blanks around text removed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Validate raw data. Raises InvalidInput with one message per field."""
        try:
            return cls.model_validate(data)
        except ValidationError as failure:
            raise InvalidInput(*problems(failure)) from failure

    def digest(self) -> str:
        """Return the SM3 of the canonical JSON of this input (hex)."""
        return canonical_digest(self.model_dump(mode="json"))


def problems(failure: ValidationError) -> list[FieldProblem]:
    """Translate pydantic's findings into messages that say how to mend each field."""
    return [FieldProblem(".".join(str(part) for part in e["loc"]), _message(e)) for e in failure.errors()]


def _message(finding: ErrorDetails) -> str:
    context = {key: str(value) for key, value in (finding.get("ctx") or {}).items()}
    return str(MESSAGES.get(finding["type"], FALLBACK)).format_map(context)


def canonical_json(value: Any) -> bytes:
    """Return the canonical UTF-8 JSON of a value: sorted keys, no blanks, no escapes beyond JSON's own."""
    return json.dumps(to_jsonable_python(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def canonical_digest(value: Any) -> str:
    """Return the SM3 (GB/T 32905) of a value's canonical JSON, in hexadecimal."""
    return hashlib.new("sm3", canonical_json(value)).hexdigest()
