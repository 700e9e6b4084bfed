"""Carrying out what three persons decided: the bytes go, the record, the certificate and the ledger's entry stay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.documents.archive import keeping
from shuzheng.engines.documents.archive.errors import NoBackup
from shuzheng.engines.documents.archive.gateways import second, vault
from shuzheng.engines.documents.archive.models import (
    ArchivePackage,
    BackupCopy,
    DestructionLine,
    DestructionList,
    LineVerdict,
    ListState,
    PackageState,
)
from shuzheng.engines.documents.archive.policies import DESTROY
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.content import canonical
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now


class CarryOutInput(Input):
    """Which list."""

    list_id: UUID


class CarriedOut(BaseModel):
    """How many packages were destroyed by this run."""

    destroyed: int


class CarryOutDestruction(Action[CarryOutInput, CarriedOut]):
    """Destroy the bytes of an ordered list, here and in the second storage, and write the certificate (销毁证明).

    Only for the job that follows an order. Bytes that are gone already are gone; run again, it finishes what is left.
    """

    name = "documents.carry_out_destruction"
    permission = DESTROY
    title = _("执行销毁")

    def perform(self, actor: Actor, given: CarryOutInput) -> CarriedOut:
        """Destroy, certify."""
        if actor.channel != "system":
            raise NotPermitted
        found = DestructionList.objects.select_for_update().filter(pk=given.list_id, state=ListState.ORDERED).first()
        if found is None:
            return CarriedOut(destroyed=0)
        lines = DestructionLine.objects.filter(list=found, verdict=LineVerdict.DESTROY).select_related("package")
        gone = [package for line in lines for package in _with_versions(line.package)]
        for package in gone:
            _erase(package)
        lines.update(destroyed_at=now(), closed=True)
        found.certificate = _certificate(found, gone)
        digest = provider().sm3(canonical(found.certificate)).hex()
        entry = ledger.append(
            keeping.DESTROYED, found.number, {"digest": digest, "algorithm": "sm3", "files": len(gone)}
        )
        found.state, found.done_at, found.ledger_entry = ListState.DONE, now(), entry.id
        found.save()
        self.about(found, division=str(found.division_path), number=found.number, files=len(gone))
        self.emit("documents.archive_destroyed", found.pk, number=found.number, files=len(gone))
        return CarriedOut(destroyed=len(gone))


def _with_versions(package: ArchivePackage) -> list[ArchivePackage]:
    rows = ArchivePackage.objects.select_for_update().filter(source=package.source, subject=package.subject)
    return list(rows.filter(state=PackageState.ORDERED).order_by("version"))


def _erase(package: ArchivePackage) -> None:
    """Remove the bytes everywhere, and from the record everything that points at a person."""
    for copy in BackupCopy.objects.filter(package=package):
        try:
            second().remove(copy.storage_key)
        except NoBackup:
            raise NoBackup(_("这份档案有异地副本，但备份存储现在没有配置，副本无法销毁。请恢复配置后重试。")) from None
        copy.delete()
    vault().remove(package.storage_key)
    package.state, package.destroyed_at, package.storage_key = PackageState.DESTROYED, now(), ""
    package.party_id, package.party_kind, package.damage, package.damaged_at = None, "", [], None
    package.save()


def _certificate(found: DestructionList, gone: list[ArchivePackage]) -> dict[str, Any]:
    return {
        "number": found.number,
        "title": found.title,
        "author": found.author_name,
        "reviewer": found.reviewer_name,
        "archivist": found.archivist_name,
        "ordered_at": local(found.ordered_at).isoformat(timespec="seconds") if found.ordered_at else "",
        "destroyed_at": local(now()).isoformat(timespec="seconds"),
        "files": [
            {
                "code": package.code,
                "title": package.title,
                "retention": package.retention,
                "size": package.size,
                "sm3": package.sm3,
                "manifest_sm3": package.manifest_sm3,
            }
            for package in gone
        ],
    }
