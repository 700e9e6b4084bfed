"""Reading packages again (定期校验), and mending a damaged one from its copy."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.archive import keeping
from shuzheng.engines.documents.archive.backup import bring_back
from shuzheng.engines.documents.archive.gateways import room, vault
from shuzheng.engines.documents.archive.models import ArchivePackage, FixityRun
from shuzheng.engines.documents.archive.package import digest_of, problems_of
from shuzheng.engines.documents.archive.policies import MANAGE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: Every package is read at least this often.
INTERVAL = timedelta(days=90)


class CheckFixityInput(Input):
    """How many at most; ``all`` reads also those that were read lately."""

    most: int = Field(default=50, ge=1, le=1000)
    all: bool = False


class CheckFixity(Action[CheckFixityInput, FixityRun]):
    """Read the packages that have not been read for the longest, and compare every byte with what was written down.

    A mismatch is marked, announced as ``documents.archive_damaged`` once, and keeps nobody from reading on.
    """

    name = "documents.check_fixity"
    permission = MANAGE
    title = _("校验库存档案")

    def perform(self, actor: Actor, given: CheckFixityInput) -> FixityRun:
        """Read a batch; packages that another run holds are left to it."""
        began, run = monotonic(), FixityRun()
        rows = ArchivePackage.objects.select_for_update(skip_locked=True).exclude(storage_key="")
        if not given.all:
            rows = rows.filter(verified_at__lt=now() - INTERVAL)
        for package in rows.order_by("verified_at", "id")[: given.most]:
            run.packages += 1
            run.size += self._read(package, run)
        run.duration = monotonic() - began
        if run.packages:
            run.save()
        self.about(run if run.packages else None, packages=run.packages, damaged=len(run.damaged))
        return run

    def _read(self, package: ArchivePackage, run: FixityRun) -> int:
        damage, size = damage_of(package)
        package.verified_at, package.damage = now(), damage
        if damage:
            run.damaged.append(package.code)
            if package.damaged_at is None:
                self.emit("documents.archive_damaged", package.pk, code=package.code, files=len(damage))
        package.damaged_at = (package.damaged_at or now()) if damage else None
        package.save(update_fields=["verified_at", "damage", "damaged_at"])
        return size


def damage_of(package: ArchivePackage) -> tuple[list[dict[str, str]], int]:
    """Return what is wrong with the stored bytes, file by file, and how many bytes were read."""
    try:
        with vault().open(package.storage_key) as stream:
            digest, size = digest_of(stream)
    except OSError:
        return [{"path": "", "problem": "missing"}], 0
    if digest == package.sm3:
        return [], size
    with vault().open(package.storage_key) as stream:
        found = problems_of(stream) or [("", "changed")]
    return [{"path": path, "problem": problem} for path, problem in found], size


class RepairPackageInput(Input):
    """Which package."""

    package_id: UUID


class RepairPackage(Action[RepairPackageInput, ArchivePackage]):
    """Put an intact copy from the second storage in the place of damaged bytes (备份修复). Raises NoBackup."""

    name = "documents.repair_archive"
    permission = MANAGE
    title = _("用备份修复档案")

    def scope(self, actor: Actor, given: RepairPackageInput) -> str:
        """Ask for the permission in the package's division."""
        return str(keeping.locked(given.package_id).division_path)

    def perform(self, actor: Actor, given: RepairPackageInput) -> ArchivePackage:
        """Fetch, compare, replace."""
        package = keeping.locked(given.package_id)
        with bring_back(package) as path, room():
            vault().remove(package.storage_key)
            package.storage_key, _digest = vault().keep(path)
        package.damaged_at, package.damage, package.verified_at = None, [], now()
        package.save(update_fields=["storage_key", "damaged_at", "damage", "verified_at"])
        self.about(package, code=package.code)
        return package
