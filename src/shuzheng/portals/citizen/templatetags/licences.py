"""What templates say of licences."""

from __future__ import annotations

from django import template

from shuzheng.engines.documents.credentials.identifier import written_code
from shuzheng.engines.documents.credentials.words import verb_title

register = template.Library()


@register.filter
def licence_verb(verb: str) -> str:
    """Return what happened to a licence, in words."""
    return verb_title(verb)


@register.filter
def spoken_code(code: str) -> str:
    """Return a code in groups of four."""
    return written_code(code)
