"""The embedded server: created, started, recovered and stopped on a real folder."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from shuzheng.cli.postgres import EmbeddedServer
from shuzheng.cli.postgres_memory import configuration
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.settings.database import LONGEST_SOCKET_FOLDER, embedded_socket
from tests.cli.site_process import SiteProcesses


@pytest.fixture
def messages() -> list[str]:
    """What the server told the person."""
    return []


@pytest.fixture
def server(created_home: Path, messages: list[str]) -> Iterator[EmbeddedServer]:
    """A server of our own that does not run; ended afterwards."""
    yield EmbeddedServer(created_home, durable=False, say=messages.append)
    SiteProcesses(created_home).discard()


@pytest.fixture
def first(empty_home: Path, messages: list[str]) -> Iterator[EmbeddedServer]:
    """A server that has never been started; ended afterwards."""
    home = empty_home / "home"
    yield EmbeddedServer(home, durable=False, say=messages.append)
    SiteProcesses(home).discard()


def _answer(server: EmbeddedServer, statement: str, database: str = "postgres") -> object:
    with psycopg.connect(server.conninfo(database), autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def test_a_first_start_creates_a_cluster_that_speaks_utf8_and_chinese(first: EmbeddedServer) -> None:
    assert first.start()
    assert first.ensure_database()
    assert not first.ensure_database()
    assert _answer(first, "show server_encoding", "shuzheng") == "UTF8"
    for extension in ("ltree", "pg_trgm", "btree_gist"):
        with psycopg.connect(first.conninfo("shuzheng")) as connection:
            connection.execute(f"create extension {extension}")
    assert _answer(first, "select similarity('南昌市青山湖区', '南昌市青山湖')", "shuzheng") > 0.5


def test_the_server_listens_on_a_private_socket_only(server: EmbeddedServer) -> None:
    server.start()
    assert _answer(server, "show listen_addresses") == ""
    assert server.run.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o777 == 0o700


def test_two_starters_at_once_start_one_server(first: EmbeddedServer) -> None:
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda _: EmbeddedServer(first.home, durable=False).start(), range(4)))
    assert sorted(started) == [False, False, False, True]


def test_a_killed_server_is_recovered_with_a_message_and_keeps_what_was_committed(
    server: EmbeddedServer, messages: list[str]
) -> None:
    server.start()
    with psycopg.connect(server.conninfo("postgres")) as connection:
        connection.execute("create table kept as select 42 as answer")
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while server.is_running():
        pass
    assert server.start()
    assert _answer(server, "select answer from kept") == 42
    assert any("not stopped cleanly" in message for message in messages)


def test_a_lock_file_naming_a_strangers_process_is_not_believed_and_the_stranger_lives(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    lock = server.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{server.data}\n")
    assert not server.is_running()
    assert server.start()
    assert _answer(server, "select 1") == 1


def test_an_interrupted_first_start_is_put_aside(first: EmbeddedServer, messages: list[str]) -> None:
    first.data.mkdir(parents=True)
    (first.data / "half").write_text("")
    assert first.start()
    assert any("interrupted" in message for message in messages)


def test_stopping_what_does_not_run_is_no_error(server: EmbeddedServer) -> None:
    assert not server.stop()


def test_a_server_that_cannot_start_says_why(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.data / "postgresql.conf").write_text("shared_buffers = 'many'\n")
    with pytest.raises(DatabaseFailed, match="shared_buffers"):
        server.start()


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)
    assert len(str(embedded_socket(long))) <= LONGEST_SOCKET_FOLDER
    assert embedded_socket(long) == embedded_socket(long)
    assert embedded_socket(long) != embedded_socket(long / "y")


@pytest.mark.parametrize(("memory", "shared"), [(256, "64MB"), (4096, "1024MB"), (65536, "2048MB")])
def test_memory_follows_the_machine_within_bounds(tmp_path: Path, memory: int, shared: str) -> None:
    assert f"shared_buffers = '{shared}'" in configuration(tmp_path, durable=True, memory=memory)


def test_only_a_test_server_may_forget_to_wait_for_the_disk(tmp_path: Path) -> None:
    assert "fsync" not in configuration(tmp_path, durable=True)
    assert "fsync = 'off'" in configuration(tmp_path, durable=False)
