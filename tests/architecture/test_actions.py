"""Every action says what it is, who may do it, and is proved by a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shuzheng.kernel.action import Action, actions
from shuzheng.kernel.actor import EVERYTHING
from shuzheng.kernel.policy import OFFICER, PUBLIC, SIGNED_IN, permissions

TESTS = Path(__file__).resolve().parents[1]
#: Only what is shipped: tests register actions of their own.
SHIPPED = {name: action for name, action in actions().items() if action.__module__.startswith("shuzheng.")}


@cache
def words_of_tests() -> str:
    """Return the text of every test but the architecture's, and of the packs' golden examples."""
    modules = [path for path in TESTS.rglob("test_*.py") if path.parent != Path(__file__).parent]
    examples = (TESTS.parent / "packs").rglob("examples/*.yaml")
    return "\n".join(path.read_text("utf-8") for path in [*modules, *TESTS.rglob("conftest.py"), *examples])


def test_there_are_actions() -> None:
    assert SHIPPED


@pytest.mark.parametrize("action", SHIPPED.values(), ids=SHIPPED.keys())
class TestEveryAction:
    """One test per rule and action, so that the report names the action."""

    def test_is_named_after_its_engine(self, action: type[Action[Any, Any]]) -> None:
        engine, _, verb = action.name.partition(".")
        assert f".{engine}." in f"{action.__module__}."
        assert verb.isidentifier()

    def test_has_a_permission_that_is_declared(self, action: type[Action[Any, Any]]) -> None:
        assert action.permission in {PUBLIC, SIGNED_IN, OFFICER, EVERYTHING, *permissions()}

    def test_has_a_title_for_people(self, action: type[Action[Any, Any]]) -> None:
        assert len(str(action.title)) >= 2

    def test_says_what_it_is_for(self, action: type[Action[Any, Any]]) -> None:
        assert len((action.__doc__ or "").strip()) >= 20

    def test_says_what_its_input_is(self, action: type[Action[Any, Any]]) -> None:
        assert (action.input.__doc__ or "").strip()

    def test_is_mentioned_in_a_test(self, action: type[Action[Any, Any]]) -> None:
        found = {name for name in (action.__name__, action.name) if name in words_of_tests()}
        assert found
