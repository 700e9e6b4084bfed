"""How letters write days, clauses, addresses and matters, in the forms that offices use."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from shuzheng.engines.casework.definitions.item import ITEM_KINDS, ItemKind
from shuzheng.kernel.moment import local

#: Where the platform is met when the operator names no address.
LOCAL = "http://localhost:8000"
#: Kinds of items that have a word of their own in letters; others are 事项办理.
SUBJECTS = (ItemKind.LICENCE, ItemKind.BENEFIT, ItemKind.CONFIRMATION, ItemKind.REWARD, ItemKind.ADJUDICATION)
OTHER_SUBJECT = "事项办理"


def zh_day(day: date | datetime | str | None) -> str:
    """Return a day as it stands on letters: 2026年11月22日; nothing of nothing."""
    if isinstance(day, str):
        day = datetime.fromisoformat(day) if len(day) > 10 else date.fromisoformat(day) if day else None
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def clause(text: str) -> str:
    """Return a text without the full stop at its end, to stand inside a sentence."""
    return text.strip().rstrip("。；;.")


def address_of(path: str) -> str:
    """Return the public address of a page: the first of SHUZHENG_ORIGINS."""
    return f"{next(iter(settings.CSRF_TRUSTED_ORIGINS), LOCAL).rstrip('/')}{path}"


def subject_of(kind: ItemKind) -> str:
    """Return what an item of a kind is called in letters."""
    return str(ITEM_KINDS[kind]) if kind in SUBJECTS else OTHER_SUBJECT
