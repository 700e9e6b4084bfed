"""Destruction (鉴定与销毁): what was proposed is judged line by line by a second person and ordered by a third."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.archive.actions.proposing import officer_of
from shuzheng.engines.documents.archive.errors import (
    AnotherPersonNeeded,
    KeepNeedsReason,
    LinesOpen,
    NoSuchList,
    WrongListState,
)
from shuzheng.engines.documents.archive.models import (
    ArchivePackage,
    DestructionLine,
    DestructionList,
    LineVerdict,
    ListState,
    PackageState,
)
from shuzheng.engines.documents.archive.policies import DESTROY, PROPOSE, REVIEW
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today


class ListInput(Input):
    """Which list."""

    list_id: UUID


L = TypeVar("L", bound=ListInput)


class _ListAction(Action[L, DestructionList]):
    """A step of a list: the list is locked, so that of two who act at once the second finds it moved on."""

    output = DestructionList
    begins_in: ClassVar[ListState]

    def scope(self, actor: Actor, given: L) -> str:
        """Lock the list; the permission must be held where its files belong. Raises NoSuchList."""
        found = DestructionList.objects.select_for_update().filter(pk=given.list_id).first()
        if found is None:
            raise NoSuchList
        self.list = found
        return str(found.division_path)

    def check(self, actor: Actor, given: L) -> None:
        """Refuse at another step. Raises WrongListState."""
        officer_of(actor)
        if self.list.state != self.begins_in:
            raise WrongListState(state=self.list.get_state_display())
        self.about(self.list, number=self.list.number)

    def others(self, actor: Actor, *before: UUID | None) -> UUID:
        """Return the actor, who must not have had another part in the list. Raises AnotherPersonNeeded."""
        if actor.officer_id in before or actor.officer_id is None:
            raise AnotherPersonNeeded
        return actor.officer_id


class JudgeLineInput(ListInput):
    """Which line, and what becomes of the file."""

    line_id: UUID
    verdict: Literal["destroy", "keep"]
    reason: str = Field(default="", max_length=500)
    keep_until: date | None = None


class JudgeLine(_ListAction[JudgeLineInput]):
    """Decide about one file of a list: destroy it, or keep it until a day, with the reason (鉴定).

    Raises KeepNeedsReason, AnotherPersonNeeded, WrongListState.
    """

    name = "documents.judge_destruction"
    permission = REVIEW
    title = _("鉴定到期档案")
    begins_in = ListState.PROPOSED

    def perform(self, actor: Actor, given: JudgeLineInput) -> DestructionList:
        """Write the verdict down."""
        self.list.reviewer_id = self.others(actor, self.list.author_id)
        self.list.reviewer_name = actor.name
        line = DestructionLine.objects.filter(pk=given.line_id, list=self.list).first()
        if line is None:
            raise NoSuchList
        keeping = given.verdict == LineVerdict.KEEP
        if keeping and (len(given.reason) < 2 or given.keep_until is None or given.keep_until <= today()):
            raise KeepNeedsReason
        line.verdict, line.reason = given.verdict, given.reason
        line.keep_until = given.keep_until if keeping else None
        line.save(update_fields=["verdict", "reason", "keep_until"])
        self.list.save(update_fields=["reviewer_id", "reviewer_name"])
        self.about(verdict=given.verdict)
        return self.list


class FinishReview(_ListAction[ListInput]):
    """Hand a judged list to the archivist; what is kept longer gets its new day and leaves the list. Raises LinesOpen."""

    name = "documents.finish_destruction_review"
    permission = REVIEW
    title = _("提交鉴定意见")
    begins_in = ListState.PROPOSED

    def perform(self, actor: Actor, given: ListInput) -> DestructionList:
        """Move on."""
        reviewer = self.others(actor, self.list.author_id)
        lines = list(DestructionLine.objects.filter(list=self.list).select_related("package"))
        undecided = [line for line in lines if line.verdict == LineVerdict.OPEN]
        if undecided:
            raise LinesOpen(count=len(undecided))
        for line in lines:
            if line.verdict == LineVerdict.KEEP:
                ArchivePackage.objects.filter(pk=line.package_id).update(due_on=line.keep_until, announced_at=None)
        DestructionLine.objects.filter(list=self.list, verdict=LineVerdict.KEEP).update(closed=True)
        self.list.reviewer_id, self.list.reviewer_name = reviewer, actor.name
        self.list.state, self.list.reviewed_at = ListState.REVIEWED, now()
        self.list.save()
        return self.list


class WithdrawDestruction(_ListAction[ListInput]):
    """Give up a list that was not judged yet; its files are where they were."""

    name = "documents.withdraw_destruction"
    permission = PROPOSE
    title = _("撤回销毁清册")
    begins_in = ListState.PROPOSED

    def perform(self, actor: Actor, given: ListInput) -> DestructionList:
        """Close its lines."""
        DestructionLine.objects.filter(list=self.list).update(closed=True)
        self.list.state = ListState.WITHDRAWN
        self.list.save(update_fields=["state"])
        return self.list


class OrderDestruction(_ListAction[ListInput]):
    """Have the files that were judged so destroyed (监销); a job carries it out and writes the certificate.

    The third person of the list. Of two who order at once, one does. Raises AnotherPersonNeeded, WrongListState.
    """

    name = "documents.order_destruction"
    permission = DESTROY
    title = _("监销")
    begins_in = ListState.REVIEWED

    def perform(self, actor: Actor, given: ListInput) -> DestructionList:
        """Mark the files and leave the rest to the job."""
        self.list.archivist_id = self.others(actor, self.list.author_id, self.list.reviewer_id)
        self.list.archivist_name = actor.name
        self.list.state, self.list.ordered_at = ListState.ORDERED, now()
        self.list.save()
        lines = DestructionLine.objects.filter(list=self.list, verdict=LineVerdict.DESTROY).select_related("package")
        for line in lines:
            _versions(line.package).update(state=PackageState.ORDERED, due_on=None)
        self.emit("documents.destruction_ordered", self.list.pk, number=self.list.number, files=len(lines))
        return self.list


def _versions(package: ArchivePackage) -> Any:
    """Return a package and its earlier versions, which go with it."""
    same = ArchivePackage.objects.filter(source=package.source, subject=package.subject, version__lte=package.version)
    return same.exclude(state=PackageState.DESTROYED)
