"""Comparing a case with what an example expects of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from shuzheng.engines.casework.models import Decision
from shuzheng.engines.casework.queries import WholeCase, whole_case
from shuzheng.engines.documents.credentials.queries import of_case
from shuzheng.kernel.moment import local
from shuzheng.testing.examples.story import Expected


def differences(case_id: Any, expected: Expected) -> Iterator[str]:
    """Yield what is otherwise than expected."""
    whole = whole_case(case_id)
    for name, wanted in expected:
        look = getattr(_Look, name, None)
        if look is not None and wanted not in (None, {}):
            found = look(whole, wanted)
            if found != wanted:
                yield f"{name} is {found!r}, not {wanted!r}"
    yield from _missing_lines(whole, expected.explanation)


class _Look:
    """How each expectation is read off a case; named like the fields of ``Expected``."""

    @staticmethod
    def state(whole: WholeCase, wanted: Any) -> str:
        return whole.case.state

    @staticmethod
    def result(whole: WholeCase, wanted: Any) -> str:
        return whole.case.result

    @staticmethod
    def due(whole: WholeCase, wanted: Any) -> date | str:
        due = local(whole.case.due_at)
        return due.date() if due.year < 9999 else "none"

    @staticmethod
    def open(whole: WholeCase, wanted: list[str]) -> list[str]:
        steps = [task.step for task in whole.open_tasks]
        return wanted if sorted(steps) == sorted(wanted) else steps

    @staticmethod
    def materials(whole: WholeCase, wanted: dict[str, str]) -> dict[str, str]:
        return {m.code: m.state for m in whole.materials if m.code in wanted}

    @staticmethod
    def expires(whole: WholeCase, wanted: Any) -> date | None:
        latest = Decision.objects.filter(case=whole.case, superseded_at=None).order_by("-decided_at").first()
        return latest.expires_on if latest else None

    @staticmethod
    def told(whole: WholeCase, wanted: str) -> str:
        texts = [status.public_text for status in whole.statuses]
        return wanted if any(wanted in text for text in texts) else " / ".join(texts)

    @staticmethod
    def applicant(whole: WholeCase, wanted: Any) -> str:
        return whole.case.applicant_name

    @staticmethod
    def licences(whole: WholeCase, wanted: dict[str, str]) -> dict[str, str]:
        return {one.type_code: one.standing_now.state for one in of_case(whole.case.pk)}

    @staticmethod
    def letters(whole: WholeCase, wanted: dict[str, str]) -> dict[str, str]:
        return {one.occasion.value: "served" if one.served_on else one.state for one in whole.letters}

    @staticmethod
    def location(whole: WholeCase, wanted: Any) -> tuple[float, ...] | None:
        place = whole.case.location
        return tuple(float(number) for number in place["coordinates"]) if place else None


def _missing_lines(whole: WholeCase, wanted: dict[str, list[str]]) -> Iterator[str]:
    for clock, lines in wanted.items():
        told = [line.text for line in whole.explanation(clock)]
        rest = iter(told)
        for line in lines:
            if not any(line in text for text in rest):
                yield f"the explanation of “{clock}” has no “{line}” in its place: {told}"
