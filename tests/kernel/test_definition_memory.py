"""What a process knows of definitions: renewed by other processes' publications, untouched by rolled-back ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TypeVar

import pytest
from django.db import connection, transaction

from shuzheng.kernel import definition
from shuzheng.kernel.definition import NoDefinition, by_id, get
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.publication import draft, publish
from tests.kernel.trial import Verse

R = TypeVar("R")
LONG_AGO = date(2020, 1, 1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("always_asking")]


class Abandoned(Exception):
    """A transaction is given up."""


@contextmanager
def given_up() -> Iterator[None]:
    """Roll back what the block did."""
    with suppress(Abandoned), transaction.atomic():
        yield
        raise Abandoned


@pytest.fixture
def always_asking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every look-up ask whether anything was published, instead of once a second."""
    monkeypatch.setattr(definition, "FRESH", 0.0)
    yield
    definition.forget()


def elsewhere(work: Callable[[], R]) -> R:
    """Do something on another connection."""
    results: list[R] = []

    def run() -> None:
        results.append(work())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return results[0]


def put(version: str) -> DefinitionRecord:
    with transaction.atomic():
        record = draft("trial_verse", Verse(code="verse", title=version), version)
        publish([record], by="test", effective=LONG_AGO)
    return record


def current() -> str | None:
    try:
        return get("trial_verse", "verse").version
    except NoDefinition:
        return None


def test_a_publication_on_one_connection_is_seen_on_another() -> None:
    assert current() is None
    elsewhere(lambda: put("1.0.0"))
    assert current() == "1.0.0"
    elsewhere(lambda: put("2.0.0"))
    assert current() == "2.0.0"


def test_a_publication_rolled_back_is_not_remembered() -> None:
    put("1.0.0")
    with given_up():
        ghost = put("2.0.0")
        assert current() == "2.0.0", "its own transaction sees it"
    assert current() == "1.0.0"
    with pytest.raises(NoDefinition):
        by_id(ghost.pk)


def test_a_publication_rolled_back_does_not_hide_the_one_that_takes_its_epoch() -> None:
    put("1.0.0")
    with given_up():
        put("2.0.0")
        assert current() == "2.0.0"
    elsewhere(lambda: put("3.0.0"))
    assert current() == "3.0.0"


def test_a_publication_rolled_back_to_a_savepoint_is_not_remembered() -> None:
    with transaction.atomic():
        put("1.0.0")
        with given_up():
            put("2.0.0")
        assert current() == "1.0.0"
    assert current() == "1.0.0"


def test_other_threads_do_not_see_a_publication_before_its_commit() -> None:
    put("1.0.0")
    with transaction.atomic():
        put("2.0.0")
        assert current() == "2.0.0"
        assert elsewhere(current) == "1.0.0"
        assert current() == "2.0.0"
    assert elsewhere(current) == "2.0.0"


def test_what_is_known_is_trusted_for_a_second(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[[int], Iterator[None]]
) -> None:
    put("1.0.0")
    current()
    monkeypatch.setattr(definition, "FRESH", 1e9)
    with django_assert_num_queries(0):
        assert current() == "1.0.0"


def test_publications_of_one_key_at_once_come_one_after_another() -> None:
    start, failures = threading.Barrier(4), []

    def one(version: str) -> None:
        start.wait(10)
        try:
            put(version)
        except Exception as error:
            failures.append(error)
        connection.close()

    threads = [threading.Thread(target=one, args=(f"{number}.0.0",)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failures == []
    assert (
        DefinitionRecord.objects.filter(status="published", valid__contains=date.fromisoformat("2999-01-01")).count()
        == 1
    )
