"""Resumable uploads: what a foreign tus 1.0.0 client may rely on, and what happens when things go wrong."""

from __future__ import annotations

import base64
import io
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from shuzheng.engines.documents import jobs
from shuzheng.engines.documents.errors import UploadBusy
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.models import StoredFile, Upload
from shuzheng.engines.documents.receiving import append
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.moment import at, now
from tests.engines.documents.samples import PDF

TUS = {"Tus-Resumable": "1.0.0"}
BIG = PDF + bytes(200_000)


def create(browser: Client, content: bytes = BIG, name: str = "证明.pdf", **headers: str) -> Any:
    metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype YXBwbGljYXRpb24vcGRm"
    announced = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    return browser.post(
        "/upload/", content_type="application/offset+octet-stream", headers={**TUS, **announced, **headers}
    )


def patch(browser: Client, place: str, piece: bytes, offset: int, **extra: Any) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset)}
    return browser.generic("PATCH", place, piece, "application/offset+octet-stream", headers=headers, **extra)


def head(browser: Client, place: str) -> Any:
    return browser.head(place, headers=TUS)


def test_the_server_says_what_it_supports(browser: Client) -> None:
    answer = browser.options("/upload/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "termination", "expiration"}
    assert int(answer["Tus-Max-Size"]) == 1024 * 1024


def test_a_file_arrives_in_pieces_and_becomes_a_stored_file(browser: Client) -> None:
    created = create(browser)
    assert created.status_code == 201
    assert created["Upload-Expires"].endswith("GMT")
    place = created["Location"]
    first = patch(browser, place, BIG[:100_000], 0)
    assert (first.status_code, first["Upload-Offset"]) == (204, "100000")
    assert "Shuzheng-File-Id" not in first
    last = patch(browser, place, BIG[100_000:], 100_000)
    file = StoredFile.objects.get(pk=last["Shuzheng-File-Id"])
    assert (file.name, file.size, file.content_type) == ("证明.pdf", len(BIG), "application/pdf")


def test_after_a_lost_connection_the_upload_goes_on_where_it_stopped(browser: Client) -> None:
    place = create(browser)["Location"]
    patch(browser, place, BIG, 0, **{"wsgi.input": Broken(BIG[:70_000]), "CONTENT_LENGTH": str(len(BIG))})
    arrived = int(head(browser, place)["Upload-Offset"])
    assert 0 < arrived <= 70_000
    finished = patch(browser, place, BIG[arrived:], arrived)
    file = StoredFile.objects.get(pk=finished["Shuzheng-File-Id"])
    with storage().open(file.storage_key) as stream:
        assert stream.read() == BIG


def test_a_client_that_missed_the_last_answer_learns_the_file_from_head(browser: Client) -> None:
    place = create(browser)["Location"]
    stored = patch(browser, place, BIG, 0)["Shuzheng-File-Id"]
    answer = head(browser, place)
    assert (answer["Upload-Offset"], answer["Shuzheng-File-Id"]) == (str(len(BIG)), stored)


def test_the_same_piece_sent_twice_is_taken_once(browser: Client) -> None:
    place = create(browser)["Location"]
    assert patch(browser, place, BIG[:1000], 0).status_code == 204
    assert patch(browser, place, BIG[:1000], 0).status_code == 409
    assert head(browser, place)["Upload-Offset"] == "1000"


def test_two_requests_at_once_do_not_mix_their_bytes(account: Account) -> None:
    upload = Upload(account=account, name="a.pdf", length=100)
    entered, leave = threading.Event(), threading.Event()

    def slow(size: int) -> bytes:
        if entered.is_set():
            return b""
        entered.set()
        leave.wait(5)
        return b"a" * 10

    writer = threading.Thread(target=append, args=(upload, 0, slow))
    writer.start()
    assert entered.wait(5)
    with pytest.raises(UploadBusy):
        append(upload, 0, io.BytesIO(b"b" * 100).read)
    leave.set()
    writer.join()
    assert storage().part(upload.pk).read_bytes() == b"a" * 10


def test_more_than_was_announced_is_refused(browser: Client) -> None:
    place = create(browser, content=b"x" * 10)["Location"]
    assert patch(browser, place, b"x" * 11, 0).status_code == 413
    assert head(browser, place)["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.pdf", b"MZ" + bytes(100), "wrong-file-type"), ("a.jpg", PDF, "file-name-disagrees")],
)
def test_a_wrong_file_is_refused_with_advice_and_thrown_away(
    browser: Client, name: str, content: bytes, code: str, django_capture_on_commit_callbacks: Any
) -> None:
    place = create(browser, content, name)["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = patch(browser, place, content, 0)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert "重新" in answer.json()["title"] or "改用" in answer.json()["title"]
    assert head(browser, place).status_code == 404
    assert storage().parts() == []


def test_a_file_over_the_limit_is_refused_at_once(browser: Client, settings: Any) -> None:
    settings.FILE_LIMIT = 1000
    answer = create(browser)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Metadata": "filename ***"}, 400),
    ],
)
def test_a_request_outside_the_protocol_is_refused(browser: Client, headers: dict[str, str], status: int) -> None:
    answer = create(browser, **headers)
    assert answer.status_code == status
    assert answer["Tus-Version"] == "1.0.0"


