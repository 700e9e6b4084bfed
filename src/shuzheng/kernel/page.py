"""Paging by key: every page costs the same, however deep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import InvalidInput

M = TypeVar("M", bound=Model)


class BadCursor(InvalidInput):
    """A page's cursor was tampered with or belongs to another list."""

    code = "bad-cursor"
    message = _("翻页位置已失效，请从第一页重新开始。")


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list."""

    items: list[M]
    #: Cursor of the following page, or ``None`` on the last.
    next: str | None
    #: Cursor of the preceding page, or ``None`` on the first.
    previous: str | None


def page(queryset: QuerySet[M], *, order: Sequence[str], after: str | None = None, size: int = 20) -> Page[M]:
    """Return one page of a queryset in one statement.

    ``order`` names non-null fields, ``-`` for descending, the last of them unique; ``after`` is a cursor from an
    earlier page. Raises BadCursor.
    """
    cursors = _Cursors(queryset.model, order)
    backwards, position = cursors.read(after) if after else (False, None)
    keys = [_flip(key) for key in order] if backwards else list(order)
    if position is not None:
        queryset = queryset.filter(_beyond(keys, position))
    rows = list(queryset.order_by(*keys)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next = backwards or more
    has_previous = more if backwards else position is not None
    return Page(
        rows,
        next=cursors.at(rows[-1]) if rows and has_next else None,
        previous=cursors.at(rows[0], backwards=True) if rows and has_previous else None,
    )


def _flip(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(keys: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows strictly after a position: (a > x) or (a = x and b > y) or …, with a leading bound for the index."""
    alternatives = []
    for depth, key in enumerate(keys):
        equal = {k.lstrip("-"): v for k, v in zip(keys[:depth], position[:depth], strict=True)}
        alternatives.append(Q(**equal, **{_comparison(key): position[depth]}))
    bound = Q(**{_comparison(keys[0]) + "e": position[0]})
    return bound & reduce(or_, alternatives)


def _comparison(key: str) -> str:
    return f"{key[1:]}__lt" if key.startswith("-") else f"{key}__gt"


class _Cursors:
    """Places in a list, signed with the list they belong to, so that none can be forged or taken elsewhere."""

    def __init__(self, model: type[Model], order: Sequence[str]) -> None:
        self.order = order
        self.signer = Signer(salt=f"page:{model._meta.label_lower}:{','.join(order)}")

    def at(self, row: Model, *, backwards: bool = False) -> str:
        return self.signer.sign_object([int(backwards), *(_plain(_value(row, key.lstrip("-"))) for key in self.order)])

    def read(self, cursor: str) -> tuple[bool, list[Any]]:
        try:
            direction, *position = self.signer.unsign_object(cursor)
        except BadSignature:
            raise BadCursor from None
        return bool(direction), position


def _value(row: Any, path: str) -> Any:
    return reduce(getattr, path.split("__"), row)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
