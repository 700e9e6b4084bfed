"""The database goes away for ten seconds, a worker is killed: nothing is lost, nothing is done by halves."""

from __future__ import annotations

import time

from tests.cli.site_process import SiteProcesses, until

OUTAGE_SECONDS = 10
JOBS = 12


def test_ten_seconds_without_database_lose_no_job_and_show_a_page_that_says_so(migrated: SiteProcesses) -> None:
    site = migrated
    site.web()
    site.worker()
    until(lambda: site.get("/readyz").json["status"] == "ready")
    site.defer("small.work", job="in hand", seconds=2)
    for number in range(JOBS):
        site.defer("small.work", job=str(number), seconds=0.3)
    until(lambda: site.rows("select 1 from effects where job = 'in hand'"))

    gone = time.monotonic()
    site.server.stop()
    page = site.get("/page", Accept="text/html")
    assert page.status == 503
    assert page.headers["retry-after"] == "10"
    assert "<h1" in page.text
    assert page.headers["x-correlation-id"] in page.text
    problem = site.get("/page", Accept="application/json")
    assert problem.status == 503
    assert problem.json["code"] == "unavailable"
    assert site.get("/healthz").status == 200
    assert site.get("/readyz").json["checks"]["database"] == "away"
    time.sleep(max(0.0, OUTAGE_SECONDS - (time.monotonic() - gone)))
    site.server.start()

    until(lambda: site.get("/page").status == 200, seconds=10)
    until(lambda: site.get("/readyz").json["status"] == "ready", seconds=15)
    until(lambda: not _unfinished(site), seconds=30)
    assert site.rows("select count(*) from procrastinate_jobs where status = 'failed'") == [(0,)]
    done = site.rows("select job, count(*) from effects where what = 'done' group by 1")
    assert {job for job, _count in done} == {"in hand", *map(str, range(JOBS))}
    assert max(count for _job, count in done) == 1
    assert [process.poll() for process in site.processes] == [None, None], "neither had to be restarted"


def test_the_job_of_a_killed_worker_is_done_by_the_next(migrated: SiteProcesses) -> None:
    site = migrated
    first = site.worker()
    site.defer("small.work", job="interrupted", seconds=1.5)
    until(lambda: site.rows("select 1 from effects where job = 'interrupted'"))
    first.kill()
    first.wait()
    site.worker()
    until(lambda: site.rows("select 1 from procrastinate_workers where last_heartbeat < now() - interval '1 second'"))
    site.defer("kernel.retry_stalled", timestamp=0, silence=1)
    until(lambda: not _unfinished(site))
    assert site.rows("select status::text, attempts from procrastinate_jobs where task_name = 'small.work'") == [
        ("succeeded", 2)
    ]
    assert site.rows("select count(*) from effects where what = 'done'") == [(1,)]


def test_a_stopped_worker_finishes_what_it_has_in_hand(migrated: SiteProcesses) -> None:
    site = migrated
    worker = site.worker()
    site.defer("small.work", job="in hand", seconds=1)
    until(lambda: site.rows("select 1 from effects where job = 'in hand'"))
    worker.terminate()
    assert worker.wait(10) == 0
    assert not _unfinished(site)
    assert site.rows("select count(*) from procrastinate_workers") == [(0,)]


def test_a_failing_job_takes_back_the_jobs_it_queued(migrated: SiteProcesses) -> None:
    site = migrated
    site.worker()
    site.defer("small.fall", job="fallen")
    until(lambda: not _unfinished(site))
    assert site.rows("select task_name, status::text from procrastinate_jobs where task_name like 'small.%%'") == [
        ("small.fall", "failed")
    ]
    assert site.rows("select * from effects") == []


def _unfinished(site: SiteProcesses) -> list[tuple[object, ...]]:
    return site.rows(
        "select id from procrastinate_jobs where task_name like 'small.%%' and status not in ('succeeded', 'failed')"
    )