def test_a_piece_of_another_content_type_is_refused(browser: Client) -> None:
    place = create(browser)["Location"]
    headers = {**TUS, "Upload-Offset": "0"}
    assert browser.patch(place, b"x", "application/octet-stream", headers=headers).status_code == 415


def test_an_upload_is_bound_to_its_account(browser: Client) -> None:
    place = create(browser)["Location"]
    other = Client()
    other.force_login(Account.objects.create(username="li"))
    assert head(other, place).status_code == 404
    assert patch(other, place, b"x", 0).status_code == 404
    assert other.delete(place, headers=TUS).status_code == 404


def test_somebody_who_has_not_signed_in_uploads_nothing(client: Client, db: None) -> None:
    assert create(client).status_code in (302, 401)
    assert not Upload.objects.exists()


def test_a_terminated_upload_is_gone(browser: Client, django_capture_on_commit_callbacks: Any) -> None:
    place = create(browser)["Location"]
    patch(browser, place, BIG[:10], 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.delete(place, headers=TUS).status_code == 204
    assert head(browser, place).status_code == 404
    assert storage().parts() == []


def test_an_upload_past_its_time_is_gone_and_cleared(
    browser: Client, home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    place = create(browser)["Location"]
    patch(browser, place, BIG[:10], 0)
    Upload.objects.update(expires_at=now() - timedelta(seconds=1))
    assert head(browser, place).status_code == 410
    assert patch(browser, place, BIG[10:], 10).status_code == 410
    with at(now() + timedelta(days=2)), django_capture_on_commit_callbacks(execute=True):
        jobs.clear_uploads(0)
        jobs.clear_uploads(0)
    assert not Upload.objects.exists()
    assert storage().parts() == []


def test_clearing_spares_what_is_still_arriving_and_what_was_stored(
    browser: Client, django_capture_on_commit_callbacks: Any
) -> None:
    place = create(browser)["Location"]
    patch(browser, place, BIG[:10], 0)
    stored = patch(browser, create(browser)["Location"], BIG, 0)["Shuzheng-File-Id"]
    with django_capture_on_commit_callbacks(execute=True):
        jobs.clear_uploads(0)
    assert head(browser, place)["Upload-Offset"] == "10"
    assert StoredFile.objects.filter(pk=stored).exists()


class Broken(io.BytesIO):
    """A connection that breaks after some bytes."""

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError("connection reset")
        return piece


def test_every_answer_forbids_caching(browser: Client) -> None:
    answers: list[HttpResponse] = [create(browser), browser.options("/upload/")]
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}
