"""A small site with real processes, and folders that the database's own account can reach."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.site_process import SiteProcesses
from tests.cli.small_site.work import TABLE


def _folder() -> Iterator[Path]:
    """An empty folder below the system's own, since other runs of pytest close pytest's to all but one account."""
    folder = Path(tempfile.mkdtemp(prefix="shuzheng-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A data folder with nothing in it."""
    yield from _folder()


@pytest.fixture(scope="session")
def created() -> Iterator[Path]:
    """A data folder with a fresh cluster, to be copied."""
    for folder in _folder():
        site = SiteProcesses(folder)
        site.server.start()
        site.server.stop()
        yield folder


@pytest.fixture(scope="session")
def prepared(created: Path) -> Iterator[Path]:
    """A data folder with a migrated database, to be copied."""
    for folder in _folder():
        copy(created, folder)
        site = SiteProcesses(folder)
        site.server.start()
        done = site.command("migrate")
        assert done.returncode == 0, done.stderr
        site.rows(TABLE)
        site.server.stop()
        yield folder


def copy(prepared: Path, folder: Path) -> None:
    """Copy a data folder, owners included."""
    subprocess.run(["cp", "-a", f"{prepared}/.", str(folder)], check=True)


@pytest.fixture
def created_home(created: Path, empty_home: Path) -> Path:
    """A data folder with a cluster of its own that does not run."""
    copy(created, empty_home)
    return empty_home


@pytest.fixture(scope="module")
def migrated_home(prepared: Path) -> Iterator[Path]:
    """A data folder with a migrated database, shared by the tests of a module."""
    for folder in _folder():
        copy(prepared, folder)
        yield folder
        SiteProcesses(folder).discard()


@pytest.fixture
def site(empty_home: Path) -> Iterator[SiteProcesses]:
    """A small site in an empty folder; nothing is started yet."""
    site = SiteProcesses(empty_home)
    yield site
    site.end()
    site.discard()


@pytest.fixture
def migrated(migrated_home: Path) -> Iterator[SiteProcesses]:
    """The small site with its database running and migrated."""
    site = SiteProcesses(migrated_home)
    site.server.start()
    yield site
    site.end()
    site.server.start()
    site.rows("truncate procrastinate_jobs, procrastinate_workers, effects cascade")
