"""What a pack may declare: a support service with its objectives, alerts, runbook, emergency modes and scaling policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.resources.scaling import Policy
from shuzheng.kernel.action import actions
from shuzheng.kernel.declaration import Declaration, Declared, Kind, Workspace, read_one, register
from shuzheng.kernel.outcomes import BOUNDS
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Located, Problem

CODE = r"^[a-z][a-z0-9-]{0,40}$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class AlertRule(_Part):
    """When to wake somebody: the budget burns so many times too fast, over a long and a short window (SRE workbook ch. 5)."""

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=2, max_length=60)
    #: ``page`` wakes the operators on duty, ``ticket`` waits for working hours.
    severity: Literal["page", "ticket"]
    #: Times the rate at which the budget would last exactly its window.
    burn: float = Field(gt=1, le=1000)
    long_minutes: int = Field(ge=5, le=360)
    short_minutes: int = Field(ge=1, le=60)
    #: Outcomes in the long window below which a share says nothing.
    least: int = Field(default=20, ge=1)


#: Fast: 2 % of a month's budget in an hour. Slow: 5 % in six hours.
FAST = AlertRule(code="fast", title="预算快速消耗", severity="page", burn=14.4, long_minutes=60, short_minutes=5)
SLOW = AlertRule(code="slow", title="预算持续消耗", severity="ticket", burn=6, long_minutes=360, short_minutes=30)


class Objective(_Part):
    """What share of outcomes must be good (目标): answered without a failure of ours, or answered in time."""

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=2, max_length=60)
    #: Share of good outcomes that is promised.
    target: float = Field(gt=0.5, lt=1)
    #: Good is an answer within so many seconds; left out, good is an answer without a failure of ours.
    within: float | None = None
    alerts: list[AlertRule] = Field(default=[FAST, SLOW], max_length=5)

    @model_validator(mode="after")
    def _is_a_bound(self) -> Self:
        if self.within is not None and self.within not in BOUNDS:
            raise ValueError(_("within 只能取 {bounds}").format(bounds=", ".join(f"{b:g}" for b in BOUNDS)))
        return self


class Mode(_Part):
    """A degraded mode that the service may be put into (应急措施)."""

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=2, max_length=60)
    #: What residents are told; the reason and the time are added.
    notice: str = Field(min_length=4, max_length=120)
    #: Actions that are refused meanwhile.
    pauses: list[str] = Field(default=[], max_length=50)
    #: Channels on which nothing is sent meanwhile; it goes out afterwards.
    holds: list[Literal["sms", "email", "webhook", "todo"]] = []
    #: Whether residents see a banner.
    banner: bool = True
    longest_minutes: int = Field(default=240, ge=5, le=2880)

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.pauses and not self.holds:
            raise ValueError(_("pauses 和 holds 至少要写一个"))
        return self


class SupportService(Declaration):
    """A common support service (共性支撑服务) and what is promised of it."""

    code: str = Field(pattern=CODE)
    #: Office that answers for it.
    owner: str = Field(min_length=2, max_length=100)
    #: What is counted: ``view:<route>``, ``action:<name>``, ``job:<name>``; a name ending in ``*`` stands for all that begin so.
    measures: list[str] = Field(min_length=1, max_length=60)
    #: Job queues whose age is watched.
    queues: list[str] = Field(default=[], max_length=10)
    #: Days over which the budget lasts.
    window_days: int = Field(default=28, ge=1, le=90)
    objectives: list[Objective] = Field(min_length=1, max_length=5)
    modes: list[Mode] = Field(default=[], max_length=10)
    scaling: Policy | None = None
    #: What to do when it alerts, in Markdown; read from the file of the same name ending in ``.md``.
    runbook: str = Field(min_length=20, max_length=20_000)


def _read(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a service with its runbook, the Markdown file beside it."""
    found = []
    for at, located in read_one(file):
        runbook = file.with_suffix(".md")
        if isinstance(located.value, dict) and runbook.exists():
            located = replace(located, value={**located.value, "runbook": runbook.read_text("utf-8")})
        found.append((at, located))
    return found


def _check(declared: Declared[SupportService], workspace: Workspace) -> Iterable[Problem]:
    """Find actions that nobody declares, in measures and in modes, and codes used twice."""
    service = declared.model
    if service is None:
        return
    yield from _check_measures(declared, service)
    for n, mode in enumerate(service.modes):
        for m, name in enumerate(mode.pauses):
            if name not in actions():
                yield _unknown(declared, name, "modes", n, "pauses", m)
    for what, parts in (("objectives", service.objectives), ("modes", service.modes)):
        codes = [part.code for part in parts]
        if len(codes) != len(set(codes)):
            yield declared.problem(str(_("编码重复")), what)


def _check_measures(declared: Declared[SupportService], service: SupportService) -> Iterable[Problem]:
    for n, name in enumerate(service.measures):
        kind, _colon, rest = name.partition(":")
        if kind not in ("view", "action", "job") or not rest:
            yield declared.problem(str(_("应写作 view:…、action:… 或 job:…")), "measures", n)
        elif kind == "action" and not rest.endswith("*") and rest not in actions():
            yield _unknown(declared, rest, "measures", n)


def _unknown(declared: Declared[Any], name: str, *path: str | int) -> Problem:
    message = str(_("没有叫“{name}”的动作")).format(name=name)
    return declared.problem(message, *path, suggestion=suggest(name, list(actions())).strip())


KIND = "service_objective"
register(
    Kind(
        name=KIND,
        pattern="objectives/*.yaml",
        model=SupportService,
        title=_("支撑服务目标"),
        read=_read,
        check=_check,
        beside="objectives/*.md",
    )
)
