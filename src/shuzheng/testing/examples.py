"""Golden examples of packs (示例办件): stories in YAML, played through the real actions.

An example names people, firms and officers, then steps — who does what at which moment — and what must be true after a
step and at the end. ``docs/howto/write-a-pack.md`` describes the file. Every example starts from an empty
database with the packs loaded; nothing in it reaches past the actions.

>>> for file in examples_of(Path("packs/public-service/elderly-allowance")):
...     play(read_example(file))
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shuzheng.engines.casework.models import Case, Decision, Task
from shuzheng.engines.casework.queries import WholeCase, whole_case
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import LegalPerson, Officer, Person
from shuzheng.kernel.action import actions, perform_action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.input import problems
from shuzheng.kernel.moment import ZONE, at, local
from shuzheng.kernel.source import Located, Problem, Unreadable, read_yaml
from shuzheng.testing import identity

#: A file that every check of uploads accepts.
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FILE_CASE = "casework.file_case"


class Part(BaseModel):
    """Base of everything inside an example: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Somebody(Part):
    """A resident with an account."""

    born: date = date(1985, 6, 15)
    female: bool = True
    division: str = identity.DIVISION
    address: str = "红旗大道 1 号"


class Firm(Part):
    """A firm with its legal representative, one of the people."""

    representative: str
    kind: str = "company"
    division: str = identity.DIVISION
    address: str = "文明大道 8 号"


class MandateGiven(Part):
    """Who may act for whom."""

    grantor: str
    operator: str
    items: list[str] = ["*"]


class OfficerOnPost(Part):
    """An officer and the posts held in the unit of a kind."""

    unit: str
    posts: list[str]
    division: str = identity.DIVISION


class Expected(Part):
    """What must be true of the case; what is not named is not looked at."""

    state: str | None = None
    result: str | None = None
    #: Day on which the case is due, in legal local time; ``none`` if no clock runs.
    due: date | str | None = None
    #: Steps that are open, in any order.
    open: list[str] | None = None
    #: By clock, lines of its explanation that must occur in this order; parts of lines are enough.
    explanation: dict[str, list[str]] = {}
    #: By material, how it stands.
    materials: dict[str, str] = {}
    #: Last day of the latest decision's effect.
    expires: date | None = None
    #: A line that the applicant's history must contain.
    told: str | None = None
    #: Whom the case is for.
    applicant: str | None = None
    #: Longitude and latitude of what the case is about.
    location: tuple[float, float] | None = None


class Step(Part):
    """One act."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)

    #: Moment in legal local time.
    at: datetime
    #: One of the people or officers, or ``platform``.
    by: str
    #: Person or firm acted for.
    acting_for: str = Field(default="", alias="for")
    #: Name of the action.
    act: str
    given: dict[str, Any] = {}
    #: Code of the error with which the act must be refused; ``invalid:<path>`` for a field.
    refused: str = ""
    expect: Expected = Expected()


class Example(Part):
    """A golden example."""

    title: str
    #: What it proves, in a sentence.
    shows: str = ""
    people: dict[str, Somebody] = {}
    firms: dict[str, Firm] = {}
    mandates: list[MandateGiven] = []
    officers: dict[str, OfficerOnPost] = {}
    steps: list[Step] = Field(min_length=1)


class ExampleUnreadable(Exception):
    """The file is not an example; the message names file and line."""


class ExampleFailed(AssertionError):
    """An example does not come out as it says; the message names step and difference."""


def examples_of(root: Path) -> list[Path]:
    """Return the example files of the packs at or under a folder."""
    return sorted(root.rglob("examples/*.yaml"))


def read_example(file: Path) -> Example:
    """Read an example. Raises ExampleUnreadable."""
    try:
        located = read_yaml(file)
    except Unreadable as error:
        raise ExampleUnreadable(str(Problem(str(file), error.line, str(error)))) from error
    try:
        return Example.model_validate(located.value)
    except ValidationError as failure:
        raise ExampleUnreadable("\n".join(_named(file, located, failure))) from failure


def _named(file: Path, located: Located, failure: ValidationError) -> Iterable[str]:
    for error, problem in zip(failure.errors(), problems(failure), strict=True):
        yield str(Problem(str(file), located.line(error["loc"]), f"{problem.path}：{problem.message}"))


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
        for difference in self._differences(step.expect):
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
        }

    def _task(self, step: str) -> Any:
        found = Task.objects.filter(case=self.case, step=step, state=Task.State.OPEN).first()
        if found is None:
            raise ExampleFailed(f"no open task “{step}”")
        return found.pk

    # -- looking -------------------------------------------------------------------------------------------

    def _differences(self, expected: Expected) -> Iterable[str]:
        if self.case is None or expected == Expected():
            return
        whole = whole_case(self.case.pk)
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
    def location(whole: WholeCase, wanted: Any) -> tuple[float, ...] | None:
        place = whole.case.location
        return tuple(float(number) for number in place["coordinates"]) if place else None


def _missing_lines(whole: WholeCase, wanted: dict[str, list[str]]) -> Iterable[str]:
    for clock, lines in wanted.items():
        told = [line.text for line in whole.explanation(clock)]
        rest = iter(told)
        for line in lines:
            if not any(line in text for text in rest):
                yield f"the explanation of “{clock}” has no “{line}” in its place: {told}"


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
