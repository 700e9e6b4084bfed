"""What an engine above hands over when something is to be archived."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shuzheng.engines.documents.archive.retention import Dates
from shuzheng.engines.documents.archive.rule import ArchiveRule, Role
from shuzheng.kernel.input import Input


class GivenDocument(Input):
    """One document of the case: a stored file, and what it is."""

    role: Role
    code: str = Field(max_length=80)
    title: str = Field(max_length=300)
    file: UUID


class FormRow(Input):
    """One answer in words."""

    section: str = ""
    label: str
    value: str = ""


class Party(Input):
    """Whose file it is; kept so that reading it can be recorded as a read about them."""

    kind: Literal["person", "legal"]
    id: UUID
    name: str = ""


class ArchiveContent(Input):
    """Everything about one closed matter, as of one revision of it."""

    #: Engine that hands over, and the id of the thing there.
    source: str = Field(pattern=r"^[a-z]+$", max_length=20)
    subject: UUID
    #: Rises with every change; the same one is never packed twice.
    revision: int = Field(ge=0)
    #: 办件编号.
    number: str = Field(max_length=60)
    title: str = Field(max_length=300)
    item_code: str = Field(max_length=120)
    rule: ArchiveRule
    dates: Dates
    closed_at: datetime
    division: str = Field(max_length=200)
    #: 全宗号 and name of the organ whose archives these are.
    fonds: str = Field(max_length=60)
    organ: str = Field(default="", max_length=200)
    party: Party
    secrecy: Literal["public", "internal", "sensitive"] = "internal"
    #: Codes of the personal data elements that the file holds.
    elements: list[str] = []
    #: Fields of DA/T 85 beyond those above.
    metadata: dict[str, Any] = {}
    #: Statuses, decisions, clocks and tasks, as they happened.
    process: dict[str, Any] = {}
    form: list[FormRow] = Field(default=[], max_length=5000)
    documents: list[GivenDocument] = Field(default=[], max_length=500)
    #: Titles of the documents that the item requires and that are not there, by code.
    missing: dict[str, str] = {}

    @property
    def year(self) -> int:
        """Return the year of filing (归档年度)."""
        return self.closed_on.year

    @property
    def closed_on(self) -> date:
        """Return the day of closing."""
        return self.dates.closed_on or self.closed_at.date()
