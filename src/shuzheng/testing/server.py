"""Pytest plugin: one real PostgreSQL server for the whole test run.

It is named in ``addopts`` rather than in a conftest because pytest-django loads the settings before any conftest.
``DATABASE_URL`` is used when set. Otherwise an embedded server runs in ``SHUZHENG_TEST_HOME`` and is left running for
the next run; without that variable it runs in a temporary folder and goes with it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from shuzheng.cli.postgres import EmbeddedServer

#: Set by the process that starts the run, inherited by its xdist workers.
RUN_HOME = "SHUZHENG_TEST_RUN_HOME"


def choose_home() -> Path:
    """Point ``SHUZHENG_HOME`` at the folder of this run, away from the developer's own data, and return it."""
    given = os.environ.get(RUN_HOME) or os.environ.get("SHUZHENG_TEST_HOME")
    chosen = Path(given or tempfile.mkdtemp(prefix="shuzheng-test-"))
    (chosen / "static").mkdir(parents=True, exist_ok=True)
    os.environ[RUN_HOME] = os.environ["SHUZHENG_HOME"] = str(chosen)
    return chosen


HOME = choose_home()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the process that starts the run; xdist workers use it."""
    if not _is_worker(config) and not os.environ.get("DATABASE_URL"):
        EmbeddedServer(HOME, durable=False).start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove its folder, unless the developer named the folder to keep it."""
    if _is_worker(config) or os.environ.get("SHUZHENG_TEST_HOME"):
        return
    EmbeddedServer(HOME, durable=False).stop()
    shutil.rmtree(HOME, ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
