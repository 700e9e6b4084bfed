"""Proposing files for destruction (编制销毁清册): the first of three persons."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.archive.errors import NotDue
from shuzheng.engines.documents.archive.models import ArchivePackage, DestructionLine, DestructionList, PackageState
from shuzheng.engines.documents.archive.policies import PROPOSE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today
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
        author = officer_of(actor)
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


def _due(package: ArchivePackage) -> bool:
    over = package.due_on is not None and package.due_on <= today()
    return over and package.nomination == "destroy" and package.state == PackageState.KEPT


def officer_of(actor: Actor) -> UUID:
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
