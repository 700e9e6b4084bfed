"""Storing files: checked, scanned, content-addressed, once."""

from __future__ import annotations

import hashlib
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents import jobs, queries
from shuzheng.engines.documents.actions import BeginUpload, ClearUploads, DiscardUpload, RescanFile, StoreFile
from shuzheng.engines.documents.errors import (
    FileGone,
    FileTooLarge,
    Infected,
    InQuarantine,
    NoSuchFile,
    NoSuchUpload,
    TooManyUploads,
    UploadIncomplete,
)
from shuzheng.engines.documents.gateways.filesystem import FilesystemStorage
from shuzheng.engines.documents.models import ScanStatus, StoredFile, Upload
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import now
from tests.engines.documents.samples import PDF

# The EICAR test string, in two halves so that scanners leave this file alone.
EICAR = b"%PDF-1.7\n" + rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SYSTEM = Actor.system("test")
Store = Callable[..., StoredFile]


class FakeClamd(socketserver.BaseRequestHandler):
    """Speaks INSTREAM as clamd does and finds EICAR."""

    def handle(self) -> None:
        with self.request.makefile("rb") as line:
            assert line.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", line.read(4))[0]:
                content += line.read(length)
        found = b"EICAR-STANDARD" in content
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[None]:
    """A scanner that answers, over TCP and over a Unix socket."""
    if request.param == "tcp":
        server: Any = socketserver.TCPServer(("127.0.0.1", 0), FakeClamd)
        settings.ANTIVIRUS = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.UnixStreamServer(str(tmp_path / "clamd"), FakeClamd)
        settings.ANTIVIRUS = f"unix://{tmp_path / 'clamd'}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stored_file_lies_under_the_sm3_of_its_content(store: Store, home: Path, actor: Actor) -> None:
    file = store("申请书.pdf")
    assert file.sm3 == hashlib.new("sm3", PDF).hexdigest()
    assert (home / "files" / file.storage_key).read_bytes() == PDF
    assert (file.name, file.size, file.owner_account_id) == ("申请书.pdf", len(PDF), actor.account_id)
    assert file.scan_status == ScanStatus.NOT_SCANNED


def test_the_same_content_is_kept_once_for_two_owners(store: Store, stranger: Actor, home: Path) -> None:
    one, other = store("甲.pdf"), store("乙.pdf", by=stranger)
    assert one.pk != other.pk
    assert one.storage_key == other.storage_key
    assert len([path for path in (home / "files" / "sm3").rglob("*") if path.is_file()]) == 1


def test_storing_an_upload_twice_returns_the_same_file(store: Store, actor: Actor) -> None:
    file = store()
    again = StoreFile.do(actor, upload_id=Upload.objects.get(file=file).pk)
    assert again.pk == file.pk
    assert StoredFile.objects.count() == 1


def test_a_file_that_is_too_big_is_refused_before_any_byte_is_sent(actor: Actor, settings: Any) -> None:
    with pytest.raises(FileTooLarge) as refusal:
        BeginUpload.do(actor, name="a.pdf", length=settings.FILE_LIMIT + 1)
    assert "1 MB" in str(refusal.value)
    assert not Upload.objects.exists()


def test_an_upload_that_has_not_all_arrived_is_not_stored(actor: Actor) -> None:
    upload = BeginUpload.do(actor, name="a.pdf", length=10)
    with pytest.raises(UploadIncomplete):
        StoreFile.do(actor, upload_id=upload.pk)


def test_nobody_stores_another_accounts_upload(actor: Actor, stranger: Actor) -> None:
    upload = BeginUpload.do(actor, name="a.pdf", length=10)
    with pytest.raises(NoSuchUpload):
        StoreFile.do(stranger, upload_id=upload.pk)


