"""Scaling decisions of the small site: read from a file that the test writes, incidents appended to another."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.conf import settings

from shuzheng.engines.resources.demand import Demand, Incident


def demands() -> list[Demand] | None:
    """Return what the test demands; nothing is known while there is no file."""
    file = settings.HOME / "demands.json"
    if not file.exists():
        return None
    return [Demand(**{**one, "queues": tuple(one.get("queues", ()))}) for one in json.loads(file.read_text())]


def note(incidents: Sequence[Incident]) -> None:
    """Write down what the supervisor did."""
    with (settings.HOME / "incidents.jsonl").open("a") as file:
        file.writelines(json.dumps(vars(incident)) + "\n" for incident in incidents)
