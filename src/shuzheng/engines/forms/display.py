"""How people read an answer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuzheng.engines.forms.compiled import Question
from shuzheng.engines.trust.masking import mask, rule_for
from shuzheng.engines.vocabulary.queries import display
from shuzheng.kernel.moment import local


def show(question: Question, value: Any, *, masked: bool = False) -> str:
    """Return an answer in words: codes by name, days as 2026年11月22日, amounts with their unit; masked if asked."""
    if value is None or value == "" or value == []:
        return ""
    if masked:
        return mask(_unmasked(question, value), rule_for(question.element.level, question.element.masking))
    return _unmasked(question, value)


def _unmasked(question: Question, value: Any) -> str:
    if question.element.datatype == "file":
        return _("{count} 份文件").format(count=len(value))
    if isinstance(value, list):
        return "、".join(_unmasked(question, item) for item in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        moment = local(value)
        return f"{_day(moment)} {moment:%H:%M}"
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, dict):
        return _point(value)
    return _other(question, value)


def _day(day: date) -> str:
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def _point(value: dict[str, Any]) -> str:
    return _("东经 {longitude}°，北纬 {latitude}°").format(**value)


def _other(question: Question, value: Any) -> str:
    if question.options is not None:
        return question.titles.get(str(value), str(value))
    if isinstance(value, Decimal) and question.element.datatype == "money":
        return _("{amount} 元").format(amount=f"{value:,.2f}")
    return display(question.element, value)
