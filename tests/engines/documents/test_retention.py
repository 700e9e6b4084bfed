"""Retention of single files: what is due goes, what is held or belongs to a matter does not, shared bytes go last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shuzheng.engines.documents import gateways, jobs, keeping, policies, queries
from shuzheng.engines.documents.actions import (
    AddVersion,
    BreakLock,
    DisposeFile,
    HoldFile,
    ReleaseFile,
    RestoreVersion,
    SetRetention,
)
from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.errors import FileGone, FollowsArchive, HeldByOther, NoSuchFile, StorageDown
from shuzheng.engines.documents.gateways.filesystem import FilesystemStorage
from shuzheng.engines.documents.models import FileRetention, StoredFile
from shuzheng.engines.documents.policies import RETAIN, UNLOCK
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import at, now, today
from tests.engines.documents.samples import PDF

Store = Callable[..., StoredFile]
SYSTEM = Actor.system("test")


@pytest.fixture
def matters() -> Iterator[dict[UUID, UUID]]:
    """Files that belong to a matter of a test engine."""
    belonging: dict[UUID, UUID] = {}
    policies.belong(
        "test",
        lambda files: {belonging[file] for file in files if file in belonging},
        lambda matter: {file for file, found in belonging.items() if found == matter},
    )
    yield belonging
    policies._belonging._entries.pop("test")
    policies._files_of._entries.pop("test")


def a_package(matter: UUID, state: PackageState) -> ArchivePackage:
    """Return the archived package of a matter."""
    return ArchivePackage.objects.create(
        source="test", subject=matter, revision=1, code=str(matter), number="1", title="t", item_code="i", fonds="f",
        category="ZWFW", year=2012, retention="10年", nomination="destroy", secrecy="internal",
        division_path="36", sm3="", manifest_sm3="", closed_at=now(), state=state,
    )  # fmt: skip


def years_later(years: int = 2) -> Any:
    """Go on in some years."""
    return at(now() + timedelta(days=366 * years))


def test_when_the_time_is_over_the_bytes_go_and_the_record_stays(store: Store, actor: Actor, home: Path) -> None:
    file = store()
    path = home / "files" / file.storage_key
    retention = SetRetention.do(actor, file_id=file.pk, period="1年", basis="本人设定")
    assert retention.due_on == date(today().year + 1, today().month, today().day)
    jobs.dispose_files()
    assert path.exists()
    with years_later():
        jobs.dispose_files()
        jobs.dispose_files()
    assert not path.exists()
    gone = StoredFile.objects.get(pk=file.pk)
    assert (gone.sm3, gone.size, gone.name) == (file.sm3, file.size, file.name)
    assert "销毁" in gone.notice
    with pytest.raises(FileGone):
        queries.open_file(file.pk, actor)
    record = AuditRecord.objects.get(name="documents.dispose_file", subject_id=str(file.pk))
    assert record.detail["sm3"] == [file.sm3]


def test_all_versions_go_and_none_comes_back(store: Store, actor: Actor) -> None:
    file = store()
    AddVersion.do(actor, file_id=file.pk, content_id=store(content=PDF + b"2").pk)
    RestoreVersion.do(actor, file_id=file.pk)
    SetRetention.do(actor, file_id=file.pk, period="1年")
    with years_later():
        assert DisposeFile.do(SYSTEM, file_id=file.pk).versions == 3
        jobs.remove_bytes()
        with pytest.raises(FileGone):
            RestoreVersion.do(actor, file_id=file.pk)
    assert not list(gateways.storage().listing())


def test_bytes_of_several_files_stay_until_the_last_goes(
    store: Store, actor: Actor, stranger: Actor, home: Path
) -> None:
    mine, theirs = store(), store(by=stranger)
    SetRetention.do(actor, file_id=mine.pk, period="1年")
    SetRetention.do(stranger, file_id=theirs.pk, period="3年")
    with years_later():
        jobs.dispose_files()
        _file, stream = queries.open_file(theirs.pk, stranger)
        with stream:
            assert stream.read() == PDF
    with years_later(4):
        jobs.dispose_files()
    assert not (home / "files" / mine.storage_key).exists()


def test_a_hold_stops_the_end_until_it_is_released(store: Store, actor: Actor) -> None:
    file = store()
    SetRetention.do(actor, file_id=file.pk, period="1年")
    HoldFile.do(SYSTEM, file_id=file.pk, reason="行政诉讼（2026）赣01行初1号")
    with years_later():
        jobs.dispose_files()
        assert DisposeFile.do(SYSTEM, file_id=file.pk).versions == 0
        assert queries.file(file.pk, actor).bytes_gone_at is None
        ReleaseFile.do(SYSTEM, file_id=file.pk, reason="已结案")
        jobs.dispose_files()
    assert queries.file(file.pk, actor).bytes_gone_at is not None


@pytest.mark.parametrize("period", ["永久", "10年"])
def test_what_is_to_be_kept_is_kept(store: Store, actor: Actor, period: str) -> None:
    file = store()
    SetRetention.do(actor, file_id=file.pk, period=period, disposal="keep")
    with years_later(20):
        jobs.dispose_files()
    assert queries.file(file.pk, actor).bytes_gone_at is None


def test_a_file_of_a_matter_follows_its_archive(store: Store, actor: Actor, matters: dict[UUID, UUID]) -> None:
    file, matter = store(), new_id()
    SetRetention.do(actor, file_id=file.pk, period="1年")
    matters[file.pk] = matter
    with pytest.raises(FollowsArchive):
        SetRetention.do(actor, file_id=file.pk, period="2年")
    with years_later():
        jobs.dispose_files()
        package = a_package(matter, PackageState.KEPT)
        jobs.dispose_files()
        assert FileRetention.objects.get(file=file).look_on > today()
        assert queries.file(file.pk, actor).bytes_gone_at is None
        package.state = PackageState.DESTROYED
        package.save()
        assert DisposeFile.do(SYSTEM, file_id=file.pk).versions == 1


def test_what_two_matters_share_waits_for_both(store: Store, actor: Actor, request: pytest.FixtureRequest) -> None:
    one, other = new_id(), new_id()
    file = store()
    policies.belong("test", lambda files: {one, other}, lambda matter: {file.pk})
    request.addfinalizer(lambda: (policies._belonging._entries.pop("test"), policies._files_of._entries.pop("test")))
    a_package(one, PackageState.DESTROYED)
    assert DisposeFile.do(SYSTEM, file_id=file.pk).versions == 0
    a_package(other, PackageState.DESTROYED)
    assert DisposeFile.do(SYSTEM, file_id=file.pk).versions == 1


def test_a_storage_that_is_down_is_asked_again_the_next_night(
    store: Store, actor: Actor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store()
    SetRetention.do(actor, file_id=file.pk, period="1年")

    def down(self: FilesystemStorage, key: str) -> None:
        raise StorageDown

    with years_later():
        with monkeypatch.context() as outage:
            outage.setattr(FilesystemStorage, "remove", down)
            with pytest.raises(StorageDown):
                jobs.dispose_files()
        assert (home / "files" / file.storage_key).exists()
        with pytest.raises(FileGone):
            queries.open_file(file.pk, actor)
        jobs.dispose_files()
    assert not (home / "files" / file.storage_key).exists()


def test_a_night_works_in_batches(store: Store, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for number in range(5):
        SetRetention.do(actor, file_id=store(content=PDF + bytes([number])).pk, period="1年")
    with years_later():
        jobs.dispose_files()
    assert not StoredFile.objects.exclude(storage_key="").exists()


def test_a_row_that_always_fails_stops_no_other_and_is_reported(
    store: Store, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    files = [store(content=PDF + bytes([number])) for number in range(5)]
    for file in files:
        SetRetention.do(actor, file_id=file.pk, period="1年")
    broken, over = min(file.pk for file in files), keeping.over

    def fails(version: StoredFile, retention: FileRetention | None) -> bool:
        if version.pk == broken:
            raise ZeroDivisionError
        return over(version, retention)

    monkeypatch.setattr(keeping, "over", fails)
    with years_later(), pytest.raises(ZeroDivisionError):
        jobs.dispose_files()
    assert [file.pk for file in StoredFile.objects.exclude(storage_key="")] == [broken]


def official(*permissions: str, scope: str = "", unit: UUID | None = None) -> Actor:
    """Return an official of a unit with permissions in a division."""
    grants = frozenset(Grant(permission, scope) for permission in permissions)
    return Actor(
        name="张敏", account_id=new_id(), officer_id=new_id(), unit_ids=frozenset({unit or new_id()}), grants=grants
    )


@pytest.fixture
def in_nankang(matters: dict[UUID, UUID]) -> Iterator[None]:
    """All matters of the test lie in 南康区."""
    policies.place("test", lambda matter: "36.3607.360703" if matter in matters.values() else "")
    yield
    policies._placing._entries.pop("test")


def test_an_official_never_brings_the_end_of_anothers_file_about(store: Store, actor: Actor) -> None:
    file, archivist = store(), official(RETAIN)
    for wrong in (
        {"disposal": "destroy"},
        {"disposal": "keep", "starts_on": today() - timedelta(days=1)},
        {"disposal": "destroy", "starts_on": date(1990, 1, 1)},
    ):
        with pytest.raises(InvalidInput):
            SetRetention.do(archivist, {"file_id": file.pk, "period": "1年", **wrong})
    with pytest.raises(NoSuchFile):
        SetRetention.do(official(RETAIN, scope="36.3607.360703"), file_id=file.pk, period="1年", disposal="keep")
    assert SetRetention.do(archivist, file_id=file.pk, period="10年", disposal="keep").disposal == "keep"
    jobs.dispose_files()
    assert queries.file(file.pk, actor).bytes_gone_at is None


def test_what_an_office_set_its_holder_does_not_shorten_nor_anybody_backdate(store: Store, actor: Actor) -> None:
    file, archivist = store(), official(RETAIN)
    with pytest.raises(InvalidInput) as refused:
        SetRetention.do(actor, file_id=file.pk, period="1年", starts_on=today() - timedelta(days=400))
    assert [problem.path for problem in refused.value.errors] == ["starts_on"]
    SetRetention.do(actor, file_id=file.pk, period="1年", starts_on=today())
    SetRetention.do(archivist, file_id=file.pk, period="10年", disposal="keep")
    with pytest.raises(InvalidInput):
        SetRetention.do(actor, file_id=file.pk, period="1年")
    kept = FileRetention.objects.get(file=file)
    assert (kept.period, kept.disposal, kept.by_office) == ("10年", "keep", True)
    assert SetRetention.do(archivist, file_id=file.pk, period="5年", disposal="keep").period == "5年"


@pytest.mark.usefixtures("in_nankang")
def test_officials_hold_and_unlock_only_in_the_division_of_the_matter(
    store: Store, actor: Actor, matters: dict[UUID, UUID]
) -> None:
    file, loose = store(), store(content=PDF + b"2")
    matters[file.pk] = new_id()
    elsewhere = official(RETAIN, UNLOCK, scope="36.3607.360702")
    here = official(RETAIN, UNLOCK, scope="36.3607")
    for refused in (
        lambda: HoldFile.do(elsewhere, file_id=file.pk, reason="行政诉讼"),
        lambda: BreakLock.do(elsewhere, file_id=file.pk, reason="急件"),
        lambda: ReleaseFile.do(elsewhere, file_id=file.pk, reason="已结案"),
        lambda: HoldFile.do(here, file_id=loose.pk, reason="行政诉讼"),
    ):
        with pytest.raises(NotPermitted):
            refused()
    BreakLock.do(here, file_id=file.pk, reason="急件")
    assert HoldFile.do(here, file_id=file.pk, reason="行政诉讼").held


def test_only_the_office_that_holds_releases(store: Store) -> None:
    file, unit = store(), new_id()
    HoldFile.do(official(RETAIN, unit=unit), file_id=file.pk, reason="行政诉讼")
    other = official(RETAIN)
    for change in (HoldFile, ReleaseFile):
        with pytest.raises(HeldByOther):
            change.do(other, file_id=file.pk, reason="不再需要")
    assert not ReleaseFile.do(official(RETAIN, unit=unit), file_id=file.pk, reason="已结案").held


def test_nobody_ends_or_holds_a_file_by_hand_without_the_right(store: Store, actor: Actor, stranger: Actor) -> None:
    file = store()
    for refused in (
        lambda: DisposeFile.do(actor, file_id=file.pk),
        lambda: HoldFile.do(actor, file_id=file.pk, reason="不让删"),
    ):
        with pytest.raises(NotPermitted):
            refused()
    with pytest.raises(NoSuchFile):
        SetRetention.do(stranger, file_id=file.pk, period="1年")


@pytest.mark.parametrize("wrong", [{"period": "三年"}, {"period": ""}, {"period": "永久", "disposal": "destroy"}])
def test_a_period_that_nobody_understands_is_refused(store: Store, actor: Actor, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        SetRetention.do(actor, {"file_id": store().pk, **wrong})
