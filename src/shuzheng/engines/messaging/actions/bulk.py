"""Writing a bulk (群发), its list, and the word of a second person before it goes to many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from shuzheng.engines.messaging import bulks, templates
from shuzheng.engines.messaging.actions.send_message import LINK
from shuzheng.engines.messaging.errors import WrongState
from shuzheng.engines.messaging.models import Bulk, BulkRecipient
from shuzheng.engines.messaging.policies import BULK
from shuzheng.engines.messaging.recipient_groups import kept
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input

Status = Bulk.Status
#: People added to a list by one request.
MOST_AT_ONCE = 5000


class DraftBulkInput(Input):
    """What is to be told to whom."""

    title: str = Field(min_length=2, max_length=100)
    template: str = Field(max_length=120)
    #: Values that are the same for everybody; a list may carry others for each person.
    values: dict[str, str] = {}
    link: str = Field(default="", max_length=300, pattern=LINK)
    audience: Bulk.Audience
    division_code: str = Field(default="", max_length=12, pattern=r"^\d*$")
    #: The list for audience ``group``, which the maker keeps.
    group_id: UUID | None = None
    #: Code of the maker's unit that sends it and whose budget it is charged to; needed where they have several.
    department: str = Field(default="", max_length=80)
    send_at: AwareDatetime | None = None


class DraftBulk(Action[DraftBulkInput, Bulk]):
    """Write a bulk (拟群发); nothing is sent before it is submitted. Raises NoSuchTemplate, ValuesDisagree."""

    name = "messaging.draft_bulk"
    permission = BULK
    title = _("拟群发")

    def perform(self, actor: Actor, given: DraftBulkInput) -> Bulk:
        """Keep it with whoever made it."""
        template = templates.find(given.template).template
        if given.audience != Bulk.Audience.LIST:
            templates.check_values(template, given.values)
        if given.audience == Bulk.Audience.DIVISION and not given.division_code:
            raise InvalidInput(FieldProblem("division_code", str(_("请选择区划。"))))
        if given.audience == Bulk.Audience.GROUP and not kept(actor).filter(pk=given.group_id).exists():
            raise InvalidInput(FieldProblem("group_id", str(_("请选择常用收件人。"))))
        told = {**given.model_dump(), "department": _department(actor, given.department)}
        bulk = Bulk.objects.create(made_by_id=actor.account_id, **told)
        self.about(bulk, template=given.template, audience=given.audience)
        return bulk


class Listed(Input):
    """One person on a list."""

    person: UUID
    values: dict[str, str] = {}


class AddRecipientsInput(Input):
    """Who comes onto the list."""

    bulk_id: UUID
    recipients: list[Listed] = Field(min_length=1, max_length=MOST_AT_ONCE)


class AddRecipients(Action[AddRecipientsInput, None]):
    """Put people on the list of a bulk that is still a draft (添加名单); who is on it already stays once.

    Raises NotFound, WrongState, and NotPermitted for all but the maker.
    """

    name = "messaging.add_recipients"
    permission = BULK
    title = _("添加名单")

    def perform(self, actor: Actor, given: AddRecipientsInput) -> None:
        """Insert in one statement, after checking each one's values."""
        bulk = locked(bulks.seen(actor), given.bulk_id, Status.DRAFT)
        require_maker(actor, bulk)
        template = templates.find(bulk.template).template
        rows = [BulkRecipient(bulk=bulk, person_id=r.person, values=r.values) for r in given.recipients]
        for row in rows:
            templates.check_values(template, {**bulk.values, **row.values})
        BulkRecipient.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        self.about(bulk, count=len(rows))


def require_maker(actor: Actor, bulk: Bulk) -> None:
    """Refuse all but the maker: whoever fills another's list and submits it could agree to their own work."""
    if actor.account_id != bulk.made_by_id and actor.channel != "system":
        raise NotPermitted


def locked(among: QuerySet[Bulk], bulk_id: UUID, *allowed: Any) -> Bulk:
    """Return one of some bulks, locked, if it is in one of these states. Raises NotFound, WrongState."""
    bulk = among.select_for_update().filter(pk=bulk_id).first()
    if bulk is None:
        raise NotFound
    if bulk.status not in allowed:
        raise WrongState
    return bulk


def _department(actor: Actor, code: str) -> str:
    """Return the code of the unit that a bulk is charged to: one of the actor's own. Raises InvalidInput."""
    own = [] if actor.channel == "system" else list(bulks.units(actor).values_list("code", flat=True))
    if actor.channel == "system" or code in own or not (code or own):
        return code
    if len(own) == 1 and not code:
        return own[0]
    raise InvalidInput(FieldProblem("department", str(_("请选择您所在的部门。"))))
