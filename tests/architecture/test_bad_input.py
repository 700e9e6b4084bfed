"""The page on bad input names tests that exist, and leaves out nothing that was promised."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    line.split(" | ")
    for line in (ROOT / "docs/explanation/bad-input.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| what goes wrong")
]
PROMISED = (
    "wrong check digit",
    "impossible date",
    "too long",
    "wrong type",
    "two tabs that submit",
    "double click",
    "lost in mid-upload",
    "another officer just moved",
    "pack with a cycle",
    "broken row",
    "worker killed",
    "database stopped for ten seconds",
)


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("| "))
def test_every_line_says_what_is_seen_and_kept_and_names_tests_that_exist(row: list[str]) -> None:
    _fault, seen, kept, tests = row
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    assert seen.strip()
    assert kept.strip()
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []


@pytest.mark.parametrize("fault", PROMISED)
def test_nothing_promised_is_left_out(fault: str) -> None:
    assert [row for row in ROWS if fault in row[0]]
