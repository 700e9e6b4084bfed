"""Serving: the web, the worker, or both in one terminal."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from shuzheng.cli.console import err, fail, say
from shuzheng.cli.director import SANDBOX, WEB, WORKER, Director, worker_command
from shuzheng.cli.elastic import HOLD, Bounds
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.cli.processes import Program, Supervisor
from shuzheng.cli.sandbox import sends_sandbox_texts, takes_sandbox_money
from shuzheng.cli.site import database, embedded_server, set_up
from shuzheng.settings.environment import home

COLOURS = {"web": "cyan", "worker": "magenta", "sandbox": "yellow", "up": "green"}
#: Connections that one web process keeps open. Browsers hold several each while nobody clicks, so that this is far more
#: than the requests answered at once, which are as many as there are threads.
OPEN_CONNECTIONS = 1000
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Workers = Annotated[int, typer.Option(help="Web processes; 0 takes one a processor, four at most.", min=0)]
Threads = Annotated[int, typer.Option(help="Requests that one web process answers at once.", min=1)]
Concurrency = Annotated[int, typer.Option(help="Jobs done at once.", min=1)]
MostWeb = Annotated[int, typer.Option(help="Web processes at most; 0 takes one a processor, four at most.", min=0)]
MostWorkers = Annotated[int, typer.Option(help="Workers at most; 0 takes one a processor, four at most.", min=0)]
Hold = Annotated[float, typer.Option(help="Seconds of lower demand before a process is given up.", min=0)]


def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 1,
    threads: Threads = 4,
    concurrency: Concurrency = 4,
    most_web: MostWeb = 0,
    most_workers: MostWorkers = 0,
    hold: Hold = HOLD,
) -> None:
    """Run everything in this terminal: the embedded database, the web and the workers. Ctrl-C stops it cleanly.

    Web processes and workers are added and given up as the services' scaling policies decide, within the bounds given.
    """
    bounds = Bounds(workers or _processors(), most_web or _processors(), most_workers or _processors())
    with database():
        serve(host, port, bounds, threads, concurrency, hold)


def serve(
    host: str,
    port: int,
    bounds: Bounds | None = None,
    threads: int = 4,
    concurrency: int = 4,
    hold: float = HOLD,
) -> None:
    """Run web and workers until told to stop; the database must be there. Leaves if another one serves this home."""
    address = f"http://{host}:{port}"
    bounds = bounds or Bounds(1, _processors(), _processors())
    with _alone(address):
        if takes_sandbox_money() or sends_sandbox_texts():
            os.environ.setdefault("SHUZHENG_PAYMENT_ADDRESS", address)
        supervisor = Supervisor(_programs(host, port, bounds, threads, concurrency), show=_show)
        command = partial(worker_command, concurrency=concurrency)
        director = Director(supervisor, bounds, _size_file(port), command, hold)
        supervisor.watch = partial(_watch, director)
        say(f"Serving on {address} (Ctrl-C stops)")
        if bounds.most_web > bounds.least_web or bounds.most_workers > 1:
            director.start()
        supervisor.run()
        say("Stopped.")


def _programs(host: str, port: int, bounds: Bounds, threads: int, concurrency: int) -> list[Program]:
    """Return what runs from the beginning; what is stopped last comes last."""
    shuzheng = [sys.executable, "-m", "shuzheng.cli"]
    most = max(bounds.least_web, bounds.most_web)
    web_options = [f"--host={host}", f"--port={port}", f"--workers={bounds.least_web}", f"--threads={threads}"]
    programs = [
        Program("web", [*shuzheng, "web", *web_options, f"--most={most}"], WEB),
        Program("worker", [*shuzheng, "worker", f"--concurrency={concurrency}"], WORKER),
    ]
    if takes_sandbox_money() or sends_sandbox_texts():
        programs.append(Program("sandbox", [*shuzheng, "sandbox"], SANDBOX))
    return programs


def web(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 1,
    threads: Threads = 4,
    most: Annotated[
        int, typer.Option(help="Web processes at most; more than at first lets SIGHUP change how many.", min=0)
    ] = 0,
) -> None:
    """Serve the pages and the API."""
    os.environ.setdefault("SHUZHENG_KEEP_CONNECTIONS", "1")
    count = workers or _processors()
    if max(count, most) > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh(home() / "run" / f"metrics-{port}"))
    with database():
        set_up()
        from granian.constants import Interfaces

        from shuzheng.cli.web_server import DRAIN, ElasticServer

        server = ElasticServer(
            "shuzheng.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=count,
            blocking_threads=threads,
            websockets=False,
            backpressure=OPEN_CONNECTIONS,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=DRAIN,
        )
        server.size_file = _size_file(port)
        server.serve()


def worker(
    concurrency: Concurrency = 4,
    queue: Annotated[
        list[str] | None, typer.Option(help="Only this queue; may be repeated. All of them if left out.")
    ] = None,
    heartbeat: Annotated[float, typer.Option(help="Seconds between two signs of life.", min=0.1)] = 10.0,
) -> None:
    """Do background work: notices, clocks, sealing, imports."""
    with database():
        set_up()
        from shuzheng.kernel.worker import run

        run(concurrency=concurrency, queues=queue, heartbeat=heartbeat)


def _watch(director: Director) -> None:
    """Look after what the programs need: the database, and how many of them there are."""
    _keep_database()
    director.act()


def _processors() -> int:
    return min(4, os.cpu_count() or 1)


def _size_file(port: int) -> Path:
    """Return the file that says how many processes the web on a port should have."""
    return home() / "run" / f"web-{port}"


def _keep_database() -> None:
    """Start an embedded server again that has crashed."""
    server = embedded_server()
    if server is None or server.is_running():
        return
    try:
        server.resume()
    except DatabaseFailed as error:
        say(str(error))


@contextmanager
def _alone(address: str) -> Iterator[None]:
    """Be the only one that serves this data folder, or leave with the name of the one that does."""
    run = home() / "run"
    run.mkdir(parents=True, exist_ok=True)
    with (run / "up").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            fail(f"This data folder is served already: {handle.read().strip()}. Open that address, or stop it first.")
        handle.truncate(0)
        handle.write(f"process {os.getpid()} on {address}")
        handle.flush()
        yield


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _show(name: str, line: str) -> None:
    err.print(f"[{COLOURS.get(name.partition('-')[0], 'white')}]{name:>7}[/] │ ", end="")
    err.print(line, markup=False, highlight=False)
