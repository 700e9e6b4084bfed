"""Archiving a closed matter, dating it, and taking note that it was opened again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.archive import keeping
from shuzheng.engines.documents.archive.building import Built, building
from shuzheng.engines.documents.archive.checks import Finding
from shuzheng.engines.documents.archive.content import ArchiveContent
from shuzheng.engines.documents.archive.gateways import room, vault
from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.package import digest_of
from shuzheng.engines.documents.archive.policies import MANAGE, PACK
from shuzheng.engines.documents.archive.retention import Dates
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class PackArchive(Action[ArchiveContent, ArchivePackage]):
    """Archive one revision of a closed matter (归档); once more, and the same package comes back.

    A later revision makes a new version; the old one is kept. Bytes are stored before the record, so that a record never
    lacks its bytes; bytes without a record are swept. Raises StorageFull.
    """

    name = "documents.archive_package"
    permission = PACK
    title = _("归档")

    def perform(self, actor: Actor, given: ArchiveContent) -> ArchivePackage:
        """Build, store, read back, write down, and put the manifest's digest into the ledger."""
        before = keeping.latest(given.source, given.subject)
        done = ArchivePackage.objects.filter(
            source=given.source, subject=given.subject, revision=given.revision
        ).first()
        if done is not None:
            return done
        version = before.version + 1 if before else 1
        code = keeping.code_for(given.rule, fonds=given.fonds, year=given.year, number=given.number, version=version)
        with room(), building(given, code=code, version=version) as built:
            package = self._stored(given, built, code, version)
        entry = ledger.append(
            keeping.PACKED, code, {"digest": package.manifest_sm3, "algorithm": "sm3", "package": package.sm3}
        )
        package.ledger_entry = entry.id
        if before is not None and before.state in (PackageState.KEPT, PackageState.REOPENED):
            before.state, before.due_on = PackageState.SUPERSEDED, None
            before.save(update_fields=["state", "due_on"])
        package.save()
        self.about(
            package, case_id=given.subject, division=given.division, code=code, sound=package.sound, sm3=package.sm3
        )
        self.emit("documents.archive_packed", package.pk, code=code, matter=str(given.subject), sound=package.sound)
        return package

    def _stored(self, given: ArchiveContent, built: Built, code: str, version: int) -> ArchivePackage:
        key, digest = vault().keep(built.path)
        with vault().open(key) as stream:
            again, size = digest_of(stream)
        findings = [*built.findings, *([Finding("read-back")] if again != digest else [])]
        package = ArchivePackage(
            **given.model_dump(include={"source", "subject", "revision", "number", "title", "item_code", "fonds"}),
            organ=given.organ,
            version=version,
            code=code,
            category=given.rule.category,
            classification=given.rule.classification,
            year=given.year,
            retention=given.rule.retention,
            nomination=given.rule.nomination,
            secrecy=given.rule.secrecy or given.secrecy,
            rule=given.rule.model_dump(mode="json"),
            division_path=given.division,
            party_kind=given.party.kind,
            party_id=given.party.id,
            elements=given.elements,
            storage_key=key,
            size=size,
            sm3=digest,
            manifest_sm3=provider().sm3(built.manifest).hex(),
            contents=[asdict(entry) for entry in built.entries],
            findings=[finding.stored() for finding in findings],
            sound=not any(finding.grave for finding in findings),
            closed_at=given.closed_at,
        )
        keeping.date_it(package, given.dates)
        return package


class MatterInput(Input):
    """Which matter of which engine."""

    source: str = Field(max_length=20)
    subject: UUID


class RecallPackage(Action[MatterInput, None]):
    """Take note that an archived matter was opened again: while it is open, nothing of it falls due."""

    name = "documents.recall_archive"
    permission = PACK
    title = _("办件重新办理，暂停计算保管期限")

    def perform(self, actor: Actor, given: MatterInput) -> None:
        """Stop counting, unless it is gone or stands with others already."""
        package = keeping.latest(given.source, given.subject)
        if package is None or package.state != PackageState.KEPT:
            return
        package.state, package.due_on = PackageState.REOPENED, None
        package.save(update_fields=["state", "due_on"])
        self.about(package, case_id=given.subject, code=package.code)


class DatePackageInput(MatterInput):
    """What is known now."""

    dates: Dates


class DatePackage(Action[DatePackageInput, None]):
    """Count retention again, because a day became known or changed (e.g. the last related case closed)."""

    name = "documents.date_archive"
    permission = PACK
    title = _("重新计算保管期限")

    def perform(self, actor: Actor, given: DatePackageInput) -> None:
        """Keep a day that a person entered; count again."""
        package = keeping.latest(given.source, given.subject)
        if package is None or package.state != PackageState.KEPT:
            return
        known = Dates.model_validate(package.dates)
        keeping.date_it(package, given.dates.model_copy(update={"event_on": given.dates.event_on or known.event_on}))
        package.save(update_fields=["dates", "starts_on", "due_on"])
        self.about(package, case_id=given.subject, code=package.code)


class EnterEventInput(Input):
    """Which package, the day of the event, and how it is known."""

    package_id: UUID
    event_on: date
    reason: str = Field(min_length=2, max_length=500)


class EnterEvent(Action[EnterEventInput, ArchivePackage]):
    """Enter the day of the statutory event from which retention counts (登记起算事件). Raises NoSuchPackage."""

    name = "documents.enter_archive_event"
    permission = MANAGE
    title = _("登记保管期限起算事件")

    def scope(self, actor: Actor, given: EnterEventInput) -> str:
        """Ask for the permission in the package's division."""
        return str(keeping.locked(given.package_id).division_path)

    def perform(self, actor: Actor, given: EnterEventInput) -> ArchivePackage:
        """Count from that day."""
        package = keeping.locked(given.package_id)
        known = Dates.model_validate(package.dates)
        keeping.date_it(package, known.model_copy(update={"event_on": given.event_on}))
        package.save(update_fields=["dates", "starts_on", "due_on"])
        self.about(package, code=package.code, event_on=given.event_on.isoformat(), reason=given.reason)
        return package
