"""Managing service items (事项管理): draft, publish, retire."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field, ValidationError

from shuzheng.engines.casework.definitions import ServiceItemDefinition, check_item
from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.policies import MANAGE_ITEMS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.definition import published_body, published_keys
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound
from shuzheng.kernel.input import Input, problems
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import today
from shuzheng.kernel.publication import draft, publish, retire
from shuzheng.kernel.source import Located

VERSION = r"^\d+\.\d+\.\d+$"


class DraftItemInput(Input):
    """The whole text of a version."""

    version: str = Field(pattern=VERSION)
    body: dict[str, Any]


class DraftItem(Action[DraftItemInput, DefinitionRecord]):
    """Write a draft of a service item's next version (起草). Raises InvalidInput by field, VersionTaken."""

    name = "casework.draft_item"
    permission = MANAGE_ITEMS
    title = _("起草事项")

    def perform(self, actor: Actor, given: DraftItemInput) -> DefinitionRecord:
        """Validate and store the draft."""
        try:
            body = ServiceItemDefinition.model_validate(given.body)
        except ValidationError as failure:
            raise InvalidInput(*problems(failure)) from failure
        _check(body)
        record = draft("service_item", body, given.version)
        self.about(record, key=body.code, version=given.version)
        return record


def _check(body: ServiceItemDefinition) -> None:
    """Check what the item refers to, as a pack's would be. Raises InvalidInput."""
    declared = Declared("service_item", body.code, {}, "", Located({}), (), body)
    found = list(check_item(declared, Workspace(published_body, published_keys)))
    if found:
        raise InvalidInput(*[FieldProblem("body", f"{p.message} {p.suggestion}".strip()) for p in found])


class PublishItemInput(Input):
    """Which draft, from which day."""

    code: str = Field(max_length=120)
    version: str = Field(pattern=VERSION)
    effective: date | None = None


class PublishItem(Action[PublishItemInput, DefinitionRecord]):
    """Put a draft in force (发布); running cases keep the version they began with. Raises NotFound."""

    name = "casework.publish_item"
    permission = MANAGE_ITEMS
    title = _("发布事项")

    def perform(self, actor: Actor, given: PublishItemInput) -> DefinitionRecord:
        """Publish, ending the version before."""
        record = _version(given.code, given.version, "draft")
        publish([record], by=actor.name, effective=given.effective or today())
        self.about(record, key=given.code, version=given.version)
        self.emit("casework.item_published", given.code, version=given.version)
        return record


class RetireItemInput(Input):
    """Which item, from which day."""

    code: str = Field(max_length=120)
    on: date | None = None


class RetireItem(Action[RetireItemInput, DefinitionRecord]):
    """Stop offering a service item (停用); running cases go on. Raises NotFound."""

    name = "casework.retire_item"
    permission = MANAGE_ITEMS
    title = _("停用事项")

    def perform(self, actor: Actor, given: RetireItemInput) -> DefinitionRecord:
        """End the version in force and take the item out of the search."""
        records = DefinitionRecord.objects.filter(kind="service_item", key=given.code, status="published")
        record = records.order_by("-valid").first()
        if record is None:
            raise NotFound
        retire(record, on=given.on or today())
        ServiceItem.objects.filter(code=given.code).update(online=False)
        self.about(record, key=given.code)
        return record


def _version(code: str, version: str, status: str) -> DefinitionRecord:
    record = DefinitionRecord.objects.filter(kind="service_item", key=code, version=version, status=status).first()
    if record is None:
        raise NotFound
    return record
