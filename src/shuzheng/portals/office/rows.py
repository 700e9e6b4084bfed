"""Rows of the desk's lists: what a task or a case shows of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shuzheng.engines.casework.clock_rows import card_at
from shuzheng.engines.casework.models import FAR_FUTURE, Case, Task
from shuzheng.engines.trust.masking import mask
from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.moment import local, today


@dataclass(frozen=True)
class Row:
    """A task or case as a list shows it."""

    record: Any
    #: red, amber, green, or grey while no clock runs.
    card: str
    #: Working days left; negative after the limit; ``None`` while no clock runs.
    days: int | None
    due: date | None
    #: The applicant's name; a person's is masked.
    applicant: str


def rows_of(records: Iterable[Task | Case]) -> list[Row]:
    """Return the rows of tasks or cases, without any statement."""
    calendar = work_calendar()
    return [_row(record, calendar) for record in records]


def masked_applicant(name: str, kind: str) -> str:
    """Return an applicant's name as lists show it: firms in full, persons masked."""
    return name if kind == "legal" else mask(name, "person_name")


def _row(record: Task | Case, calendar: WorkCalendar) -> Row:
    kind = getattr(record, "applicant_kind", "person")
    applicant = masked_applicant(record.applicant_name, kind)
    if record.due_at >= FAR_FUTURE:
        return Row(record, "grey", None, None, applicant)
    return Row(
        record, str(card_at(record)), working_days_left(record.due_at, calendar), local(record.due_at).date(), applicant
    )


def working_days_left(due: datetime, calendar: WorkCalendar) -> int:
    """Return the working days from today to the due day; negative, those since; 0 only on the due day itself."""
    day, present = local(due).date(), today()
    if day == present:
        return 0
    return max(1, calendar.count(present, day)) if day > present else -max(1, calendar.count(day, present))
