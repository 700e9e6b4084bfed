"""Pytest plugin: tests that prove a row of the list of systems (``tests/systems/systems.csv``).

``@pytest.mark.system("e-seal", page="/office/seals/", pack="base/letters")`` says which row a test proves, which page shows
it and which pack declares it. ``--systems-report FILE`` writes what was proved, for ``make systems``.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

#: Name under which a report carries its proofs from a worker to whoever started the run.
PROPERTY = "system"


def proofs(item: pytest.Item) -> list[dict[str, str]]:
    """Return the rows that a test proves: id, page, pack and the test's own id."""
    return [
        {
            "id": marker.args[0],
            "page": marker.kwargs.get("page", ""),
            "pack": marker.kwargs.get("pack", ""),
            "test": item.nodeid,
        }
        for marker in item.iter_markers("system")
        if marker.args
    ]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the report."""
    parser.addoption("--systems-report", help="write which rows of the list of systems were proved to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Gather the report in the process that starts the run."""
    file = config.getoption("--systems-report")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Report(Path(file)))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the test's reports carry what it proves."""
    item.user_properties += [(PROPERTY, json.dumps(proof)) for proof in proofs(item)]


class _Report:
    """What every marked test came to."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: dict[tuple[str, str], dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's outcome: passed only if nothing of it failed or was skipped."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                proof = json.loads(str(value))
                kept = self._found.setdefault((proof["id"], proof["test"]), {**proof, "passed": True})
                kept["passed"] &= report.passed

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self) -> Generator[None, Any, Any]:
        """Write the file."""
        result = yield
        self._file.parent.mkdir(parents=True, exist_ok=True)
        found = [self._found[key] for key in sorted(self._found)]
        self._file.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
        return result
