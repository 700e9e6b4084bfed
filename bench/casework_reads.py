"""What officials read most, in process: their work list, a case; with its SQL statements and its times."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.queries import my_tasks, whole_case
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import actor_of_officer


@dataclass(frozen=True)
class Read:
    """How something is read."""

    what: str
    #: The most SQL statements that it took.
    statements: int
    #: Seconds, in ascending order.
    times: list[float]

    @property
    def p95(self) -> float:
        """Return milliseconds within which 95 of a hundred are done."""
        return self.times[int(len(self.times) * 0.95)] * 1000

    @property
    def median(self) -> float:
        """Return milliseconds within which half are done."""
        return self.times[len(self.times) // 2] * 1000


def reads(username: str, repetitions: int) -> list[Read]:
    """Measure an officer's work list, page by page, and the cases on it: as queries, and as whole pages."""
    officer = Officer.objects.select_related("account").get(account__username=username)
    actor = actor_of_officer(officer)
    tasks = list(Task.objects.filter(unit_id__in=actor.unit_ids, state="open").select_related("case")[:50])
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(officer.account, backend="shuzheng.engines.identity.backends.IdentifierBackend")
    return [
        _measured("work list, query", _turning_pages(actor), repetitions),
        _measured("work list, page", lambda turn: _open(browser, "/office/"), repetitions),
        _measured("whole case, query", lambda turn: whole_case(_case(tasks, turn)), repetitions),
        _measured("whole case, page", lambda turn: _open(browser, f"/office/cases/{_case(tasks, turn)}/"), repetitions),
    ]


def statements(work: Callable[[], object]) -> int:
    """Return how many statements work takes, BEGIN and COMMIT among them."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def _turning_pages(actor: Actor) -> Callable[[int], object]:
    place: list[str | None] = [None]

    def turn(_number: int) -> None:
        place[0] = my_tasks(actor, after=place[0]).next

    return turn


def _case(tasks: list[Task], turn: int) -> UUID:
    return tasks[turn % len(tasks)].case.pk


def _open(browser: Client, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")


def _measured(what: str, work: Callable[[int], object], repetitions: int) -> Read:
    work(0)
    most = max(statements(lambda turn=turn: work(turn)) for turn in range(1, 4))
    times = []
    for turn in range(repetitions):
        begun = time.perf_counter()
        work(turn)
        times.append(time.perf_counter() - begun)
    return Read(what, most, sorted(times))
