"""The generated reference shows every setting and nothing of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.settings import environment
from tools import reference


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> dict[str, environment.Variable]:
    known: dict[str, environment.Variable] = {}
    monkeypatch.setattr(environment, "VARIABLES", known)
    return known


def test_a_required_an_empty_and_a_secret_variable_are_told_apart(variables: dict[str, environment.Variable]) -> None:
    variables["B"] = environment.Variable("B", str, None, "Needed.")
    variables["A"] = environment.Variable("A", str, "", "Signs.", secret=True)
    assert reference.settings().splitlines()[-2:] == [
        "| `A` | empty | Signs. Secret: never shown or logged. |",
        "| `B` | required | Needed. |",
    ]


def test_a_folder_of_this_machine_is_shown_relative(variables: dict[str, environment.Variable]) -> None:
    variables["HOME"] = environment.Variable("HOME", Path, str(Path.cwd() / "var"), "Data.")
    assert "| `HOME` | `./var` | Data. |" in reference.settings()


def test_the_actions_page_names_title_purpose_permission_and_input() -> None:
    page = reference.actions()
    (row,) = [line for line in page.splitlines() if line.startswith("| `casework.add_note` |")]
    name, title, purpose, permission, given = (cell.strip() for cell in row.strip("|").split("|"))
    assert (name, title, permission) == ("`casework.add_note`", "备注", "any officer")
    assert purpose.startswith("Leave a note")
    assert given == "[AddNoteInput](openapi.json#/components/schemas/AddNoteInput): `case_id`, `text`"
