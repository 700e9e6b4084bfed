"""Storage in a bucket: a real server that checks signatures, and every way in which it can fail us."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.documents import gateways, queries
from shuzheng.engines.documents.actions import AddVersion, BeginUpload, ClearUploads, StoreFile
from shuzheng.engines.documents.archive.gateways import second, vault
from shuzheng.engines.documents.errors import ContentDamaged, StorageDown, StorageFull
from shuzheng.engines.documents.gateways.places import BadAddress, at, ours, place_of
from shuzheng.engines.documents.gateways.s3 import S3Storage
from shuzheng.engines.documents.gateways.s3_client import S3Place
from shuzheng.engines.documents.gateways.storage import Storage, key_of
from shuzheng.engines.documents.models import StoredFile, Upload
from shuzheng.engines.documents.receiving import append
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from tests.engines.documents.s3_server import BUCKET, Line, S3Server, line_to, refuse, s3_server
from tests.engines.documents.samples import PDF

MEGABYTE = 1024 * 1024
SYSTEM = Actor.system("test")
Store = Callable[..., StoredFile]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """One server for the tests that do not kill it."""
    with s3_server() as running:
        yield running


def use(settings: Any, endpoint: str, server: S3Server, prefix: str = "") -> None:
    """Have this installation keep its files there; it gives up soon."""
    settings.STORAGE, settings.S3_ENDPOINT, settings.S3_BUCKET, settings.S3_PREFIX = "s3", endpoint, BUCKET, prefix
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = server.access_key, server.secret_key
    settings.S3_CONNECT_TIMEOUT, settings.S3_READ_TIMEOUT, settings.S3_ATTEMPTS = 0.5, 0.5, 2
    settings.S3_PART_SIZE = 5 * MEGABYTE


@pytest.fixture
def bucket(server: S3Server, settings: Any, tmp_path: Path) -> Storage:
    """The storage of files, in a corner of the bucket of this test's own."""
    use(settings, server.endpoint, server, tmp_path.name)
    return gateways.storage()


@pytest.fixture
def line(server: S3Server, settings: Any, tmp_path: Path) -> Iterator[Line]:
    """A way to the server that can be made to fail."""
    with line_to(server) as found:
        use(settings, found.endpoint, server, tmp_path.name)
        yield found


def a_source(folder: Path, size: int = 100) -> Path:
    """Return a local file of random bytes."""
    path = folder / f"source-{size}"
    path.write_bytes(os.urandom(size))
    return path


def keys_in(server: S3Server, prefix: str) -> list[str]:
    """Return the keys that the server holds, asked by another client."""
    listed = server.client().list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return [found["Key"] for found in listed.get("Contents", [])]


