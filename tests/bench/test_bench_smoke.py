"""The benchmark of casework runs to its end; how fast it was is no matter here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = (
    "file a case over HTTP",
    "life of a case, empty database",
    "life of a case, 10,000 cases",
    "statements of a filing",
    "work list",
    "whole case",
    "clock computations",
)


def test_the_benchmark_measures_everything() -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHUZHENG_", "DATABASE_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.casework", "--quick"],
        cwd=ROOT,
        env={**kept, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    missing = [line for line in LINES if line not in done.stdout]
    assert missing == []
    assert "/s" in done.stdout
