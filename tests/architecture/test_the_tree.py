"""What may stand in the repository, by name and by content."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINES = sorted(path.parent for path in (ROOT / "src/shuzheng/engines").glob("*/apps.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt)/\w")
REGISTRIES = re.compile(r"pypi\.org|pythonhosted|npmjs\.(?:org|com)|npmmirror|--(?:extra-)?index-url|\"resolved\"")
HERE = Path(__file__).name


@cache
def tracked() -> tuple[str, ...]:
    """Return the files of the repository: those tracked and those about to be."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True) if shutil.which("git") else None
    if done is None or done.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return tuple(name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())


def holding(pattern: re.Pattern[str]) -> list[str]:
    """Return ``path:line text`` of every line of a text file that matches."""
    found = []
    for name in tracked():
        if Path(name).name == HERE:
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if pattern.search(text):
            found += [f"{name}:{n} {line[:100]}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    return found


def test_no_file_has_a_name_that_says_nothing() -> None:
    parts = {name: {Path(part).stem for part in Path(name).parts} for name in tracked()}
    assert [name for name, stems in parts.items() if stems & VAGUE] == []


def test_no_path_of_a_machine_stands_in_a_file() -> None:
    assert holding(MACHINE) == []


def test_no_address_of_a_registry_stands_in_a_file() -> None:
    assert holding(REGISTRIES) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_python_package_is_pinned_by_hash(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", "")
    pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert pins
    assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("engine", ENGINES, ids=lambda path: path.name)
def test_every_engine_has_a_readme_of_one_page(engine: Path) -> None:
    lines = (engine / "README.md").read_text("utf-8").splitlines()
    assert 10 <= len(lines) <= 120


@pytest.mark.parametrize("engine", ENGINES, ids=lambda path: path.name)
def test_every_engine_is_proved_by_tests_of_its_own_name(engine: Path) -> None:
    assert list((ROOT / "tests/engines" / engine.name).rglob("test_*.py"))


def test_every_dependency_is_justified() -> None:
    page = (ROOT / "docs/explanation/dependencies.md").read_text("utf-8")
    asked = [
        re.split(r"[\[<>=~ ]", line, maxsplit=1)[0]
        for name in ("requirements.in", "requirements-dev.in", "requirements-node.in")
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    assert [package for package in asked if not re.search(rf"(?<![\w-]){re.escape(package)}(?![\w-])", page)] == []