# -- as it should be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 100, 5 * MEGABYTE, 12 * MEGABYTE + 7])
def test_what_is_stored_comes_back_whole_and_in_ranges(bucket: Storage, tmp_path: Path, size: int) -> None:
    source = a_source(tmp_path, size)
    content = source.read_bytes()
    key, digest = bucket.keep(source)
    assert digest == hashlib.new("sm3", content).hexdigest()
    assert bucket.size(key) == size
    with bucket.verified(key) as stream:
        assert stream.read() == content
    with bucket.open(key) as stream:
        stream.seek(size // 2)
        assert stream.read(10) == content[size // 2 : size // 2 + 10]
        stream.seek(-1, 2)
        assert stream.read() == content[-1:]
        stream.seek(0)
        assert stream.read() == content


def test_a_key_tells_nothing_but_the_sm3(bucket: Storage, server: S3Server, store: Store, tmp_path: Path) -> None:
    file = store("张三的身份证.pdf")
    held = keys_in(server, tmp_path.name)
    assert held == [f"{tmp_path.name}/files/{key_of(file.sm3)}"]


def test_versions_are_previewed_whole_and_in_ranges_from_a_bucket(
    bucket: Storage, store: Store, actor: Actor, browser: Client
) -> None:
    first = store()
    second = AddVersion.do(actor, file_id=first.pk, content_id=store(content=PDF + b"2").pk)
    assert b"".join(browser.get(f"/files/{first.pk}?preview")) == PDF
    assert b"".join(browser.get(f"/files/{second.pk}?preview")) == PDF + b"2"
    part = browser.get(f"/files/{second.pk}?preview", headers={"Range": "bytes=-3"})
    assert (part.status_code, b"".join(part)) == (206, (PDF + b"2")[-3:])


def test_the_same_content_is_sent_once(line: Line, tmp_path: Path) -> None:
    source = a_source(tmp_path)
    storage = gateways.storage()
    assert storage.keep(source) == storage.keep(source)
    assert len([request for request in line.seen if request.startswith("PUT")]) == 1


def test_content_that_appears_between_looking_and_sending_is_left_alone(
    bucket: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (100, 6 * MEGABYTE):
        source = a_source(tmp_path, size)
        key, _digest = bucket.keep(source)
        with monkeypatch.context() as blind:
            blind.setattr(S3Storage, "size", lambda self, key: None)
            assert bucket.keep(source)[0] == key
        with bucket.verified(key) as stream:
            assert stream.read() == source.read_bytes()


def test_a_server_without_conditional_writes_is_served_too(line: Line, tmp_path: Path) -> None:
    def old(request: BaseHTTPRequestHandler) -> bool:
        return "If-None-Match" in request.headers and refuse(request, 501, "NotImplemented")

    line.fault = old
    key, _digest = gateways.storage().keep(a_source(tmp_path))
    assert gateways.storage().size(key) == 100


def test_listing_and_removing(bucket: Storage, tmp_path: Path) -> None:
    keys = {bucket.keep(a_source(tmp_path, size))[0] for size in (10, 20, 30)}
    assert {key for key, _since in bucket.listing()} == keys
    for key in keys:
        bucket.remove(key)
        bucket.remove(key)
        with pytest.raises(FileNotFoundError):
            bucket.open(key)
    assert not list(bucket.listing())


def test_keys_may_lie_in_a_file(server: S3Server, settings: Any, tmp_path: Path) -> None:
    use(settings, server.endpoint, server, tmp_path.name)
    settings.S3_ACCESS_KEY = settings.S3_SECRET_KEY = ""
    settings.S3_CREDENTIALS = str(tmp_path / "keys")
    with pytest.raises(StorageDown) as refusal:
        gateways.storage().probe()
    assert "SHUZHENG_S3_CREDENTIALS" in refusal.value.params["reason"]
    (tmp_path / "keys").write_text(
        f"[default]\naws_access_key_id = {server.access_key}\naws_secret_access_key = {server.secret_key}\n"
    )
    gateways.storage().probe()


def test_vault_and_second_storage_lie_apart_from_the_files(
    bucket: Storage, server: S3Server, settings: Any, tmp_path: Path
) -> None:
    settings.ARCHIVE_BACKUP = f"s3://{BUCKET}/{tmp_path.name}-elsewhere?endpoint={server.endpoint}"
    source = a_source(tmp_path)
    key, _digest = bucket.keep(source)
    vault().keep(source)
    second().keep(source)
    bucket.remove(key)
    assert keys_in(server, tmp_path.name) == [
        f"{tmp_path.name}-elsewhere/{key}",
        f"{tmp_path.name}/archive/{key}",
    ]


@pytest.mark.parametrize("address", ["ftp://a/b", "s3:///b", "s3://user@b/", "s3://b/?secret=1"])
def test_an_address_that_names_no_storage_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        place_of(address)


def test_settings_that_name_no_storage_are_refused(settings: Any) -> None:
    settings.STORAGE = "tape"
    with pytest.raises(BadAddress, match="tape"):
        ours()
    settings.STORAGE = "s3"
    with pytest.raises(BadAddress, match="SHUZHENG_S3_BUCKET"):
        ours()


# -- faults --------------------------------------------------------------------------------------------------


def test_wrong_keys_are_refused_by_the_server_and_told_to_the_operator(bucket: Storage, settings: Any) -> None:
    settings.S3_SECRET_KEY = "wrong" * 8
    with pytest.raises(StorageDown) as refusal:
        gateways.storage().probe()
    assert "SignatureDoesNotMatch" in refusal.value.params["reason"]
    assert "存储" in str(refusal.value)
    assert "Signature" not in str(refusal.value)


def test_an_unknown_key_id_is_refused(bucket: Storage, settings: Any) -> None:
    settings.S3_ACCESS_KEY = "AKIAQQQQQQQQQQQQQQQQ"
    with pytest.raises(StorageDown):
        gateways.storage().probe()


def test_a_bucket_that_is_not_there_is_named(bucket: Storage, settings: Any) -> None:
    settings.S3_BUCKET = "nowhere"
    with pytest.raises(StorageDown) as refusal:
        gateways.storage().probe()
    assert "nowhere: NoSuchBucket" in refusal.value.params["reason"]


def test_nobody_listens(server: S3Server, settings: Any, tmp_path: Path) -> None:
    use(settings, "http://127.0.0.1:1", server)
    with pytest.raises(StorageDown):
        gateways.storage().keep(a_source(tmp_path))


def test_an_upload_outlives_an_unreachable_storage(line: Line, actor: Actor, server: S3Server, tmp_path: Path) -> None:
    line.fault = lambda request: refuse(request, 503, "ServiceUnavailable")
    upload = BeginUpload.do(actor, name="户口簿.pdf", length=len(PDF))
    pieces = iter([PDF])
    append(upload, 0, lambda size: next(pieces, b""))
    with pytest.raises(StorageDown):
        StoreFile.do(actor, upload_id=upload.pk)
    assert not StoredFile.objects.exists()
    assert Upload.objects.get().file_id is None
    line.fault = None
    file = StoreFile.do(actor, upload_id=upload.pk)
    _file, stream = queries.open_file(file.pk, actor)
    with stream:
        assert stream.read() == PDF


def test_two_errors_and_then_an_answer_are_an_answer(line: Line, settings: Any, tmp_path: Path) -> None:
    settings.S3_ATTEMPTS = 4
    failures = iter([True, True])
    line.fault = lambda request: next(failures, False) and refuse(request, 500, "InternalError")
    key, _digest = gateways.storage().keep(a_source(tmp_path))
    assert gateways.storage().size(key) == 100


def test_a_full_bucket_says_so_and_keeps_nothing(line: Line, server: S3Server, tmp_path: Path) -> None:
    line.fault = lambda request: request.command == "PUT" and refuse(request, 507, "InsufficientStorage")
    for size in (100, 6 * MEGABYTE):
        with pytest.raises(StorageFull):
            gateways.storage().keep(a_source(tmp_path, size))
    assert not keys_in(server, tmp_path.name)
    assert not server.client().list_multipart_uploads(Bucket=BUCKET).get("Uploads")


def test_a_server_that_hangs_is_given_up_within_the_limit(line: Line, settings: Any, tmp_path: Path) -> None:
    free = threading.Event()

    def hang(request: BaseHTTPRequestHandler) -> bool:
        free.wait(10)
        request.close_connection = True
        return True

    settings.S3_READ_TIMEOUT, settings.S3_ATTEMPTS = 0.2, 1
    line.fault = hang
    try:
        with pytest.raises(StorageDown) as refusal:
            gateways.storage().keep(a_source(tmp_path))
    finally:
        free.set()
    assert "Timeout" in refusal.value.params["reason"]


def test_a_body_that_breaks_off_is_taken_up_where_it_broke(line: Line, tmp_path: Path) -> None:
    source = a_source(tmp_path, 3 * MEGABYTE)
    content = source.read_bytes()
    key, _digest = gateways.storage().keep(source)
    breaks = iter([True])

    def break_off(request: BaseHTTPRequestHandler) -> bool:
        if request.command != "GET" or not next(breaks, False):
            return False
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content[:1_500_000])
        request.close_connection = True
        return True

    line.fault = break_off
    with gateways.storage().verified(key) as stream:
        assert stream.read() == content
    assert len([request for request in line.seen if request.startswith("GET")]) == 2


def test_a_body_that_breaks_off_forever_is_an_outage(line: Line, tmp_path: Path) -> None:
    key, _digest = gateways.storage().keep(a_source(tmp_path))
    with gateways.storage().open(key) as stream:
        line.fault = lambda request: refuse(request, 503, "SlowDown")
        stream.seek(5)
        with pytest.raises(StorageDown):
            stream.read()


def test_what_was_altered_in_the_bucket_is_not_handed_out(
    bucket: Storage, server: S3Server, store: Store, actor: Actor, tmp_path: Path
) -> None:
    file = store()
    server.client().put_object(
        Bucket=BUCKET, Key=f"{tmp_path.name}/files/{key_of(file.sm3)}", Body=PDF.replace(b"1", b"2")
    )
    _file, stream = queries.open_file(file.pk, actor)
    with stream, pytest.raises(ContentDamaged):
        stream.read()


def test_a_server_killed_in_the_middle_loses_nothing(settings: Any, actor: Actor, tmp_path: Path) -> None:
    content = PDF + os.urandom(12 * MEGABYTE)
    settings.FILE_LIMIT = 20 * MEGABYTE
    with s3_server() as first, line_to(first) as line:

        def power_cut(request: BaseHTTPRequestHandler) -> bool:
            if "partNumber=2" in request.path:
                first.kill()
            return False

        use(settings, line.endpoint, first)
        settings.S3_READ_TIMEOUT = 5
        line.fault = power_cut
        upload = BeginUpload.do(actor, name="大图.pdf", length=len(content))
        with_pieces(upload, content)
        with pytest.raises(StorageDown):
            StoreFile.do(actor, upload_id=upload.pk)
    assert not StoredFile.objects.exists()
    assert gateways.storage().part(upload.pk).stat().st_size == len(content)
    with s3_server() as again:
        use(settings, again.endpoint, again)
        settings.S3_READ_TIMEOUT = 5
        file = StoreFile.do(actor, upload_id=upload.pk)
        with gateways.storage().verified(file.storage_key) as stream:
            assert stream.read() == content


def with_pieces(upload: Upload, content: bytes) -> None:
    """Send all of an upload."""
    position = 0

    def read(size: int) -> bytes:
        nonlocal position
        piece = content[position : position + size]
        position += len(piece)
        return piece

    append(upload, 0, read)


@pytest.mark.usefixtures("db")
def test_what_a_dead_sender_left_in_parts_is_taken_away_after_a_day(
    bucket: Storage, server: S3Server, tmp_path: Path
) -> None:
    key = f"{tmp_path.name}/files/{key_of('0' * 64)}"
    server.client().create_multipart_upload(Bucket=BUCKET, Key=key)
    # The server dates every such upload to 2010.
    assert bucket.tidy(datetime(2009, 1, 1, tzinfo=UTC)) == 0
    assert bucket.tidy(now() - timedelta(days=1)) == 1
    assert not server.client().list_multipart_uploads(Bucket=BUCKET).get("Uploads")
    ClearUploads.do(SYSTEM)


def test_an_endpoint_with_another_certificate_than_we_trust_is_not_spoken_to(
    server: S3Server, settings: Any, tmp_path: Path
) -> None:
    use(settings, server.endpoint.replace("http:", "https:"), server)
    with pytest.raises(StorageDown) as refusal:
        at(ours()).probe()
    assert "SSL" in refusal.value.params["reason"]


def test_a_place_that_is_logged_does_not_tell_its_key() -> None:
    assert "a-secret" not in repr(S3Place("bucket", secret_key="a-secret"))
