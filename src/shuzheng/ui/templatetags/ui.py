"""Template library ``ui``: dates as people write them, icons, signal colours, masking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from shuzheng.kernel.moment import local
from shuzheng.ui import sprite

register = template.Library()

#: Cards of the statutory clock and other states, as the tones of the design system.
TONES = {
    "green": "green", "amber": "amber", "yellow": "amber", "red": "red", "blue": "blue", "grey": "grey",
    "success": "green", "warning": "amber", "danger": "red", "error": "red", "info": "blue",
}  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _day(value: date) -> date:
    """Return the legal local day of a moment; a plain day stays as it is."""
    return local(value).date() if isinstance(value, datetime) and value.tzinfo else value


@register.filter
def zh_date(value: date | None) -> str:
    """Write a day as 2026年11月22日; in English 22 Nov 2026; nothing for nothing."""
    if not value:
        return ""
    day = _day(value)
    short = zh_short_date(day)
    return f"{short} {day.year}" if _english() else f"{day.year}年{short}"


@register.filter
def zh_short_date(value: date | None) -> str:
    """Write a day of this year as 11月22日; in English 22 Nov."""
    if not value:
        return ""
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]}" if _english() else f"{day.month}月{day.day}日"


@register.filter
def zh_datetime(value: datetime | None) -> str:
    """Write a moment in legal local time as 2026年11月22日 09:05."""
    if not value:
        return ""
    moment = local(value) if value.tzinfo else value
    return f"{zh_date(moment)} {moment:%H:%M}"


@register.filter
def days_left(days: int | None, unit: str = "workday") -> str:
    """Say how many days remain: 还剩 3 个工作日, 今天到期, 已超期 2 个工作日.

    ``days`` is negative after the limit; ``unit`` is ``workday`` or ``day``.
    """
    if days is None:
        return ""
    if days == 0:
        return gettext("今天到期")
    number = abs(days)
    if unit == "day":
        left = ngettext("还剩 %(number)s 天", "还剩 %(number)s 天", number)
        over = ngettext("已超期 %(number)s 天", "已超期 %(number)s 天", number)
    else:
        left = ngettext("还剩 %(number)s 个工作日", "还剩 %(number)s 个工作日", number)
        over = ngettext("已超期 %(number)s 个工作日", "已超期 %(number)s 个工作日", number)
    return (left if days > 0 else over) % {"number": number}


@register.filter
def card_colour(card: str | None) -> str:
    """Return the tone of a clock's card or of a message level: green, amber, red, blue or grey."""
    return TONES.get(str(card or "").lower(), "grey")


@register.filter
def card_label(card: str | None) -> str:
    """Say a clock's card in words, so that nobody depends on colour."""
    labels = {
        "green": gettext("正常"),
        "amber": gettext("临近期限"),
        "red": gettext("到期或超期"),
        "grey": gettext("暂停计时"),
    }
    return labels.get(card_colour(card), str(card or ""))


@register.filter
def bounded(number: int | None, most: int = 99) -> str:
    """Write a count, at most ``99+``; nothing for none."""
    if not number:
        return ""
    return f"{most}+" if number > most else str(number)


@register.filter
def initials(name: str | None) -> str:
    """Return what an avatar shows of a name: the last two characters, or Latin initials."""
    words = (name or "").split()
    if not words:
        return "?"
    if name and name.isascii():
        return "".join(word[0] for word in words[:2]).upper()
    return words[-1][-2:] if len(words[-1]) > 2 else words[-1]


@cache
def _mask() -> Callable[[str, str], str]:
    return import_string(settings.SHUZHENG_MASK)


@register.filter
def masked(value: str | None, rule: str) -> str:
    """Mask a value by the named rule of its data element (脱敏)."""
    return _mask()(str(value), rule) if value else ""


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """Draw an icon of the sprite; decorative unless it has a label. Raises UnknownIcon."""
    reference = f"{static('ui/icons.svg')}#{sprite.require(name)}"
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="sz-icon {}" viewBox="0 0 24 24" {} focusable="false"><use href="{}"></use></svg>',
        extra,
        meaning,
        reference,
    )


@register.simple_tag
def json_island(data: Any, name: str, part: str) -> SafeString:
    """Put data for a script into the page as ``<script type="application/json" id="name-part">``, safely escaped."""
    return json_script(data, f"{name}-{part}")
