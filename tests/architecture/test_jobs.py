"""Jobs have names that last and may run twice."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from procrastinate.contrib.django import app

TASKS: dict[str, Any] = {name: t for name, t in app.tasks.items() if t.func.__module__.startswith("shuzheng.")}
AGAIN = re.compile(r"again|twice|retr|repeat|idempotent|once|second time|re-?run", re.IGNORECASE)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
class TestEveryJob:
    """One test per rule and job, so that the report names the job."""

    def test_is_named_after_its_engine_and_not_its_module(self, task: Any) -> None:
        engine, _, verb = task.name.partition(".")
        assert f".{engine}." in f"{task.func.__module__}."
        assert verb.isidentifier()

    def test_says_why_it_may_run_twice(self, task: Any) -> None:
        told = f"{task.func.__doc__} {sys.modules[task.func.__module__].__doc__}"
        assert AGAIN.search(told), "its docstring, or its module's for all, says why it is safe to repeat"


def test_every_task_known_by_an_old_name_is_still_ours() -> None:
    assert all(alias in app.tasks for task in TASKS.values() for alias in task.aliases)
