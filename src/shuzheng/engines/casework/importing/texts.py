"""Cleaning what people typed into other systems: conditions, phone numbers, places, aliases, limits."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.clock import ClockKind, PromiseTooLong, check_promise, standard_rule
from shuzheng.engines.casework.clock.limit import parse_limit
from shuzheng.engines.casework.definitions.item import ItemKind
from shuzheng.engines.casework.importing.entry import NOTHING, Entry

_TAG = re.compile(r"</?[A-Za-z][^>]{0,200}>")
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
#: Before a number that begins a point of its own: at the start of a line, or after the end of a sentence.
_POINT = re.compile(r"\n+|(?<=[。；;：:])\s*(?=(?:\d{1,2}[.．、](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]+)[）)]))")
_NUMBERING = re.compile(r"^(?:\d{1,2}[.．、](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]+)[）)])\s*")
_PHONE = re.compile(
    r"1\d{10}(?!\d)"  # mobile
    r"|400-?\d{3}-?\d{4}(?!\d)"
    r"|(?:\(?0\d{2,3}\)?[-\s]?)?\d{4}\s?\d{3,4}(?!\d)(?:\s*(?:-|转)\s*\d{1,5})?"
    r"|(?:0\d{2,3}-)?[19]\d{4}(?!\d)(?:-\d){0,2}"  # service numbers such as 12345 and 95598
)
_ALIASES = re.compile(r"[,，、;；/\s]+")
_NO_CONDITION = re.compile(r"无\S{0,4}(?:条件|要求)(?:受理)?[。.]?")
#: 行政许可法 §42(1): where no law says otherwise, a licence is decided within twenty days.
LICENCE_DAYS = 20
LONGEST_ALIAS, MOST_ALIASES = 40, 10


def plain(text: str) -> str:
    """Return text without markup, entities and repeated blanks."""
    text = _TAG.sub("\n", html.unescape(text)).replace("\r", "\n")
    return "\n".join(line for raw in text.split("\n") if (line := _BLANKS.sub(" ", raw).strip()))


def points(text: str) -> list[str]:
    """Return the points of a text, without their numbers and without repetitions."""
    found = [_NUMBERING.sub("", part).strip() for part in _POINT.split(plain(text)) if part]
    return list(dict.fromkeys(part for part in found if part not in NOTHING and not _NO_CONDITION.fullmatch(part)))


def phones(text: str, field: str, entry: Entry) -> str:
    """Return the phone numbers in a text; words without any number are warned of."""
    half = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    numbers = [re.sub(r"\s", "", number) for number in _PHONE.findall(half)]
    if half and not numbers:
        entry.warn(field, str(_("“{text}”里没有电话号码，已略去。")).format(text=text[:40]))
    return "、".join(dict.fromkeys(numbers))


def title(text: str) -> str:
    """Return a title without doubled brackets: ``注册(（外国人）)`` becomes ``注册（外国人）``."""
    return plain(text).replace("(（", "（").replace("）)", "）")


def aliases(*texts: str) -> list[str]:
    """Return other names: split at commas, without quotes, each once."""
    words = [word.strip("“”\"'。.") for text in texts for word in _ALIASES.split(text)]
    known = dict.fromkeys(word for word in words if word not in NOTHING and len(word) <= LONGEST_ALIAS)
    return list(known)[:MOST_ALIASES]


def limits(kind: ItemKind, statutory: str, promised: str, entry: Entry, *, fields: tuple[str, str]) -> dict[str, Any]:
    """Return the limits as an item declares them.

    A licence without a statutory limit has the general one; a promise longer than the law allows becomes the law's limit.
    """
    law, promise = _limit(statutory, fields[0], entry), _limit(promised, fields[1], entry)
    if law is None and kind is ItemKind.LICENCE:
        law = {"amount": LICENCE_DAYS, "unit": "working_day"}
        entry.warn(fields[0], _("没有写法定时限，按《行政许可法》第四十二条计二十个工作日。"))
    if law and promise and _too_long(promise, law):
        entry.warn(
            fields[1],
            str(_("承诺时限“{promised}”长于法定时限“{law}”，按法定时限承诺。")).format(
                promised=promised, law=statutory
            ),
        )
        promise = law
    return {name: limit for name, limit in (("statutory", law), ("promised", promise)) if limit}


def _limit(text: str, field: str, entry: Entry) -> dict[str, Any] | None:
    if not text:
        return None
    parsed = parse_limit(text)
    if parsed is None:
        entry.warn(field, str(_("看不懂时限“{text}”，没有设时限。")).format(text=text))
        return None
    return {"amount": parsed[0], "unit": str(parsed[1])}


def _too_long(promise: dict[str, Any], law: dict[str, Any]) -> bool:
    try:
        check_promise(
            standard_rule(ClockKind.PROMISED, promise["amount"], promise["unit"]),
            standard_rule(ClockKind.STATUTORY, law["amount"], law["unit"]),
        )
    except PromiseTooLong:
        return True
    return False
