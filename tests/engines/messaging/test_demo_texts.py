"""The demo's SMS centre: part of a demo and of nothing else, started beside the acquirer, its receipts come back signed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.site_process import free_port, until
from tests.engines.messaging.smsc import Centre
from tests.engines.payment.test_sandbox_program import environment

CHOSEN = "from shuzheng.cli.sandbox import sends_sandbox_texts; print(sends_sandbox_texts())"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"SHUZHENG_DEMO": "1"}, "True"),
        ({}, "False"),
        ({"SHUZHENG_DEMO": "1", "SHUZHENG_SMS": "https://a:b@c/d"}, "False"),
    ],
)
def test_it_is_part_of_a_demo_and_of_nothing_else(tmp_path: Path, given: dict[str, str], wanted: str) -> None:
    command = [sys.executable, "-c", CHOSEN]
    done = subprocess.run(command, env=environment(tmp_path, **given), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == wanted


def test_the_sandbox_of_a_demo_opens_both_doors(tmp_path: Path) -> None:
    http = free_port()
    given = environment(
        tmp_path,
        SHUZHENG_DEMO="1",
        SHUZHENG_SANDBOX_SMS=f"http://127.0.0.1:{http}",
        SHUZHENG_SANDBOX_ACQUIRER=f"http://127.0.0.1:{free_port()}",
    )
    process = subprocess.Popen([sys.executable, "-m", "shuzheng.cli", "sandbox"], env=given, stdout=subprocess.DEVNULL)
    centre = Centre(process, http, http + 1)
    try:
        until(lambda: _taken(centre) == [])
        assert (tmp_path / "sandbox/smsc.sqlite3").exists()
        assert (tmp_path / "keys/sandbox-sms").stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
        process.wait(10)


def _taken(centre: Centre) -> object:
    try:
        return centre.taken()
    except OSError:
        return None
