"""``shuzheng sandbox``: started by its name, stopped like any program, part of a demo and of nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import requests

PORT = 18_301
CHOSEN = "from shuzheng.cli.sandbox import takes_sandbox_money; print(takes_sandbox_money())"


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment without settings of other people."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHUZHENG_")}
    return {**kept, "SHUZHENG_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path), **more}


def test_the_command_serves_pay_pages(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{PORT}"
    given = environment(tmp_path, SHUZHENG_SANDBOX_ACQUIRER=address)
    process = subprocess.Popen([sys.executable, "-m", "shuzheng.cli", "sandbox"], env=given, stdout=subprocess.DEVNULL)
    try:
        assert _answers(f"{address}/pay/nothing") == 404
        assert (tmp_path / "sandbox/acquirer.sqlite3").exists()
    finally:
        process.terminate()
        process.wait(10)


def _answers(url: str) -> int:
    """Return the status once somebody answers."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return requests.get(url, timeout=2).status_code
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("nobody answers")


def test_it_is_part_of_a_demo_and_of_nothing_else(tmp_path: Path) -> None:
    for given, wanted in (
        ({"SHUZHENG_DEMO": "1"}, "True"),
        ({}, "False"),
        ({"SHUZHENG_PAYMENT_CHANNELS": "wechat"}, "False"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", CHOSEN],
            env=environment(tmp_path, **given),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == wanted
