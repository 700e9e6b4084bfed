"""The benchmark of seals runs to its end; how fast it was is no matter here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = ("stamp a document", "stamp with grant, log, ledger", "check a stamp", "check with standing, ledger", "ratio")


def test_the_benchmark_of_seals_measures_everything() -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHUZHENG_", "DATABASE_", "DJANGO_"))
    }
    command = [sys.executable, "-m", "bench.seals", "--quick"]
    wide = {**kept, "COLUMNS": "160"}
    done = subprocess.run(command, cwd=ROOT, env=wide, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert [line for line in LINES if line not in done.stdout] == []
