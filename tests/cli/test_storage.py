"""Moving files between storages at the command line: all of them, unharmed, from where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shuzheng.cli import storage
from shuzheng.cli.doctor import site as doctor
from shuzheng.cli.doctor.finding import Level
from shuzheng.cli.main import app
from shuzheng.engines.documents import queries
from shuzheng.engines.documents.archive.gateways import vault
from shuzheng.engines.documents.errors import StorageDown
from shuzheng.engines.documents.gateways.filesystem import FilesystemStorage
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.receiving import receive
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_resident, actor_of_person
from tests.engines.documents.s3_server import BUCKET, S3Server, s3_server
from tests.engines.documents.samples import PDF, Incoming


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """A running S3 server."""
    with s3_server() as running:
        yield running


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, server: S3Server) -> None:
    """Use the test's own database and folder, and the server where S3 is asked for."""
    monkeypatch.setattr(storage, "site", nullcontext)
    monkeypatch.setattr(storage, "set_up", lambda: None)
    settings.HOME, settings.S3_ENDPOINT = tmp_path / "home", server.endpoint
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = server.access_key, server.secret_key
    settings.S3_ATTEMPTS, settings.S3_CONNECT_TIMEOUT = 1, 0.5


@pytest.fixture
def owner(db: None) -> Actor:
    """A resident."""
    return actor_of_person(a_resident("王桂英"))


@pytest.fixture
def files(owner: Actor) -> list[StoredFile]:
    """Some files, two of which have the same content."""
    contents = [PDF, PDF + b"1", PDF + b"2", PDF]
    return [receive(owner, Incoming(f"{n}.pdf", content)) for n, content in enumerate(contents)]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["storage", *arguments])


def test_everything_moves_to_a_bucket_and_the_site_goes_on_there(
    files: list[StoredFile], owner: Actor, settings: Any, tmp_path: Path
) -> None:
    address = f"s3://{BUCKET}/{tmp_path.name}"
    first = run("copy", "--to", address, "--verify")
    assert first.exit_code == 0, first.output
    assert "3 copied, 0 there already" in first.output
    assert "0 copied, 3 there already" in run("copy", "--to", address).output
    settings.STORAGE, settings.S3_BUCKET, settings.S3_PREFIX = "s3", BUCKET, tmp_path.name
    for file in files:
        _file, stream = queries.open_file(file.pk, owner)
        with stream:
            assert stream.read().startswith(PDF)
    back = run("copy", "--to", str(tmp_path / "elsewhere"))
    assert "3 copied" in back.output
    assert len(list(FilesystemStorage(tmp_path / "elsewhere" / "files").listing())) == 3


def test_a_copy_that_broke_off_goes_on(
    files: list[StoredFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, done = FilesystemStorage._put, []

    def once(self: FilesystemStorage, source: Path, key: str) -> None:
        if done:
            raise StorageDown(reason="the line is cut")
        done.append(key)
        put(self, source, key)

    with monkeypatch.context() as broken:
        broken.setattr(FilesystemStorage, "_put", once)
        stopped = run("copy", "--to", str(tmp_path / "elsewhere"))
    assert stopped.exit_code == 1
    assert "Stopped after 1 copies" in stopped.output
    assert "the line is cut" in stopped.output
    assert "2 copied, 1 there already" in run("copy", "--to", str(tmp_path / "elsewhere")).output


def test_what_is_damaged_or_missing_is_named_and_not_copied(files: list[StoredFile], tmp_path: Path) -> None:
    damaged, missing = (tmp_path / "home" / "files" / file.storage_key for file in files[1:3])
    damaged.chmod(0o600)
    damaged.write_bytes(b"something else")
    missing.unlink()
    done = run("copy", "--to", str(tmp_path / "elsewhere"))
    assert done.exit_code == 1
    assert all(f"files/{file.storage_key}" in done.output for file in files[1:3])
    assert "1 copied, 0 there already, 2 missing or damaged" in done.output


def test_what_was_disposed_of_between_two_copies_is_counted_and_removed_when_asked(
    files: list[StoredFile], tmp_path: Path
) -> None:
    elsewhere = str(tmp_path / "elsewhere")
    run("copy", "--to", elsewhere)
    first, *_between, last = sorted({file.storage_key for file in files})
    StoredFile.objects.filter(storage_key__in=[first, last]).update(storage_key="")
    again = run("copy", "--to", elsewhere)
    assert "0 copied, 1 there already" in again.output
    assert "2 at the other storage that no record names: left" in again.output
    assert "2 at the other storage that no record names: removed" in run("copy", "--to", elsewhere, "--prune").output
    assert len(list(FilesystemStorage(tmp_path / "elsewhere" / "files").listing())) == 1
    assert "no record names" not in run("copy", "--to", elsewhere).output
    own = run("copy", "--to", str(tmp_path / "elsewhere" / ".." / "home"), "--prune")
    assert own.exit_code == 1
    assert "never pruned" in own.output


def test_a_bucket_that_keeps_what_is_deleted_is_warned_of(settings: Any, tmp_path: Path, server: S3Server) -> None:
    client, bucket = server.client(), {"Bucket": f"kept-{tmp_path.name}"[:60].replace("_", "-")}
    client.create_bucket(**bucket)
    settings.STORAGE, settings.S3_BUCKET = "s3", bucket["Bucket"]
    assert "versions" not in run("check").output
    client.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    kept = run("check")
    assert kept.exit_code == 0
    assert "历史版本" in kept.output
    assert "历史版本" in doctor._storage().chinese
    rule = {
        "ID": "end",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    client.put_bucket_lifecycle_configuration(**bucket, LifecycleConfiguration={"Rules": [rule]})
    assert "历史版本" not in run("check").output


def test_a_storage_is_checked_and_a_wrong_one_told_why(settings: Any, tmp_path: Path, server: S3Server) -> None:
    assert run("check").exit_code == 0
    assert not list(vault().listing())
    assert run("check", "--at", f"s3://{BUCKET}/{tmp_path.name}").exit_code == 0
    absent = run("check", "--at", "s3://nowhere")
    assert absent.exit_code == 1
    assert "NoSuchBucket" in absent.output
    assert "s3://bucket/prefix" in run("check", "--at", "ftp://x").output


def test_the_doctor_tries_the_storage(settings: Any, server: S3Server) -> None:
    assert doctor._storage().level is Level.FINE
    settings.STORAGE, settings.S3_BUCKET, settings.S3_SECRET_KEY = "s3", BUCKET, "wrong"
    told = doctor._storage()
    assert told.level is Level.WRONG
    assert "SignatureDoesNotMatch" in told.english
    assert server.secret_key not in told.english
