"""What is made of one row of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition

#: What sources write for nothing.
NOTHING = frozenset({"", "无", "None", "null", "暂无", "/", "-"})


@dataclass(frozen=True)
class Finding:
    """Something about a row that somebody should know."""

    level: Literal["rejected", "warning"]
    #: Field of the source, in its own words.
    field: str
    message: str


class Rejected(Exception):
    """The row cannot become an item."""

    def __init__(self, field: str, message: Any) -> None:
        """Say which field of the row, and why."""
        self.finding = Finding("rejected", field, str(message))
        super().__init__(str(message))


@dataclass
class Entry:
    """One row: the item it became, or none, and what was found."""

    #: Number of the row in the file, from 1; the line, for files of lines.
    row: int
    code: str = ""
    title: str = ""
    item: ServiceItemDefinition | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        """Say whether the row was left out."""
        return any(finding.level == "rejected" for finding in self.findings)

    def warn(self, field: str, message: Any) -> None:
        """Note something that did not keep the row from being imported."""
        self.findings.append(Finding("warning", field, str(message)))

    def reject(self, finding: Finding) -> None:
        """Leave the row out."""
        self.findings.append(finding)
        self.item = None


def text_of(raw: Mapping[str, Any], name: str) -> str:
    """Return a field's text without blanks around it; what means nothing is empty."""
    value = str(raw.get(name) or "").strip()
    return "" if value in NOTHING else value


def required(raw: Mapping[str, Any], name: str) -> str:
    """Return a field's text. Raises Rejected if it is empty."""
    value = text_of(raw, name)
    if not value:
        raise Rejected(name, _("这一项是空的，无法导入。"))
    return value


def texts_of(raw: Mapping[str, Any], name: str) -> list[str]:
    """Return a field that holds a list, or one text for none or one, without empty ones and repetitions."""
    value = raw.get(name)
    values = value if isinstance(value, list) else [value]
    cleaned = [str(one or "").strip() for one in values]
    return list(dict.fromkeys(one for one in cleaned if one not in NOTHING))
