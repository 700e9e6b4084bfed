"""What happens to a bulk (群发) once it is written: submitted, approved, paused, resumed, cancelled."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging import audiences, bulks, templates
from shuzheng.engines.messaging.actions.bulk import locked, require_maker
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.errors import NotByTheSame, WrongState
from shuzheng.engines.messaging.models import Bulk
from shuzheng.engines.messaging.policies import APPROVE, BULK
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

Status = Bulk.Status


class BulkInput(Input):
    """Which bulk."""

    bulk_id: UUID


class _OnBulk(Action[BulkInput, Bulk]):
    """Base of what happens to a bulk. Raises NotFound for whoever does not see it too, WrongState."""

    #: States in which it can be done.
    allowed: tuple[Bulk.Status, ...] = ()

    def among(self, actor: Actor) -> QuerySet[Bulk]:
        """Return the bulks to which the actor may do it."""
        return bulks.seen(actor)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Change the bulk."""
        raise NotImplementedError

    def perform(self, actor: Actor, given: BulkInput) -> Bulk:
        """Lock, change, keep, and go on sending where it now runs."""
        bulk = locked(self.among(actor), given.bulk_id, *self.allowed)
        self.change(actor, bulk)
        bulk.save()
        self.about(bulk, status=bulk.status, total=bulk.total)
        if bulk.status == Status.RUNNING:
            self.emit("messaging.bulk_continued", bulk.pk)
        return bulk


class _Judge(_OnBulk):
    """Base of what only those do whose word counts where the bulk's unit is."""

    permission = APPROVE
    allowed = (Status.SUBMITTED,)

    def among(self, actor: Actor) -> QuerySet[Bulk]:
        """Return the bulks of units in the actor's divisions."""
        return bulks.approvable(actor)


class SubmitBulk(_OnBulk):
    """Count the recipients and send, or ask for approval where they are many (提交群发)."""

    name = "messaging.submit_bulk"
    permission = BULK
    title = _("提交群发")
    allowed = (Status.DRAFT,)

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Few people are told at once; many only after a second person has agreed."""
        require_maker(actor, bulk)
        if bulk.audience == Bulk.Audience.GROUP:
            audiences.fix(bulk)
        bulk.total = audiences.size(bulk, _template(bulk).category)
        if bulk.total == 0:
            raise WrongState(_("没有收件人，没有提交。请先添加名单或更换收件范围。"))
        if bulk.total > settings.BULK_APPROVAL_ABOVE:
            bulk.status = Status.SUBMITTED
        else:
            _start(bulk)


class ApproveBulk(_Judge):
    """Agree to a bulk that somebody else made (审批群发). Raises NotByTheSame."""

    name = "messaging.approve_bulk"
    title = _("审批群发")

    def change(self, actor: Actor, bulk: Bulk) -> None:
        """Start it in the name of both."""
        if actor.account_id is None or actor.account_id == bulk.made_by_id:
            raise NotByTheSame
        bulk.approved_by_id = actor.account_id
        _start(bulk)


class ReturnBulk(_Judge):
    """Give a bulk back to whoever made it (退回群发)."""

    name = "messaging.return_bulk"
    title = _("退回群发")

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
