"""Published service items, laid out for search and lists."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.db.models.expressions import Combinable

from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.words import normal, segment
from shuzheng.kernel.moment import now

if TYPE_CHECKING:
    from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
    from shuzheng.kernel.definition import Stored

#: Applicant kinds that act as legal persons.
LEGAL = frozenset({"company", "institution", "organisation", "sole-trader"})
KEPT = [
    "definition",
    "title",
    "kind",
    "summary",
    "owner_kind",
    "owner_name",
    "division_code",
    "audiences",
    "themes",
    "online",
    "everyday",
]
FIELDS = [*KEPT, "words", "phrase", "updated_at"]


def project_items(published: list[Stored[ServiceItemDefinition]]) -> None:
    """Write the search rows of published items; called in the transaction that publishes them."""
    rows = [_row(stored) for stored in published]
    ServiceItem.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, update_fields=FIELDS, unique_fields=["code"]
    )


def _row(stored: Stored[ServiceItemDefinition]) -> ServiceItem:
    item = stored.body
    return ServiceItem(
        code=item.code,
        definition_id=stored.id,
        title=item.title,
        kind=item.kind,
        summary=item.summary,
        owner_kind=item.owner.unit,
        owner_name=item.owner.name,
        division_code="" if item.owner.anywhere else item.owner.division,
        audiences=audiences(item),
        themes=list(item.themes),
        online=bool({"web", "app"} & set(item.channels)),
        everyday=item.everyday,
        words=_vector(item),
        phrase=normal(" ".join((item.title, *item.aliases))),
        updated_at=now(),
    )


def audiences(item: ServiceItemDefinition) -> list[str]:
    """Return whom the item is for: natural persons, legal persons, or both."""
    kinds = set(item.applicants)
    return [*(["person"] if "person" in kinds else []), *(["legal"] if kinds & LEGAL else [])]


def _vector(item: ServiceItemDefinition) -> Combinable:
    """Return the weighted words: title and aliases first, then summary and themes, then materials and questions."""
    parts = {
        "A": [item.title, *item.aliases],
        "B": [item.summary, *item.themes, item.owner.name],
        "C": [*item.conditions, *(m.title for m in item.materials), *(q.question for q in item.faq)],
    }
    vectors: list[Combinable] = [
        SearchVector(Value(" ".join(segment(" ".join(texts)))), config="simple", weight=weight)
        for weight, texts in parts.items()
    ]
    return reduce(add, vectors)
