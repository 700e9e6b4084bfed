"""Reading files: owner, whoever is vouched for, nobody else; every read recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from shuzheng.engines.documents import policies, queries
from shuzheng.engines.documents.errors import NoSuchFile
from shuzheng.engines.documents.models import ScanStatus, StoredFile
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from tests.engines.documents.samples import PDF, archive

Store = Callable[..., StoredFile]


@pytest.fixture
def vouched() -> Iterator[set[str]]:
    """Names of actors for whom a test engine vouches."""
    names: set[str] = set()
    policies.vouch("test", lambda actor, file: policies.LOOK if actor.name in names else policies.NOTHING)
    yield names
    del policies._vouching._entries["test"]


def test_the_owner_saves_the_file_under_its_own_name(browser: Client, store: Store) -> None:
    answer = browser.get(f"/files/{store('户口簿.pdf').pk}")
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%88%B7")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


def test_pictures_and_pdf_are_shown_and_office_files_are_not(browser: Client, store: Store) -> None:
    shown = browser.get(f"/files/{store().pk}?preview")
    saved = browser.get(f"/files/{store('a.docx', archive('word/document.xml')).pk}?preview")
    b"".join(shown), b"".join(saved)
    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")


def test_a_stranger_does_not_even_learn_that_the_file_exists(store: Store, stranger: Actor) -> None:
    with pytest.raises(NoSuchFile):
        queries.file(store().pk, stranger)


def test_whoever_an_engine_vouches_for_may_read(store: Store, stranger: Actor, vouched: set[str]) -> None:
    file = store()
    vouched.add(stranger.name)
    assert queries.file(file.pk, stranger) == file


def test_every_read_is_recorded_with_its_purpose(browser: Client, store: Store) -> None:
    file = store()
    b"".join(browser.get(f"/files/{file.pk}?purpose=办理高龄津贴"))
    record = AuditRecord.objects.get(kind="read")
    assert (record.subject_id, record.purpose, record.name) == (str(file.pk), "办理高龄津贴", "documents.open_file")


def test_an_infected_file_is_not_handed_out(store: Store, actor: Actor) -> None:
    file = store()
    StoredFile.objects.update(scan_status=ScanStatus.INFECTED)
    with pytest.raises(NoSuchFile):
        queries.open_file(file.pk, actor)
    assert queries.owned([file.pk], actor) == {}


def test_a_form_keeps_only_files_of_its_sender(store: Store, actor: Actor, stranger: Actor) -> None:
    mine, theirs = store(), store(by=stranger)
    assert set(queries.owned([mine.pk, theirs.pk], actor)) == {mine.pk}
    assert queries.owned([mine.pk], Actor(name="")) == {}
