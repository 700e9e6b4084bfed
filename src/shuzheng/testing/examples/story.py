"""What an example file may say, and reading it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shuzheng.kernel.input import problems
from shuzheng.kernel.source import Located, Problem, Unreadable, read_yaml
from shuzheng.testing.identity import DIVISION


class Part(BaseModel):
    """Base of everything inside an example: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Somebody(Part):
    """A resident with an account."""

    born: date = date(1985, 6, 15)
    female: bool = True
    division: str = DIVISION
    address: str = "红旗大道 1 号"


class Firm(Part):
    """A firm with its legal representative, one of the people."""

    representative: str
    kind: str = "company"
    division: str = DIVISION
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
    division: str = DIVISION


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
    #: Types of the licences that the case issued, and how each stands.
    licences: dict[str, str] = {}
    #: By occasion, how the case's letters stand once the jobs after its acts are done: issued, unsealed, or ``served``.
    letters: dict[str, str] = {}
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
    #: Kinds of bureaus that have a seal, which processes may put on letters and licences.
    seals: list[str] = []
    steps: list[Step] = Field(min_length=1)


class ExampleUnreadable(Exception):
    """The file is not an example; the message names file and line."""


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
