"""The benchmark of payment runs to its end; how fast it was is no matter here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_of_payment_measures_everything() -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHUZHENG_", "DATABASE_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.payment", "--quick"],
        cwd=ROOT,
        env={**kept, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "notifications/s" in done.stdout
    assert "p99" in done.stdout
    assert "reconciled lines/s" in done.stdout
