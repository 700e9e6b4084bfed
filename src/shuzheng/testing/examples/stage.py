"""Playing an example through the real actions."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from shuzheng.engines.casework.letters.giving import catch_up
from shuzheng.engines.casework.models import Case, Task
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import LegalPerson, Officer, Person
from shuzheng.engines.payment.models import Bill
from shuzheng.engines.payment.queries import bills_of_case
from shuzheng.kernel.action import actions, perform_action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.moment import ZONE, at
from shuzheng.testing import identity
from shuzheng.testing.credentials import grant
from shuzheng.testing.examples.looking import differences
from shuzheng.testing.examples.story import Example, Expected, Step
from shuzheng.testing.seals import a_seal

#: A file that every check of uploads accepts.
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FILE_CASE = "casework.file_case"


class ExampleFailed(AssertionError):
    """An example does not come out as it says; the message names step and difference."""


def play(example: Example) -> Case:
    """Play an example and return its case. Raises ExampleFailed."""
    stage = Stage(example)
    for number, step in enumerate(example.steps, 1):
        with at(step.at.replace(tzinfo=ZONE)):
            stage.play(number, step)
    assert stage.case is not None
    return stage.case


class Stage:
    """The people of one example and the case that they act on: the one filed last."""

    def __init__(self, example: Example) -> None:
        """Invite everybody, as of the day of the first step."""
        self.example = example
        self.case: Case | None = None
        self.people: dict[str, Person] = {}
        self.firms: dict[str, LegalPerson] = {}
        self.officers: dict[str, Officer] = {}
        with at(example.steps[0].at.replace(tzinfo=ZONE)):
            self._invite()

    def _invite(self) -> None:
        for name, who in self.example.people.items():
            self.people[name] = identity.a_resident(
                name, born=who.born, female=who.female, division_code=who.division, address=who.address
            )
        for name, firm in self.example.firms.items():
            self.firms[name] = identity.a_firm(
                name,
                representative=self.people[firm.representative],
                kind=firm.kind,
                division_code=firm.division,
                address=firm.address,
            )
        for mandate in self.example.mandates:
            identity.a_mandate(self._party(mandate.grantor), self.people[mandate.operator], items=mandate.items)
        for name, post in self.example.officers.items():
            unit = identity.a_unit(post.unit, post.division)
            self.officers[name] = identity.an_officer(name, unit=unit, posts=post.posts)

        items = [str(step.given["item_code"]) for step in self.example.steps if "item_code" in step.given]
        for number, kind in enumerate(self.example.seals, 1):
            unit = identity.a_unit(kind)
            grant(a_seal(unit, number=number, name=unit.name), *items)

    def _party(self, name: str) -> Person | LegalPerson:
        return self.people.get(name) or self.firms[name]

    # -- playing -------------------------------------------------------------------------------------------

    def play(self, number: int, step: Step) -> None:
        """Perform one step and look at what became of the case."""
        where = f"step {number} ({step.by}: {step.act})"
        try:
            done = perform_action(step.act, self._actor(step), self._given(step))
        except ShuzhengError as refusal:
            _expect_refusal(where, step.refused, refusal)
        else:
            if step.refused:
                raise ExampleFailed(f"{where} should have been refused with {step.refused}")
            self.case = done if step.act == FILE_CASE else self.case
        if self.case is None or step.expect == Expected():
            return
        if step.expect.letters:
            catch_up(self.case.pk)
        for difference in differences(self.case.pk, step.expect):
            raise ExampleFailed(f"{where}: {difference}")

    def _actor(self, step: Step) -> Actor:
        if step.by == "platform":
            return Actor.system("example")
        if step.by in self.officers:
            return identity.actor_of_officer(self.officers[step.by])
        return identity.actor_of_person(
            self.people[step.by], party=self._party(step.acting_for) if step.acting_for else None
        )

    def _given(self, step: Step) -> dict[str, Any]:
        fields = actions()[step.act].input.model_fields
        given = self._resolved(step.given, step)
        if "case_id" in fields and self.case is not None:
            given.setdefault("case_id", str(self.case.pk))
        return given

    def _resolved(self, value: Any, step: Step) -> Any:
        """Return input with ``upload:``, ``unit:``, ``officer:`` and ``task:`` texts replaced by ids."""
        if isinstance(value, dict):
            return {key: self._resolved(inner, step) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._resolved(inner, step) for inner in value]
        if not isinstance(value, str):
            return value.isoformat() if isinstance(value, date) else value
        prefix, colon, name = value.partition(":")
        resolve = self._references(step).get(prefix) if colon else None
        return str(resolve(name)) if resolve else value

    def _references(self, step: Step) -> dict[str, Callable[[str], Any]]:
        return {
            "upload": lambda name: receive(self._actor(step), Upload(name)).pk,
            "unit": lambda kind: identity.a_unit(kind).pk,
            "officer": lambda name: self.officers[name].pk,
            "task": self._task,
            "bill": lambda which: self._bill().pk,
            "order": lambda which: self._bill().orders.latest("created_at").number,
        }

    def _bill(self) -> Bill:
        found = bills_of_case(self.case.pk) if self.case else []
        if not found:
            raise ExampleFailed("the case has no bill")
        return found[0]

    def _task(self, step: str) -> Any:
        found = Task.objects.filter(case=self.case, step=step, state=Task.State.OPEN).first()
        if found is None:
            raise ExampleFailed(f"no open task “{step}”")
        return found.pk


def _expect_refusal(where: str, wanted: str, refusal: ShuzhengError) -> None:
    codes = {refusal.code}
    if isinstance(refusal, InvalidInput):
        codes |= {f"invalid:{problem.path}" for problem in refusal.errors}
    if wanted not in codes:
        raise ExampleFailed(f"{where} was refused: {sorted(codes)} {refusal}") from refusal


class Upload(io.BytesIO):
    """A small PDF under any name, as a plain form sends it."""

    def __init__(self, name: str) -> None:
        """Name the file."""
        super().__init__(PDF)
        self.name: str | None = name
        self.size: int | None = len(PDF)
