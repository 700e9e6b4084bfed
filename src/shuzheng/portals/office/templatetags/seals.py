"""What pages of seals say about codes."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.kinds import title_of

register = template.Library()
VERBS = {
    "filed": _("备案"),
    "made": _("制章"),
    "renewed": _("更新证书"),
    "frozen": _("冻结"),
    "unfrozen": _("解冻"),
    "revoked": _("撤销"),
    "expired": _("到期"),
}


@register.filter
def document_kind(code: str) -> Any:
    """Return the title of a kind of document."""
    return title_of(code)


@register.filter
def seal_verb(code: str) -> Any:
    """Return what was done to a seal."""
    return VERBS.get(code, code)


@register.filter
def of(counts: dict[Any, int], key: Any) -> int:
    """Return a count, 0 for none."""
    return counts.get(key, 0)
