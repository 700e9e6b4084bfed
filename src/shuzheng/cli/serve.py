"""Serving: the web, the worker, or both in one terminal."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from shuzheng.cli.console import err, fail, say
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.cli.processes import Program, Supervisor
from shuzheng.cli.sandbox import takes_sandbox_money
from shuzheng.cli.site import database, embedded_server, set_up
from shuzheng.settings.environment import home

COLOURS = {"web": "cyan", "worker": "magenta", "sandbox": "yellow"}
#: Connections that one web process keeps open. Browsers hold several each while nobody clicks, so that this is far more
#: than the requests answered at once, which are as many as there are threads.
OPEN_CONNECTIONS = 1000
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Workers = Annotated[int, typer.Option(help="Web processes; 0 takes one a processor, four at most.", min=0)]
Threads = Annotated[int, typer.Option(help="Requests that one web process answers at once.", min=1)]
Concurrency = Annotated[int, typer.Option(help="Jobs done at once.", min=1)]


def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 1,
    threads: Threads = 4,
    concurrency: Concurrency = 4,
) -> None:
    """Run everything in this terminal: the embedded database, the web and the worker. Ctrl-C stops it cleanly."""
    with database():
        serve(host, port, workers, threads, concurrency)


def serve(host: str, port: int, workers: int = 1, threads: int = 4, concurrency: int = 4) -> None:
    """Run web and worker until told to stop; the database must be there. Leaves if another one serves this home."""
    address = f"http://{host}:{port}"
    with _alone(address):
        web_options = [f"--host={host}", f"--port={port}", f"--workers={workers}", f"--threads={threads}"]
        programs = [
            Program("web", [sys.executable, "-m", "shuzheng.cli", "web", *web_options]),
            Program("worker", [sys.executable, "-m", "shuzheng.cli", "worker", f"--concurrency={concurrency}"]),
        ]
        if takes_sandbox_money():
            os.environ.setdefault("SHUZHENG_PAYMENT_ADDRESS", address)
            programs.append(Program("sandbox", [sys.executable, "-m", "shuzheng.cli", "sandbox"]))
        say(f"Serving on {address} (Ctrl-C stops)")
        Supervisor(programs, show=_show, watch=_keep_database).run()
        say("Stopped.")


def web(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1, threads: Threads = 4) -> None:
    """Serve the pages and the API."""
    os.environ.setdefault("SHUZHENG_KEEP_CONNECTIONS", "1")
    count = workers or min(4, os.cpu_count() or 1)
    if count > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh(home() / "run" / f"metrics-{port}"))
    with database():
        set_up()
        from granian import Granian
        from granian.constants import Interfaces

        Granian(
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
            workers_kill_timeout=20,
        ).serve()


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
    err.print(f"[{COLOURS.get(name, 'white')}]{name:>7}[/] │ ", end="")
    err.print(line, markup=False, highlight=False)
