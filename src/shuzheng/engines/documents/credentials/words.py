"""What happened to a licence, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Any] = {
    "issued": _("签发"),
    "renewed": _("延续后签发"),
    "reissued": _("补领后签发"),
    "corrected": _("更正后签发"),
    "held": _("暂扣"),
    "suspended": _("中止使用"),
    "resumed": _("恢复使用"),
    "revoked": _("吊销或撤销"),
    "voided": _("作废注销"),
    "superseded": _("由新证代替"),
    "imported": _("存量登记"),
    "sealed": _("补制电子原件"),
    "lost": _("持证人挂失"),
}


def verb_title(verb: str) -> str:
    """Return a verb of a licence's history in words; unknown ones as they are."""
    return str(VERBS.get(verb, verb))
