"""The writer killed as a process (SIGKILL) at its worst moments: resumed, nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.gateways.tiles import FolderStore
from shuzheng.engines.trust.ledger import heads
from shuzheng.engines.trust.ledger.note import Checkpoint, Note
from shuzheng.engines.trust.ledger.publishing import publish
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.models import AuditRecord, Leaf, LedgerEntry
from shuzheng.kernel.audit import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_audit", "own_ring")]
Act = Callable[..., Entry]
ROOT = Path(__file__).resolve().parents[3]
#: A writer that stops for ever in the middle of a function, and says so.
WRITER = """
import importlib, sys, time
import django
django.setup()
module, name, after = sys.argv[1], sys.argv[2], int(sys.argv[3])
place = importlib.import_module(module)
real, calls = getattr(place, name), [0]
def stop(*arguments, **named):
    calls[0] += 1
    if calls[0] <= after:
        return real(*arguments, **named)
    print("stopped", flush=True)
    time.sleep(600)
setattr(place, name, stop)
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.ledger import publishing
ledger.sequence()
publishing.publish()
"""


def address() -> str:
    """Return the URL of the test's database."""
    given: dict[str, Any] = connection.get_connection_params()
    user = f"{quote(given.get('user') or '')}@" if given.get("user") else ""
    host, port = quote(str(given.get("host") or ""), safe=""), given.get("port") or 5432
    return f"postgresql://{user}/{given['dbname']}?host={host}&port={port}"


def kill_writer_in(settings: Any, module: str, name: str, after: int = 0) -> None:
    """Start a writer in a process of its own and kill it where it stands in a function."""
    environment = {
        **os.environ,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or address(),
        "DJANGO_SETTINGS_MODULE": "shuzheng.settings.test",
        "SHUZHENG_HOME": str(settings.HOME),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-c", WRITER, module, name, str(after)]
    writer = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "stopped\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()


@pytest.fixture
def acts(act: Act) -> set[int]:
    """Seven committed records and three entries; their numbers."""
    write(act(str(n)) for n in range(7))
    with transaction.atomic():
        entries = [ledger.append("trial.entry", str(n), {}) for n in range(3)]
    return {*AuditRecord.objects.values_list("id", flat=True), *(entry.number for entry in entries)}


SEQUENCER = "shuzheng.engines.trust.ledger.sequencer"
HEADS = "shuzheng.engines.trust.ledger.heads"


@pytest.mark.parametrize(("module", "name"), [(SEQUENCER, "_take"), (HEADS, "add_head")])
def test_a_writer_killed_before_its_commit_leaves_everything_to_the_next(
    acts: set[int], settings: Any, module: str, name: str
) -> None:
    kill_writer_in(settings, module, name)
    assert (Leaf.objects.count(), heads.newest()) == (0, None)
    resumed(acts)


def test_a_writer_killed_between_two_batches_has_lost_neither(acts: set[int], act: Act, settings: Any) -> None:
    write(act() for _ in range(1500))
    every = {*acts, *AuditRecord.objects.values_list("id", flat=True)}
    kill_writer_in(settings, HEADS, "add_head", 1)
    assert Leaf.objects.count() == 1000
    resumed(every)


def test_a_writer_killed_after_its_commit_publishes_when_it_comes_back(acts: set[int], settings: Any) -> None:
    kill_writer_in(settings, "shuzheng.engines.trust.ledger.publishing", "tile_store")
    assert FolderStore().read("checkpoint") is None
    resumed(acts)


def resumed(numbers: set[int]) -> None:
    """Let the next writer go on, and expect every record once, under a sound and published tree."""
    ledger.sequence()
    publish()
    taken = list(Leaf.objects.values_list("record", flat=True))
    assert (sorted(taken), len(taken)) == (sorted(numbers), len(numbers))
    assert verify_ledger().sound
    shown = FolderStore().read("checkpoint") or b""
    assert Checkpoint.parse(Note.parse(shown.decode()).text).size == len(numbers)
    assert all(ledger.evidence(entry.id) for entry in LedgerEntry.objects.all())


def test_two_writers_at_once_take_every_record_once(acts: set[int], act: Act) -> None:
    write(act() for _ in range(3000))
    every = {*acts, *AuditRecord.objects.values_list("id", flat=True)}
    troubles: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                ledger.sequence()
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    resumed(every)
