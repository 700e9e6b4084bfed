"""Kinds of documents that seals are put on; packs may use others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

DOCUMENT_KINDS: dict[str, Any] = {
    "decision": _("决定书"),
    "notice": _("通知书"),
    "licence": _("证照"),
    "letter": _("公函"),
    "proof": _("证明"),
    "contract": _("合同"),
    "report": _("报告"),
}


def title_of(code: str) -> Any:
    """Return a kind's title, or its code where none is known."""
    return DOCUMENT_KINDS.get(code, code)
