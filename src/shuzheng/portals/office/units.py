"""Finding units by parts of their names."""

from __future__ import annotations

from django.db.models import QuerySet

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import units_in


def units_named(words: str, scope: str) -> QuerySet[OrgUnit]:
    """Return the open units below a division path whose names hold every word: ``章贡区 城管``."""
    found = units_in(scope)
    for word in words.split():
        found = found.filter(name__contains=word)
    return found
