"""Finding service items: in residents' own words, by theme, by use.

A search costs at most three statements. It asks first for items that hold every word, or the official name of what the
person called by another (code list ``synonym``); only if there is none, for likely ones: some of the words, or a name
that is written alike (pg_trgm), so that a slip of the pen does not end in nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Ln

from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.words import normal, query_words
from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.engines.vocabulary.queries import code_list
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.page import Page, page

#: Code list of what residents call things: their words → words of official names, several joined by 、.
SYNONYMS = "synonym"
#: Pages of a search; whoever has not found it by then needs other words.
MOST_PAGES = 10
#: Most characters of a search that are read, and most of its words.
LONGEST, MOST_WORDS = 60, 12
#: Least likeness (0–1) of a name to what was typed; one wrong character of four is above it.
LIKENESS = 0.3
#: Most items that a search weighs one by one.
WEIGHED = 2000
BROWSE = ("-everyday", "-popularity", "code")


@dataclass(frozen=True)
class Found:
    """What a search found, and how it was understood."""

    page: Page[ServiceItem]
    #: Official names into which the person's own words were translated.
    understood: tuple[str, ...] = ()
    #: Nothing fits every word; these are only likely.
    approximate: bool = False


@dataclass(frozen=True)
class _Sought:
    """A search, taken apart."""

    text: str
    words: tuple[str, ...]
    #: Official names that synonyms lead to, and their words.
    targets: tuple[str, ...]
    target_words: tuple[tuple[str, ...], ...]

    @property
    def every(self) -> SearchQuery:
        """Match items with all words, or with all words of an official name."""
        groups = [_required(self.words), *map(_required, self.target_words)]
        return _query(" | ".join(f"({' & '.join(map(_lexeme, group))})" for group in groups if group))

    @property
    def any(self) -> SearchQuery:
        """Match items with one of the words."""
        words = dict.fromkeys([*self.words, *(word for group in self.target_words for word in group)])
        return _query(" | ".join(map(_lexeme, words)))


def search_items(
    words: str = "",
    *,
    audience: str = "",
    theme: str = "",
    kind: str = "",
    division: str = "",
    after: str | None = None,
    size: int = 20,
) -> Found:
    """Return a page of the service items that fit, the likeliest first; without words, what people ask for most first.

    ``audience`` is ``person`` or ``legal``, ``division`` the code of the place where the person asks: items of other
    places are left out. ``after`` is a cursor of an earlier page. Raises BadCursor.
    """
    items = _narrowed(audience, theme, kind, division)
    sought = _sought(words)
    if sought is None:
        return Found(page(items, order=BROWSE, after=after, size=size))
    number = _page_number(after)
    exact = _page(_ranked(items.filter(words=sought.every), sought), number, size)
    if exact.items or number > 1:
        return Found(exact, sought.targets)
    return Found(_page(_ranked(_likely(items, sought), sought), 1, size, last=True), sought.targets, approximate=True)


def popular_items(*, audience: str = "", division: str = "", size: int = 8) -> list[ServiceItem]:
    """Return what people ask for most: what is declared so, then by use; in one statement.

    What nobody asked for yet is left out, unless there is nothing else.
    """
    items = list(_narrowed(audience, "", "", division).order_by(*BROWSE)[:size])
    return [item for item in items if item.everyday or item.popularity] or items


def items_titled(codes: Iterable[str]) -> dict[str, str]:
    """Return the titles of items by code, in one statement."""
    return dict(ServiceItem.objects.filter(code__in=set(codes)).values_list("code", "title"))


def _narrowed(audience: str, theme: str, kind: str, division: str) -> QuerySet[ServiceItem]:
    """Return the items that can be applied for online or at a window by this audience in this place."""
    items = _shown()
    if audience:
        items = items.filter(audiences__contains=[audience])
    if theme:
        items = items.filter(themes__contains=[theme])
    if kind:
        items = items.filter(kind=kind)
    return items.filter(_offered_in(division)) if division else items


def _shown() -> QuerySet[ServiceItem]:
    """Return items with what a list shows."""
    return ServiceItem.objects.defer("words", "phrase")


def _offered_in(division: str) -> Q:
    """Items offered everywhere, in a division above the place, in the place itself or within it."""
    codes = lineage(division)
    return Q(division_code__in=["", *map(pad, codes)]) | Q(division_code__startswith=codes[-1])


def _sought(text: str) -> _Sought | None:
    """Take a search apart; ``None`` if it says nothing."""
    plain = normal(text)[:LONGEST]
    words = tuple(query_words(plain))[:MOST_WORDS]
    if not words:
        return None
    targets = tuple(_targets(plain))
    return _Sought(plain, words, targets, tuple(tuple(query_words(target)) for target in targets))


def _targets(plain: str) -> list[str]:
    """Return the official names of what a search calls by other words; the longest of its synonyms counts."""
    try:
        known = code_list(SYNONYMS).codes
    except NoDefinition:
        return []
    said = [(normal(entry.code), entry.name) for entry in known]
    met = [(code, name) for code, name in said if code in plain]
    longest = [name for code, name in met if not any(code != other and code in other for other, _name in met)]
    return list(dict.fromkeys(target for name in longest for target in name.split("、")))


def _required(words: Iterable[str]) -> list[str]:
    """Return the words that must be there: of 许可 and 许可证 the shorter, which the longer contains, is enough."""
    all_words = list(words)
    return [word for word in all_words if not any(other != word and other in word for other in all_words)]


def _lexeme(word: str) -> str:
    return f"'{word}':*"


def _query(expression: str) -> SearchQuery:
    return SearchQuery(expression, config="simple", search_type="raw")


def _likely(items: QuerySet[ServiceItem], sought: _Sought) -> QuerySet[ServiceItem]:
    """Return items with some of the words, or with a name that is written alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(LIKENESS)])
    return items.filter(Q(words=sought.any) | Q(phrase__trigram_word_similar=sought.text))


def _ranked(items: QuerySet[ServiceItem], sought: _Sought) -> QuerySet[ServiceItem]:
    """Order by how well the words fit, how alike the name is, whether the name holds what was said, and by use.

    Of what fits a word as broad as 许可, only the most used are weighed.
    """
    named = [When(phrase__contains=name, then=Value(1.0)) for name in (sought.text, *map(normal, sought.targets))]
    score: Any = (
        SearchRank(F("words"), sought.any) * 4
        + TrigramWordSimilarity(sought.text, "phrase")
        + Case(*named, default=Value(0.0), output_field=FloatField())
        + Ln(F("popularity") + 1.0) * 0.1
    )
    weighed = items.order_by(*BROWSE)[:WEIGHED].values("code")
    return _shown().filter(code__in=weighed).annotate(score=score).order_by("-score", "code")


def _page(items: QuerySet[ServiceItem], number: int, size: int, *, last: bool = False) -> Page[ServiceItem]:
    """Return one of the first pages by offset: a rank has no key to continue from, and nobody reads further."""
    start = (number - 1) * size
    rows = list(items[start : start + size + 1])
    more = len(rows) > size and number < MOST_PAGES and not last
    return Page(rows[:size], str(number + 1) if more else None, str(number - 1) if number > 1 else None)


def _page_number(after: str | None) -> int:
    """Return the page that a cursor names, the first for anything else: it may stem from a list without words."""
    return min(max(int(after), 1), MOST_PAGES) if after and after.isdecimal() and len(after) < 4 else 1
