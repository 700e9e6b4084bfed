"""Every golden example of every pack, played through the real actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.testing.examples import ExampleFailed, ExampleUnreadable, examples_of, play, read_example

PACKS = Path(__file__).resolve().parents[2] / "packs"
EXAMPLES = [pytest.param(file, id=f"{file.parents[1].name}/{file.stem}") for file in examples_of(PACKS)]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    """Keep uploaded files with the test."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"


@pytest.mark.parametrize("file", EXAMPLES)
def test_an_example_comes_out_as_it_says(file: Path, packs: None) -> None:
    play(read_example(file))


def test_a_misspelt_key_is_named_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("title: 例\nsteps:\n  - {at: 2026-03-02T10:00, by: 李梅, act: x, gven: {}}\n", "utf-8")
    with pytest.raises(ExampleUnreadable, match=r"wrong\.yaml:3: .*gven"):
        read_example(file)


def test_an_example_that_comes_out_otherwise_fails_with_the_step(tmp_path: Path, packs: None) -> None:
    source = PACKS / "public-service/generic-matter/examples/granted.yaml"
    file = tmp_path / "other.yaml"
    file.write_text(source.read_text("utf-8").replace("state: closed", "state: withdrawn"), "utf-8")
    with pytest.raises(ExampleFailed, match=r"state is 'closed', not 'withdrawn'"):
        play(read_example(file))
