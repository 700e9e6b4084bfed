"""Template library ``citizen``: limits, themes and titles in the person's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shuzheng.engines.casework.clock import Unit
from shuzheng.engines.casework.definitions.item import ITEM_KINDS
from shuzheng.engines.casework.definitions.parts import Limit
from shuzheng.portals.citizen.lines import StatusLine, line_of
from shuzheng.portals.citizen.themes import icon_of

register = template.Library()
#: Colours of neighbouring tiles.
TONES = ("red", "blue", "green", "amber", "blue")


@register.filter
def limit(value: Limit | Any) -> str:
    """Write a limit (``amount`` and ``unit``) as 20 个工作日, 60 天, 3 个月 or 即办."""
    if value is None:
        return ""
    if value.unit in (Unit.HOUR, Unit.WORKING_HOUR) and value.amount == 1:
        return _("当场办结")
    if value.unit is Unit.MONTH and value.amount % 12 == 0:
        return ngettext("{n} 年", "{n} 年", value.amount // 12).format(n=value.amount // 12)
    units = {
        Unit.MONTH: ngettext("{n} 个月", "{n} 个月", value.amount),
        Unit.WORKING_DAY: ngettext("{n} 个工作日", "{n} 个工作日", value.amount),
        Unit.CALENDAR_DAY: ngettext("{n} 天", "{n} 天", value.amount),
        Unit.HOUR: ngettext("{n} 小时", "{n} 小时", value.amount),
        Unit.WORKING_HOUR: ngettext("{n} 个工作小时", "{n} 个工作小时", value.amount),
    }
    return units[value.unit].format(n=value.amount)


@register.filter
def kind_title(kind: str) -> Any:
    """Return the name of a kind of service items."""
    return next((title for code, title in ITEM_KINDS.items() if code == kind), kind)


@register.filter
def titled(entry: Any) -> str:
    """Return the name of a code in the language of the page."""
    english = (get_language() or "").startswith("en")
    return (entry.name_en if english else "") or entry.name


@register.filter
def theme_icon(code: str) -> str:
    """Return the icon of a theme."""
    return icon_of(code)


@register.filter
def tone(position: int) -> str:
    """Return the colour of a tile by its place, so that neighbours differ."""
    return TONES[position % len(TONES)]


@register.filter
def law_name(law: str) -> str:
    """Write the title of a law in book title marks, once."""
    return law if "《" in law else f"《{law}》"


@register.filter
def day(text: str | None) -> date | None:
    """Return the day that JSON holds as text."""
    return date.fromisoformat(text) if text else None


@register.simple_tag
def case_line(listed: Any) -> StatusLine:
    """Return what one line says of a listed case."""
    return line_of(listed.case, listed.wanted, rated=listed.rated)
