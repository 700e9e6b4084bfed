"""The benchmark of documents runs to its end; how fast it was is no matter here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = ("approval-decision", "supplement-notice", "OFD", "PDF", "read an OFD", "show a page as SVG")


def test_the_benchmark_of_documents_measures_everything() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.ofd", "--quick"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "160", "DJANGO_SETTINGS_MODULE": "shuzheng.settings.dev"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert [line for line in LINES if line not in done.stdout] == []
    assert "/s" in done.stdout
