"""Public verification (证照查验): by code or identifier, now or on a day; only what the type declares public, masked.

The printed code cannot be guessed and opens what is public; an identifier can be, and opens only how the licence stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.cache import cache

from shuzheng.engines.documents.credentials import content, counting
from shuzheng.engines.documents.credentials.errors import NoSuchCredential, TooManyQueries
from shuzheng.engines.documents.credentials.identifier import Identifier, IdentifierUnreadable, read_code
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.standing import Standing
from shuzheng.engines.trust.crypto import blind_index
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.moment import ZONE, now, today

#: Looks per minute and address; misses weigh more, since whoever knows a code seldom misses.
MOST, MISS = 30, 5


@dataclass(frozen=True)
class Verdict:
    """What the public is told of a licence."""

    credential: Credential
    standing: Standing
    #: How it stood on the day asked for.
    on: date | None
    then: Standing | None
    #: Titles and texts; empty when only the identifier was known.
    elements: list[tuple[str, str]]
    #: Empty where an element names the holder already.
    holder: str
    #: Looked up by the printed code, which only whoever has the licence knows.
    whole: bool


def verify(text: str, address: str, on: date | None = None) -> Verdict:
    """Return what may be told of the licence with a code or identifier. Raises NoSuchCredential, TooManyQueries."""
    spend(address, 1)
    code = read_code(text)
    credential = _by_code(code) if code else _by_identifier(text)
    if credential is None:
        spend(address, MISS)
        raise NoSuchCredential
    counting.count(credential.type_code, "verified")
    return tell(credential, on, whole=bool(code))


def tell(credential: Credential, on: date | None, *, whole: bool) -> Verdict:
    """Return what may be told of a licence."""
    elements = content.shown(credential.type.public_elements(), credential.values) if whole else []
    holder = (
        credential.holder_name if credential.holder_kind == "legal" else mask(credential.holder_name, "person_name")
    )
    then = None
    if on is not None and on < today():
        then = credential.standing(datetime.combine(on, time(23, 59, 59), tzinfo=ZONE))
    named = not whole or any(text == holder for _title, text in elements)
    return Verdict(credential, credential.standing(), on, then, elements, "" if named else holder, whole)


def spend(address: str, weight: int) -> None:
    """Count looks of an address, kept for a minute and only as a blind index. Raises TooManyQueries."""
    minute = int(now().timestamp()) // 60
    place = f"credentials:verify:{blind_index(address, 'documents.verify')}:{minute}"
    cache.add(place, 0, timeout=120)
    if cache.incr(place, weight) > MOST:
        raise TooManyQueries


def _by_code(code: str) -> Credential | None:
    rows = Credential.objects.select_related("unit", "original")
    return rows.filter(code=code).first()


def _by_identifier(text: str) -> Credential | None:
    try:
        identifier = Identifier.parse(text)
    except IdentifierUnreadable:
        return None
    return Credential.objects.select_related("unit", "original").filter(identifier=str(identifier)).first()
