"""``shuzheng up``: everything in one terminal, restarted when it falls over, stopped cleanly."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import psutil

from tests.cli.site_process import SiteProcesses, until


def test_up_serves_restarts_what_falls_over_refuses_a_second_and_stops_cleanly(migrated: SiteProcesses) -> None:
    site = migrated
    site.server.stop()
    up = site.start("up", f"--port={site.port}")
    until(site.answers)
    until(lambda: site.get("/readyz").json["status"] == "ready")

    second = site.command("up", f"--port={site.port}")
    assert second.returncode == 1
    assert f"process {up.pid} on http://127.0.0.1:{site.port}" in second.stderr

    for name in ("web", "worker"):
        before = _child(up.pid, name)
        os.kill(before, signal.SIGKILL)
        until(lambda name=name, before=before: (now := _child(up.pid, name)) and now != before)
    until(site.answers)

    up.terminate()
    assert up.wait(30) == 0
    assert not site.answers()
    assert not site.server.is_running(), "the last one out stops the database"
    assert "Stopped." in (site.home / "up.out").read_text()


def test_a_database_that_crashes_under_up_is_started_again(migrated: SiteProcesses) -> None:
    site = migrated
    site.start("up", f"--port={site.port}")
    until(lambda: site.answers() and site.get("/page").status == 200)
    crashed = site.server.pid()
    assert crashed
    os.kill(crashed, signal.SIGKILL)
    until(lambda: site.server.pid() not in (None, crashed))
    until(lambda: site.get("/page").status == 200)


def test_several_web_processes_add_up_their_metrics(migrated: SiteProcesses) -> None:
    site = migrated
    site.start("web", f"--port={site.port}", "--workers=2")
    until(site.answers)
    for _ in range(10):
        assert site.get("/page").status == 200
    text = site.get("/metrics").text
    count = next(line for line in text.splitlines() if "seconds_count" in line and 'view="page"' in line)
    assert float(count.rsplit(" ", 1)[1]) == 10
    assert "shuzheng_jobs" in text


def test_browsers_that_lie_idle_keep_nobody_out(migrated: SiteProcesses) -> None:
    site = migrated
    site.start("web", f"--port={site.port}", "--threads=1")
    until(site.answers)
    with ExitStack() as idle:
        for _ in range(40):
            browser = idle.enter_context(closing(HTTPConnection("127.0.0.1", site.port, timeout=10)))
            browser.request("GET", "/page")
            assert browser.getresponse().read()
        assert site.get("/page").status == 200


def _child(pid: int, name: str) -> int | None:
    """Return the process id of one of up's programs."""
    for child in psutil.Process(pid).children():
        with suppress(psutil.Error):
            if name in child.cmdline():
                return child.pid
    return None
