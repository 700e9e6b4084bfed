"""One answer: from what was typed to its normal form, to JSON and back."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.forms.compiled import Question
from shuzheng.engines.vocabulary import validators
from shuzheng.engines.vocabulary.errors import InvalidValue, UnknownDivision
from shuzheng.engines.vocabulary.queries import division, path
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.fields import within

#: Most characters of one answer, whatever its element says.
LONGEST = 10_000
#: Most codes of a multiple choice.
MOST_CHOICES = 100
#: Halves of surrogate pairs, which no encoding stores.
_UNSTORABLE = re.compile("[\ud800-\udfff]")
_WRONG_SHAPE = _("填写的格式不对，请在页面上重新填写。")


class BadValue(ShuzhengError):
    """An answer does not fit its question; the message says how to mend it."""

    status = 422
    code = "bad-value"
    message = _WRONG_SHAPE


def is_blank(value: Any) -> bool:
    """Say whether nothing was answered."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(is_blank(part) for part in value.values())
    return value is None or value == []


def normalise(question: Question, raw: Any) -> Any:
    """Return the typed normal form of what was entered, ``None`` for a blank. Raises BadValue."""
    if is_blank(raw):
        return None
    if not question.multiple:
        return _one(question, raw)
    items = raw if isinstance(raw, list) else [raw]
    most = question.declared.file.max_count if question.element.datatype == "file" else MOST_CHOICES
    if len(items) > most:
        raise BadValue(_("最多 {most} 项，请减少。"), most=most)
    return list(dict.fromkeys(_one(question, item) for item in items if not is_blank(item))) or None


def _one(question: Question, raw: Any) -> Any:
    if question.element.datatype == "geo_point":
        return _point(question, raw)
    if isinstance(raw, dict | list):
        raise BadValue
    if isinstance(raw, str):
        check_text(raw)
    if question.options is not None and str(raw).strip() not in question.titles:
        raise BadValue(_("请从给出的选项中选择。"))
    if question.element.datatype == "file":
        return _file_id(raw)
    value = _by_element(question, raw)
    return None if question.declared.widget == "confirm" and value is not True else value


def check_text(text: str) -> None:
    """Refuse text that cannot be stored or is beyond every bound. Raises BadValue."""
    if len(text) > LONGEST:
        raise BadValue(_("最多 {most} 个字，请删减。"), most=LONGEST)
    if _UNSTORABLE.search(text):
        raise BadValue(_("含有无法保存的特殊字符，请删去后重新填写。"))


def _by_element(question: Question, raw: Any) -> Any:
    try:
        if question.element.datatype == "division":
            return _division(question, validators.normalise(question.element, raw))
        return validators.validate(question.element, raw)
    except (InvalidValue, UnknownDivision) as problem:
        raise BadValue(str(problem)) from problem


def _division(question: Question, code: str) -> str:
    wanted, found = question.declared.division, division(code)
    if found.valid_to is not None:
        raise BadValue(_("“{name}”已经撤并，请重新选择。"), name=found.full_name)
    if wanted.within and not within(path(code), path(wanted.within)):
        raise BadValue(_("请选择办理范围内的地区。"))
    if found.level < wanted.level:
        raise BadValue(_("请继续选到下一级。"))
    return code


def _point(question: Question, raw: Any) -> dict[str, float]:
    if isinstance(raw, dict):
        if not set(raw) <= {"longitude", "latitude"}:
            raise BadValue
        raw = (raw.get("longitude", ""), raw.get("latitude", ""))
    longitude, latitude = _by_element(question, raw)
    return {"longitude": longitude, "latitude": latitude}


def _file_id(raw: Any) -> str:
    try:
        return str(UUID(str(raw)))
    except ValueError:
        raise BadValue(_("没有找到这份文件，请重新上传。")) from None


def fit(question: Question, value: Any) -> Any:
    """Return a computed value in the precision of its element."""
    if value is None or isinstance(value, bool):
        return value
    if question.element.datatype == "integer":
        return int(Decimal(value).to_integral_value(ROUND_HALF_UP))
    if question.element.datatype in ("decimal", "money"):
        places = 2 if question.element.datatype == "money" else _places(question)
        return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return value


def _places(question: Question) -> int:
    return 6 if question.element.decimals is None else question.element.decimals


def plain(value: Any) -> Any:
    """Return the JSON form of an answer: dates as ISO 8601, decimals as text."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def revive(question: Question, value: Any) -> Any:
    """Return the typed form of a stored answer; what no longer fits its element comes back as it is."""
    restore = _RESTORE.get(question.element.datatype)
    if restore is None or value is None:
        return value
    try:
        return restore(value)
    except (ValueError, TypeError, InvalidOperation):
        return value


_RESTORE: dict[str, Any] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "integer": int,
    "decimal": Decimal,
    "money": Decimal,
}
