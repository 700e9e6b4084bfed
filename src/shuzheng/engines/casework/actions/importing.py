"""Importing service items in batches."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field, ValidationError

from shuzheng.engines.casework.definitions import ServiceItemDefinition, check_item
from shuzheng.engines.casework.policies import MANAGE_ITEMS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.definition import published_body, published_keys
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input, canonical_digest, problems
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import today
from shuzheng.kernel.publication import draft_many, publish
from shuzheng.kernel.source import Located

KIND = "service_item"
FIRST_VERSION = "1.0.0"
#: Stands as the pack of what came from a file.
IMPORTED = "imported"


class ImportItemsInput(Input):
    """Whole items, as packs declare them."""

    items: list[dict[str, Any]] = Field(min_length=1, max_length=1000)


class ItemsImported(BaseModel):
    """What a batch did."""

    new: int
    changed: int
    unchanged: int


class ImportItems(Action[ImportItemsInput, ItemsImported]):
    """Publish a batch of service items (导入事项), all or none, in a fixed number of statements.

    An item whose content is already published stays as it is; a changed one gets a new version from today on, and
    running cases keep theirs. Raises InvalidInput naming the items that cannot be published.
    """

    name = "casework.import_items"
    permission = MANAGE_ITEMS
    title = _("导入事项")

    def perform(self, actor: Actor, given: ImportItemsInput) -> ItemsImported:
        """Compare with what is published, draft and publish the difference."""
        items = _valid(given.items)
        known = _versions(list(items))
        fresh = {code: item for code, item in items.items() if _is_news(item, known.get(code, []))}
        drafts = []
        for version, bodies in _by_version(fresh, known).items():
            drafts += draft_many(KIND, bodies, version, pack=IMPORTED)
        if drafts:
            publish(drafts, by=actor.name, effective=today())
        new = sum(code not in known for code in fresh)
        done = ItemsImported(new=new, changed=len(fresh) - new, unchanged=len(items) - len(fresh))
        self.about(None, **done.model_dump())
        if fresh:
            self.emit("casework.items_imported", "service_items", **done.model_dump())
        return done


def _valid(bodies: list[dict[str, Any]]) -> dict[str, ServiceItemDefinition]:
    """Return the items by code. Raises InvalidInput."""
    items: dict[str, ServiceItemDefinition] = {}
    found: list[FieldProblem] = []
    workspace = Workspace(published_body, published_keys)
    for index, body in enumerate(bodies):
        try:
            item = ServiceItemDefinition.model_validate(body)
        except ValidationError as failure:
            found += [FieldProblem(f"items.{index}.{p.path}", p.message) for p in problems(failure)]
            continue
        declared = Declared(KIND, item.code, {}, "", Located({}), (), item)
        found += [FieldProblem(f"items.{index}", p.message) for p in check_item(declared, workspace)]
        if item.code in items:
            found.append(FieldProblem(f"items.{index}.code", str(_("事项编码在这一批里出现了两次。"))))
        items[item.code] = item
    if found:
        raise InvalidInput(*found)
    return items


def _versions(codes: list[str]) -> dict[str, list[DefinitionRecord]]:
    """Return every version of the items, drafts too, the latest interval last, in one statement."""
    found: dict[str, list[DefinitionRecord]] = defaultdict(list)
    records = DefinitionRecord.objects.filter(kind=KIND, key__in=codes).order_by("valid")
    for record in records.only("key", "version", "status", "content_hash", "valid"):
        found[record.key].append(record)
    return dict(found)


def _is_news(item: ServiceItemDefinition, versions: list[DefinitionRecord]) -> bool:
    published = [record for record in versions if record.status == "published"]
    plain = item.model_dump(mode="json", exclude_defaults=True)
    return not published or published[-1].content_hash != canonical_digest(plain)


def _by_version(
    fresh: dict[str, ServiceItemDefinition], known: dict[str, list[DefinitionRecord]]
) -> dict[str, list[ServiceItemDefinition]]:
    """Group items by the number of their next version."""
    grouped: dict[str, list[ServiceItemDefinition]] = defaultdict(list)
    for code, item in fresh.items():
        grouped[_next_version([record.version for record in known.get(code, [])])].append(item)
    return grouped


def _next_version(versions: list[str]) -> str:
    """Return the version after the highest: its middle number raised."""
    if not versions:
        return FIRST_VERSION
    major, minor, _patch = max(tuple(int(part) for part in version.split(".")) for version in versions)
    return f"{major}.{minor + 1}.0"
