"""What is generated from the code agrees with the code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_the_reference_is_current() -> None:
    """In a process of its own, because tests add actions that are not shipped."""
    command = [sys.executable, "tools/reference.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_api_is_described_in_openapi_3_1() -> None:
    described = json.loads((ROOT / "docs/reference/openapi.json").read_text("utf-8"))
    assert described["openapi"].startswith("3.1")
    assert any(path.startswith("/api/actions/") for path in described["paths"])