def test_unfinished_uploads_of_an_account_are_bounded(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuzheng.engines.documents.actions.begin_upload.MOST_UPLOADS", 2)
    for _turn in range(2):
        BeginUpload.do(actor, name="a.pdf", length=10)
    with pytest.raises(TooManyUploads):
        BeginUpload.do(actor, name="a.pdf", length=10)


@pytest.mark.usefixtures("clamd")
def test_a_clean_file_passes_the_scanner(store: Store) -> None:
    assert store().scan_status == ScanStatus.CLEAN


@pytest.mark.usefixtures("clamd")
def test_a_virus_is_refused_and_nothing_of_it_is_kept(store: Store, home: Path) -> None:
    with pytest.raises(Infected):
        store(content=EICAR)
    assert not StoredFile.objects.exists()
    assert not (home / "files" / "sm3").exists()


@pytest.mark.parametrize("address", ["failing", "tcp://127.0.0.1:1", "unix:///nowhere/clamd"])
def test_while_the_scanner_is_down_a_file_waits_in_quarantine(
    store: Store, actor: Actor, settings: Any, address: str
) -> None:
    settings.ANTIVIRUS = address
    file = store()
    assert file.scan_status == ScanStatus.QUARANTINED
    assert "已收到" in file.notice
    with pytest.raises(InQuarantine):
        queries.open_file(file.pk, actor)


def test_the_job_releases_from_quarantine_once_the_scanner_answers(
    store: Store, settings: Any, request: pytest.FixtureRequest
) -> None:
    settings.ANTIVIRUS = "failing"
    file = store()
    jobs.rescan(0)
    file.refresh_from_db()
    assert file.scan_status == ScanStatus.QUARANTINED
    settings.ANTIVIRUS = "none"
    jobs.rescan(0)
    file.refresh_from_db()
    assert file.readable


@pytest.mark.django_db(transaction=True)
def test_a_virus_found_later_is_destroyed_for_every_owner_and_announced(
    request: pytest.FixtureRequest, settings: Any, home: Path
) -> None:
    settings.ANTIVIRUS = "failing"
    store: Store = request.getfixturevalue("store")
    stranger: Actor = request.getfixturevalue("stranger")
    first, second = store(content=EICAR), store(content=EICAR, by=stranger)
    settings.ANTIVIRUS = "none"
    request.getfixturevalue("clamd_tcp")
    RescanFile.do(SYSTEM, file_id=first.pk)
    assert set(StoredFile.objects.values_list("scan_status", flat=True)) == {ScanStatus.INFECTED}
    assert not (home / "files" / first.storage_key).exists()
    told = EventRecord.objects.filter(type="documents.file_infected").values_list("subject", flat=True)
    assert set(told) == {str(first.pk), str(second.pk)}


@pytest.fixture
def clamd_tcp(settings: Any) -> Iterator[None]:
    """A scanner that answers over TCP."""
    server = socketserver.TCPServer(("127.0.0.1", 0), FakeClamd)
    settings.ANTIVIRUS = f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_whose_bytes_are_gone_or_lost_holds_no_other_in_quarantine(
    store: Store, settings: Any, home: Path
) -> None:
    settings.ANTIVIRUS = "failing"
    gone, lost, waiting = store(content=b"%PDF-1.7 a"), store(content=b"%PDF-1.7 b"), store(content=b"%PDF-1.7 c")
    StoredFile.objects.filter(pk=gone.pk).update(bytes_gone_at=now(), storage_key="")
    (home / "files" / lost.storage_key).unlink()
    settings.ANTIVIRUS = "none"
    jobs.rescan(0)
    waiting.refresh_from_db()
    assert waiting.readable
    assert RescanFile.do(SYSTEM, file_id=gone.pk).scan_status == ScanStatus.QUARANTINED
    with pytest.raises(FileGone):
        content_of(StoredFile.objects.get(pk=gone.pk))


def test_rescanning_an_unknown_file_says_so(db: None, actor: Actor) -> None:
    with pytest.raises(NoSuchFile):
        RescanFile.do(SYSTEM, file_id=actor.account_id)


def test_a_discarded_upload_leaves_the_file_that_it_became(store: Store, actor: Actor) -> None:
    file = store()
    DiscardUpload.do(actor, upload_id=Upload.objects.get(file=file).pk)
    assert not Upload.objects.exists()
    assert queries.file(file.pk, actor) == file


def test_a_resident_neither_clears_uploads_nor_releases_files(store: Store, actor: Actor) -> None:
    file = store()
    with pytest.raises(NotPermitted):
        ClearUploads.do(actor)
    with pytest.raises(NotPermitted):
        RescanFile.do(actor, file_id=file.pk)


def test_what_a_killed_writer_left_is_cleared_without_a_walk_through_what_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, source = FilesystemStorage(tmp_path / "files"), tmp_path / "source"
    source.write_bytes(PDF)
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", _killed)
        killed.setattr(Path, "unlink", lambda *_given, **_how: None)
        with pytest.raises(KeyboardInterrupt):
            storage.keep(source)
    assert not list(storage.listing())
    monkeypatch.setattr(FilesystemStorage, "listing", _killed)
    assert storage.tidy(now() - timedelta(hours=1)) == 0
    assert storage.tidy(now() + timedelta(hours=1)) == 1
    key, _digest = storage.keep(source)
    assert storage.tidy(now() + timedelta(hours=1)) == 0
    assert storage.size(key) == len(PDF)


def _killed(*_given: Any) -> None:
    raise KeyboardInterrupt
