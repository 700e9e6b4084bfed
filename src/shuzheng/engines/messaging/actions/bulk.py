"""Writing a bulk (群发), its list, and the word of a second person before it goes to many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from shuzheng.engines.messaging import audiences, templates
from shuzheng.engines.messaging.actions.send_message import LINK
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.errors import NotByTheSame, WrongState
from shuzheng.engines.messaging.models import Bulk, BulkRecipient
from shuzheng.engines.messaging.policies import APPROVE, BULK
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import may

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
        bulk = Bulk.objects.create(made_by_id=actor.account_id, **given.model_dump())
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
    """Put people on the list of a bulk that is still a draft (添加名单); who is on it already stays once. Raises WrongState."""

    name = "messaging.add_recipients"
    permission = BULK
    title = _("添加名单")

    def perform(self, actor: Actor, given: AddRecipientsInput) -> None:
        """Insert in one statement, after checking each one's values."""
        bulk = _locked(given.bulk_id, Status.DRAFT)
        _require_maker(actor, bulk)
        template = templates.find(bulk.template).template
        rows = [BulkRecipient(bulk=bulk, person_id=r.person, values=r.values) for r in given.recipients]
        for row in rows:
            templates.check_values(template, {**bulk.values, **row.values})
        BulkRecipient.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        self.about(bulk, count=len(rows))


class BulkInput(Input):
    """Which bulk."""

    bulk_id: UUID


class _OnBulk(Action[BulkInput, Bulk]):
    """Base of what happens to a bulk. Raises NotFound, WrongState."""

    #: States in which it can be done.
    allowed: tuple[Bulk.Status, ...] = ()

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Change the bulk."""
        raise NotImplementedError

    def perform(self, actor: Actor, given: BulkInput) -> Bulk:
        """Lock, change, keep, and go on sending where it now runs."""
        bulk = _locked(given.bulk_id, *self.allowed)
        self.change(actor, bulk)
        bulk.save()
        self.about(bulk, status=bulk.status, total=bulk.total)
        if bulk.status == Status.RUNNING:
            self.emit("messaging.bulk_continued", bulk.pk)
        return bulk


class SubmitBulk(_OnBulk):
    """Count the recipients and send, or ask for approval where they are many (提交群发)."""

    name = "messaging.submit_bulk"
    permission = BULK
    title = _("提交群发")
    allowed = (Status.DRAFT,)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Few people are told at once; many only after a second person has agreed."""
        _require_maker(actor, bulk)
        bulk.total = audiences.size(bulk, _template(bulk).category)
        if bulk.total == 0:
            raise WrongState(_("没有收件人，没有提交。请先添加名单或更换收件范围。"))
        if bulk.total > settings.BULK_APPROVAL_ABOVE:
            bulk.status = Status.SUBMITTED
        else:
            _start(bulk)


class ApproveBulk(_OnBulk):
    """Agree to a bulk that somebody else made (审批群发). Raises NotByTheSame."""

    name = "messaging.approve_bulk"
    permission = APPROVE
    title = _("审批群发")
    allowed = (Status.SUBMITTED,)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Start it in the name of both."""
        if actor.account_id is None or actor.account_id == bulk.made_by_id:
            raise NotByTheSame
        bulk.approved_by_id = actor.account_id
        _start(bulk)


class ReturnBulk(_OnBulk):
    """Give a bulk back to whoever made it (退回群发)."""

    name = "messaging.return_bulk"
    permission = APPROVE
    title = _("退回群发")
    allowed = (Status.SUBMITTED,)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """It is a draft again."""
        bulk.status = Status.DRAFT


class PauseBulk(_OnBulk):
    """Stop sending after the batch at hand (暂停群发)."""

    name = "messaging.pause_bulk"
    permission = BULK
    title = _("暂停群发")
    allowed = (Status.RUNNING,)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """The next batch sees it."""
        bulk.status = Status.PAUSED


class ResumeBulk(_OnBulk):
    """Go on where sending was paused (继续群发)."""

    name = "messaging.resume_bulk"
    permission = BULK
    title = _("继续群发")
    allowed = (Status.PAUSED,)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """The cursor is where it was."""
        bulk.status = Status.RUNNING


class CancelBulk(_OnBulk):
    """Send no more of a bulk (取消群发); who has it keeps it."""

    name = "messaging.cancel_bulk"
    permission = BULK
    title = _("取消群发")
    allowed = (Status.DRAFT, Status.SUBMITTED, Status.RUNNING, Status.PAUSED)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Close it."""
        bulk.status, bulk.finished_at = Status.CANCELLED, now()


def _start(bulk: Bulk) -> None:
    bulk.status, bulk.started_at = Status.RUNNING, now()


def _template(bulk: Bulk) -> MessageTemplate:
    return templates.find(bulk.template).template


def _require_maker(actor: Actor, bulk: Bulk) -> None:
    """Refuse all but the maker, and whoever may approve: what was agreed to must not change hands unseen."""
    if actor.account_id != bulk.made_by_id and not may(actor, APPROVE):
        raise NotPermitted


def _locked(bulk_id: UUID, *allowed: Any) -> Bulk:
    bulk = Bulk.objects.select_for_update().filter(pk=bulk_id).first()
    if bulk is None:
        raise NotFound
    if bulk.status not in allowed:
        raise WrongState
    return bulk
