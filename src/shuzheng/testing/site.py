"""A served site inside the test process, on a database of its own that holds packs and people for many tests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.db import connection
from django.test.testcases import LiveServerThread
from procrastinate.contrib.django.utils import connector_params
from psycopg import sql

from shuzheng.kernel import caching, definition
from shuzheng.kernel.worker import worker_app


@contextmanager
def database_of_its_own(name: str) -> Iterator[None]:
    """Create, migrate and use a database inside the block, then drop it and return to the one before."""
    before = connection.settings_dict["NAME"]
    connection.close()
    with _maintenance() as server:
        _drop(server, name)
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    connection.settings_dict["NAME"] = name
    _forget()
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _forget()
        with _maintenance() as server:
            _drop(server, name)


@contextmanager
def served() -> Iterator[str]:
    """Serve the site from a thread and yield its address. Raises whatever kept the server from starting."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


def work_off_jobs() -> None:
    """Do every job that is due, as a worker would, and return when none is left."""
    # A thread of its own, because a browser may keep an event loop in this one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(copy_context().run, asyncio.run, _work_off()).result()


async def _work_off() -> None:
    own = worker_app()
    async with own.open_async():
        await own.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


def _maintenance() -> psycopg.Connection[tuple[object, ...]]:
    parameters = {**connector_params(), "dbname": "postgres"}
    return psycopg.connect(**parameters, autocommit=True)


def _drop(server: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _forget() -> None:
    definition.forget()
    caching.forget_remembered()
    ContentType.objects.clear_cache()
