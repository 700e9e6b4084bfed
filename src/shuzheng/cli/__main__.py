"""``python -m shuzheng.cli``."""

from __future__ import annotations

from shuzheng.cli.main import app

app(prog_name="shuzheng")
