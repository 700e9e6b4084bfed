"""How many processes there are: planned within bounds, never flapping, and carried out by a supervisor that drains."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from contextlib import suppress

import psutil
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.cli.elastic import Bounds, Plan, Steady, plan
from shuzheng.cli.processes import LOOP, Program, Supervisor
from shuzheng.engines.resources.demand import Demand
from tests.cli.site_process import SiteProcesses, until

DEMANDS = st.lists(
    st.builds(
        Demand,
        service=st.sampled_from(["message", "payment", "seal"]),
        queues=st.just(("q",)),
        workers=st.integers(0, 5),
        web=st.integers(0, 5),
    ),
    max_size=3,
    unique_by=lambda demand: demand.service,
)


@given(DEMANDS, st.integers(1, 4), st.integers(1, 4))
def test_a_plan_never_leaves_its_bounds_and_gives_every_service_one_before_any_gets_two(
    demands: list[Demand], most_web: int, most_workers: int
) -> None:
    made = plan(demands, Bounds(1, most_web, most_workers))
    assert 1 <= made.web <= most_web
    assert 1 <= made.workers <= most_workers
    got = Counter(extra.service for extra in made.extras)
    wanting = {demand.service: demand.workers for demand in demands}
    for service, number in got.items():
        assert number <= wanting[service]
        if number > 1:
            assert all(got[other] >= min(wanted, number - 1) for other, wanted in wanting.items())


@given(st.lists(st.tuples(DEMANDS, st.floats(0.5, 30)), max_size=30))
def test_no_load_makes_it_flap(story: list[tuple[list[Demand], float]]) -> None:
    bounds, hold = Bounds(1, 4, 4), 60.0
    steady, clock = Steady(Plan(1), hold), 0.0
    wanted_at: dict[str, float] = {}
    for demands, passed in story:
        clock += passed
        before, wanted = steady.plan, plan(demands, bounds)
        after = steady.follow(wanted, clock, bounds.most_workers)
        assert 1 <= after.web <= 4
        assert after.workers <= 4
        assert after.web >= wanted.web, "growth is never put off"
        names = {extra.name for extra in wanted.extras}
        gone = {extra.name for extra in before.extras} - {extra.name for extra in after.extras}
        assert len(gone) + max(0, before.web - after.web) <= 1, "one at a time"
        assert all(clock - wanted_at[name] >= hold for name in gone), "nothing goes that was wanted a moment ago"
        for name in names & {extra.name for extra in after.extras}:
            wanted_at[name] = clock


def test_a_program_that_falls_again_and_again_is_reported_once() -> None:
    told: list[tuple[str, bool]] = []
    supervisor = Supervisor(
        [Program("broken", [sys.executable, "-c", "raise SystemExit(3)"])],
        show=lambda name, line: None,
        trouble=lambda program, begins: told.append((program.name, begins)),
    )
    program = supervisor.programs[0]
    pauses = []
    for _fall in range(LOOP + 1):
        program.due = 0
        until(lambda: supervisor._tend(program) or program.process is not None)
        assert program.process
        program.process.wait(10)
        pauses.append(program.pause)
        until(lambda: supervisor._tend(program) or program.process is None)
    assert told == [("broken", True)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == pauses[0] * 2**LOOP


def test_up_follows_the_demand_and_stays_ready(migrated: SiteProcesses) -> None:
    site = migrated
    up = site.start("up", f"--port={site.port}", "--most-web=2", "--most-workers=2", "--hold=1")
    until(lambda: site.answers() and site.get("/readyz").json["status"] == "ready")
    ready: list[int] = []
    asking = _keep_asking(site, ready)

    _demand(site, {"service": "message", "queues": ["busy"], "workers": 3, "web": 1, "reason": "long queue"})
    until(lambda: len(_children(up.pid, "worker")) == 2)
    until(lambda: len(_web_processes(up.pid)) == 2)
    until(lambda: site.rows("select 1 from procrastinate_workers having count(*) = 2"))
    site.rows("insert into procrastinate_jobs (queue_name, task_name, args) values ('busy', 'small.work', %s)",
              json.dumps({"job": "in hand", "seconds": 3}))  # fmt: skip
    until(lambda: site.rows("select 1 from effects where job = 'in hand'"))

    _demand(site, {"service": "message", "queues": ["busy"]})
    until(lambda: len(_children(up.pid, "worker")) == 1)
    until(lambda: len(_web_processes(up.pid)) == 1)
    until(lambda: site.rows("select 1 from effects where what = 'done'"))
    asking.set()

    until(lambda: len(_incidents(site)) >= 4)
    kinds = [(i["kind"], i["program"]) for i in _incidents(site)]
    assert sorted(kinds) == [
        ("added", "web"),
        ("added", "worker-message-1"),
        ("retired", "web"),
        ("retired", "worker-message-1"),
    ]
    assert len(ready) > 10
    assert set(ready) == {200}
    up.terminate()
    assert up.wait(40) == 0


def test_a_worker_in_a_crash_loop_is_reported(migrated: SiteProcesses) -> None:
    site = migrated
    up = site.start("up", f"--port={site.port}", "--most-web=1", "--most-workers=2", "--hold=1")
    until(site.answers)
    for _fall in range(LOOP):
        worker = until(lambda: _children(up.pid, "worker"))[0]
        os.kill(worker, signal.SIGKILL)
        until(lambda worker=worker: worker not in _children(up.pid, "worker"))
    until(lambda: [i for i in _incidents(site) if i["kind"] == "crash-loop" and i["program"] == "worker"])
    assert site.get("/page").status == 200
    up.terminate()
    assert up.wait(40) == 0


def test_everything_is_stopped_in_order(migrated: SiteProcesses) -> None:
    site = migrated
    up = site.start("up", f"--port={site.port}", "--most-web=1", "--most-workers=1")
    until(lambda: site.answers() and site.rows("select 1 from procrastinate_workers"))
    site.defer("small.work", job="last", seconds=2)
    until(lambda: site.rows("select 1 from effects where job = 'last'"))
    up.terminate()
    until(lambda: not site.answers())
    assert _children(up.pid, "worker"), "the worker finishes what it has in hand after the web has gone"
    assert up.wait(40) == 0
    site.server.start()
    assert site.rows("select what from effects where job = 'last' and what = 'done'") == [("done",)]


def _demand(site: SiteProcesses, *demands: dict[str, object]) -> None:
    part = site.home / "demands.part"
    part.write_text(json.dumps(demands))
    part.rename(site.home / "demands.json")


def _incidents(site: SiteProcesses) -> list[dict[str, str]]:
    file = site.home / "incidents.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _children(pid: int, name: str) -> list[int]:
    """Return the process ids of up's programs of a name."""
    found = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.Error):
            found += [child.pid] if name in child.cmdline() else []
    return found


def _web_processes(pid: int) -> list[psutil.Process]:
    """Return the processes that answer requests."""
    master = _children(pid, "web")
    return [c for c in psutil.Process(master[0]).children() if "resource_tracker" not in " ".join(c.cmdline())]


def _keep_asking(site: SiteProcesses, answers: list[int]) -> threading.Event:
    """Ask again and again whether the site is ready, and keep the answers."""
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.1):
            try:
                answers.append(site.get("/readyz").status)
            except OSError:
                answers.append(0)

    threading.Thread(target=ask, daemon=True).start()
    return done
