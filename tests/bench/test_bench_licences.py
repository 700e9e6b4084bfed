"""The benchmark of licences runs to its end; how fast it was is no matter here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_of_licences_measures_everything() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.licences", "--quick"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "160", "DJANGO_SETTINGS_MODULE": "shuzheng.settings.dev"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert [line for line in ("issue a licence", "verify by code") if line not in done.stdout] == []
