"""Cases for tests, one line each."""

from __future__ import annotations

from typing import Any

from shuzheng.engines.casework.actions.filing import FileCase
from shuzheng.engines.casework.models import Case
from shuzheng.kernel.actor import Actor

#: 江西省赣州市章贡区.
DIVISION = "360702000000"


def file_case(actor: Actor, item_code: str = "generic-matter", **given: Any) -> Case:
    """Return a case filed through the real action; for the generic matter, nothing else need be given."""
    usual: dict[str, Any] = {"division_code": DIVISION}
    if item_code in ("generic-matter", "test-permit"):
        usual["answers"] = {"application_content": "路灯坏了三天，请派人来修。"}
    return FileCase.do(actor, item_code=item_code, **{**usual, **given})
