"""``kill -9`` of web and worker while residents file: no case lost, none twice, everybody told once (must show 6)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import psutil
import pytest

from tests.cli.site_process import ROOT, SiteProcesses, until

CLIENTS, CASES_EACH, KILLS = 4, 12, 2
#: Every so many cases a client does not repeat a request that failed, as somebody who closes the page.
CARELESS = 4
PATIENCE = 60.0
EACH_CASE_ONCE = """
select c.id::text,
       (select count(*) from casework_task t where t.case_id = c.id and t.state = 'open'),
       (select array_agg(k.code order by k.code) from casework_clock k where k.case_id = c.id),
       (select count(*) from casework_casestatus s where s.case_id = c.id),
       (select count(*) from trust_auditrecord a where a.case_id = c.id and a.name = 'casework.file_case'),
       (select count(*) from kernel_eventrecord e where e.subject = c.id::text),
       (select count(*) from messaging_message m where m.case_id = c.id)
from casework_case c
"""


@dataclass
class Resident:
    """Files one case after the other under its own keys, again and again until each is acknowledged."""

    site: SiteProcesses
    name: int
    cookies: dict[str, str]
    #: Key → id of the case that was acknowledged.
    acknowledged: dict[str, str] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    #: Requests that were not answered well.
    failures: int = 0
    #: Answers that should not have been given.
    refusals: list[str] = field(default_factory=list)

    def file_all(self) -> None:
        """File everything; nothing but an unanswered request stops it from going on."""
        for number in range(CASES_EACH):
            key = f"resident-{self.name}-case-{number}"
            careless = number % CARELESS == CARELESS - 1
            deadline = time.monotonic() + PATIENCE
            while key not in self.acknowledged and time.monotonic() < deadline:
                case = self.file(key, f"第{number}件：路灯坏了，请派人来修。")
                if case is not None:
                    self.acknowledged[key] = case
                elif careless:
                    self.given_up.add(key)
                    break
                else:
                    self.failures += 1
                    time.sleep(0.1)

    def file(self, key: str, content: str) -> str | None:
        """Send one request; return the case's id, or ``None`` if no good answer came."""
        given = {
            "item_code": "generic-matter",
            "division_code": "360702000000",
            "answers": {"application_content": content},
        }
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies["csrftoken"],
        }
        address = f"http://127.0.0.1:{self.site.port}/api/actions/casework.file_case"
        request = urllib.request.Request(address, json.dumps(given).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["id"]
        except urllib.error.HTTPError as refused:
            with refused:
                self.refusals += [] if refused.code == 503 else [refused.read().decode()]
        except (OSError, HTTPException, ValueError):
            pass
        return None


@pytest.fixture
def site() -> Iterator[SiteProcesses]:
    """The whole site on a database of its own, with residents to come."""
    folder = Path(tempfile.mkdtemp(prefix="shuzheng-crash-"))
    site = SiteProcesses(folder, settings="shuzheng.settings.test")
    site.server.start()
    yield site
    site.end()
    site.server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def residents(site: SiteProcesses) -> list[Resident]:
    """Return residents who have signed in."""
    line = [sys.executable, "-m", "tests.systems.seed", str(CLIENTS)]
    done = subprocess.run(line, env=site.environment, capture_output=True, text=True, cwd=ROOT, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    cookies = json.loads(done.stdout)
    return [Resident(site, number, one) for number, one in enumerate(cookies)]


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a process and its children at once, without warning."""
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait()


def test_killing_web_and_worker_in_mid_load_loses_no_case_and_makes_none_twice(site: SiteProcesses) -> None:
    people = residents(site)
    web, worker = site.web(), site.worker()
    threads = [threading.Thread(target=one.file_all) for one in people]
    for thread in threads:
        thread.start()
    for round in range(1, KILLS + 1):
        until(lambda goal=round * CLIENTS * CASES_EACH // (KILLS + 2): acknowledged(people) >= goal, seconds=PATIENCE)
        kill(worker)
        kill(web)
        web, worker = site.web(), site.worker()
    for thread in threads:
        thread.join()

    assert sum(one.failures for one in people) + sum(len(one.given_up) for one in people) > 0, "the kills were felt"
    until(lambda: settled(site), seconds=PATIENCE)
    every_acknowledged_case_is_there_once(site, people)
    every_case_is_whole(site)


def acknowledged(people: list[Resident]) -> int:
    """Return how many cases have been acknowledged so far."""
    return sum(len(one.acknowledged) for one in people)


def settled(site: SiteProcesses) -> bool:
    """Say whether all messages are out, giving the jobs of dead workers to the living."""
    site.defer("kernel.retry_stalled", timestamp=0, silence=2)
    waiting = (
        "select 1 from procrastinate_jobs where task_name = 'casework.tell_applicant' and status in ('todo', 'doing')"
    )
    time.sleep(0.3)
    return not site.rows(waiting)


def every_acknowledged_case_is_there_once(site: SiteProcesses, people: list[Resident]) -> None:
    """No acknowledged case is lost; no key, acknowledged or not, has two."""
    keys = "select key, result->>'id' from kernel_idempotencyrecord where action = 'casework.file_case'"
    by_key = dict(site.rows(keys))
    for one in people:
        assert one.refusals == []
        assert len(one.acknowledged) + len(one.given_up) == CASES_EACH, "everybody was served in the end"
        assert {key: by_key.get(key) for key in one.acknowledged} == one.acknowledged
    stored = site.rows("select id::text, number from casework_case")
    assert sorted(case for case, _number in stored) == sorted(by_key.values()), "one case for each key, no other"
    assert len({number for _case, number in stored}) == len(stored)


def every_case_is_whole(site: SiteProcesses) -> None:
    """Each case has its task, clocks, history, audit and event, and its applicant was told once."""
    for case, tasks, clocks, statuses, audits, events, messages in site.rows(EACH_CASE_ONCE):
        assert (tasks, clocks) == (1, ["acceptance", "step"]), case
        assert (statuses, audits, events, messages) == (1, 1, 1, 1), case
    assert site.rows("select count(*) from procrastinate_jobs where status = 'failed'") == [(0,)]
