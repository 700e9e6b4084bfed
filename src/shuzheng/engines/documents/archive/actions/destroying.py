"""Destruction (鉴定与销毁): proposed by one, judged line by line by a second, ordered by a third; carried out only then."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.archive.errors import (
    AnotherPersonNeeded,
    KeepNeedsReason,
    LinesOpen,
    NoSuchList,
    NotDue,
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
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.policy import may


class ProposeDestructionInput(Input):
    """Which packages, and what the list is called."""

    title: str = Field(min_length=2, max_length=200)
    packages: list[UUID] = Field(min_length=1, max_length=500)


class ProposeDestruction(Action[ProposeDestructionInput, DestructionList]):
    """Propose files whose retention is over for destruction (编制销毁清册); nothing is destroyed by it. Raises NotDue."""

    name = "documents.propose_destruction"
    permission = PROPOSE
    title = _("提出销毁清册")

    def perform(self, actor: Actor, given: ProposeDestructionInput) -> DestructionList:
        """Write the list; every file must be due, to be destroyed, and on no other list."""
        author = _officer(actor)
        rows = ArchivePackage.objects.select_for_update().filter(pk__in=given.packages).order_by("id")
        packages = list(rows)
        listed = set(
            DestructionLine.objects.filter(package__in=packages, closed=False).values_list("package_id", flat=True)
        )
        for package in packages:
            if not _due(package) or package.pk in listed:
                raise NotDue(code=package.code)
            if not may(actor, PROPOSE, str(package.division_path)):
                raise NotPermitted
        if len(packages) < len(set(given.packages)):
            raise NotDue(code="?")
        made = DestructionList(
            title=given.title, division_path=_common([str(p.division_path) for p in packages]), author_id=author
        )
        made.number, made.author_name = f"XH-{today():%Y%m%d}-{str(new_id())[-6:].upper()}", actor.name
        made.save()
        DestructionLine.objects.bulk_create(DestructionLine(list=made, package=package) for package in packages)
        self.about(made, division=str(made.division_path), number=made.number, files=len(packages))
        return made


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
        _officer(actor)
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


def _due(package: ArchivePackage) -> bool:
    over = package.due_on is not None and package.due_on <= today()
    return over and package.nomination == "destroy" and package.state == PackageState.KEPT


def _officer(actor: Actor) -> UUID:
    """Return who acts. Raises NotPermitted for a program: destroying is decided by persons."""
    if actor.officer_id is None:
        raise NotPermitted
    return actor.officer_id


def _common(paths: list[str]) -> str:
    """Return the deepest division that holds all paths."""
    shared: list[str] = []
    for labels in zip(*(path.split(".") for path in paths), strict=False):
        if len(set(labels)) > 1:
            break
        shared.append(labels[0])
    return ".".join(shared)
