"""The joint backup centre: copying, reading back, and drills (GB/T 20988)."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from time import monotonic

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.documents.archive import keeping
from shuzheng.engines.documents.archive.backup import bring_back, problem_of
from shuzheng.engines.documents.archive.errors import NoBackup
from shuzheng.engines.documents.archive.gateways import room, second, vault
from shuzheng.engines.documents.archive.models import ArchivePackage, BackupCopy, BackupDrill
from shuzheng.engines.documents.archive.package import unpack
from shuzheng.engines.documents.archive.policies import BACKUP
from shuzheng.engines.documents.archive.verifier import verify
from shuzheng.engines.documents.gateways.storage import PIECE
from shuzheng.engines.trust import ledger
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: Every copy is read at least this often.
INTERVAL = timedelta(days=30)


class BackUpInput(Input):
    """How many packages at most."""

    most: int = Field(default=50, ge=1, le=1000)


class BackedUp(BaseModel):
    """What a run did."""

    copied: int
    verified: int
    #: Codes whose copies were not intact; they were copied anew where the original is intact.
    broken: list[str]


class BackUpArchive(Action[BackUpInput, BackedUp]):
    """Copy what has no copy yet into the second storage, and read old copies back (异地备份). Raises NoBackup, StorageFull."""

    name = "documents.back_up_archive"
    permission = BACKUP
    title = _("备份档案")

    def perform(self, actor: Actor, given: BackUpInput) -> BackedUp:
        """Copy the oldest first, then read back the copies that have not been read for the longest."""
        second()
        waiting = without_copy().select_for_update(of=("self",), skip_locked=True).order_by("archived_at", "id")
        copied = sum(_copy(package) for package in waiting[: given.most])
        broken, verified = [], 0
        rows = BackupCopy.objects.select_for_update(of=("self",), skip_locked=True).select_related("package")
        for copy in rows.filter(verified_at__lt=now() - INTERVAL).order_by("verified_at")[: given.most]:
            copy.problem, copy.verified_at = problem_of(copy), now()
            copy.save(update_fields=["problem", "verified_at"])
            verified += 1
            if copy.problem:
                broken.append(copy.package.code)
                self.emit("documents.archive_copy_damaged", copy.package.pk, code=copy.package.code)
                second().remove(copy.storage_key)
                _copy(copy.package)
        self.about(copied=copied, verified=verified, broken=broken)
        return BackedUp(copied=copied, verified=verified, broken=broken)


def without_copy() -> QuerySet[ArchivePackage]:
    """Return the packages whose content is here only."""
    return ArchivePackage.objects.filter(copy=None).exclude(storage_key="")


def _copy(package: ArchivePackage) -> bool:
    """Copy one package and read the copy back; say whether it is there now. A damaged original is not copied."""
    with tempfile.TemporaryDirectory(prefix="archive-") as scratch, room():
        path = Path(scratch) / "package.zip"
        try:
            with vault().open(package.storage_key) as incoming, path.open("wb") as outgoing:
                shutil.copyfileobj(incoming, outgoing, PIECE)
        except FileNotFoundError:
            return False
        key, digest = second().keep(path)
    if digest != package.sm3:
        second().remove(key)
        return False
    copy = BackupCopy(package=package, storage_key=key)
    if problem_of(copy):
        return False
    BackupCopy.objects.update_or_create(
        package=package, defaults={"storage_key": key, "verified_at": now(), "problem": ""}
    )
    return True


class DrillInput(Input):
    """How many packages to restore."""

    sample: int = Field(default=20, ge=1, le=1000)


class DrillBackup(Action[DrillInput, BackupDrill]):
    """Restore a sample from the second storage to a scratch place, verify it by its own script, and write down what it took
    (恢复演练). The archive itself is not touched. Raises NoBackup.
    """

    name = "documents.drill_backup"
    permission = BACKUP
    title = _("恢复演练")

    def perform(self, actor: Actor, given: DrillInput) -> BackupDrill:
        """Restore, verify, measure."""
        second()
        sample = list(
            ArchivePackage.objects.filter(copy__isnull=False).exclude(storage_key="").order_by("?")[: given.sample]
        )
        if not sample:
            raise NoBackup
        drill = BackupDrill(officer_name=actor.name, packages=len(sample), rpo=_exposed())
        began = monotonic()
        for package in sample:
            drill.size += package.size
            drill.findings += [{"code": package.code, "problem": problem} for problem in _restore(package)]
        drill.duration = max(monotonic() - began, 0.001)
        drill.rto = _all() * drill.duration / max(drill.size, 1)
        drill.sound = not drill.findings
        drill.save()
        ledger.append(keeping.DRILLED, str(drill.pk), {"packages": drill.packages, "sound": drill.sound})
        self.about(drill, packages=drill.packages, sound=drill.sound)
        return drill


def _restore(package: ArchivePackage) -> list[str]:
    """Restore one package to a scratch folder and return what its own script finds wrong."""
    with tempfile.TemporaryDirectory(prefix="drill-") as scratch:
        try:
            with bring_back(package) as path, path.open("rb") as stream:
                unpack(stream, Path(scratch))
        except NoBackup:
            return ["no-intact-copy"]
        return [f"{what} {name}" for name, what in verify.problems(Path(scratch))]


def _exposed() -> float:
    """Return the age in seconds of the oldest package that has no copy."""
    oldest = without_copy().order_by("archived_at").values_list("archived_at", flat=True).first()
    return (now() - oldest).total_seconds() if oldest else 0.0


def _all() -> int:
    """Return the bytes of the whole archive."""
    return ArchivePackage.objects.exclude(storage_key="").aggregate(total=Sum("size"))["total"] or 0
