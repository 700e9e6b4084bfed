"""An engine in miniature for the kernel's own tests: permissions, actions, a job, a kind of definition, one of facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from procrastinate.contrib.django import app
from pydantic import BaseModel, Field

from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor, Grant, Party
from shuzheng.kernel.declaration import Counts, Declaration, Facts, Kind, Manifest, read_many, register, register_facts
from shuzheng.kernel.error import Conflict, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.models import PackRelease
from shuzheng.kernel.policy import PUBLIC, permission
from shuzheng.kernel.source import Problem

KEEP = permission("trial.keep", "保存试验")
JIANGXI, GANZHOU, JIUJIANG = "36", "36.3607", "36.3604"


def somebody(*, scope: str = "", held: bool = True, **facts: Any) -> Actor:
    """Return somebody signed in who may keep things in a division, or not."""
    grants = frozenset({Grant(KEEP, scope)}) if held else frozenset()
    return Actor(**{"name": "张敏", "account_id": uuid4(), "grants": grants, **facts})


def a_party(name: str = "李梅") -> Party:
    """Return somebody to act for."""
    return Party(kind="person", id=uuid4(), name=name)


@app.task(name="trial.follow_up")
def follow_up(event: dict[str, Any] | None = None, code: str = "") -> None:
    """Follow up; a second run does nothing more."""


class KeepInput(Input):
    """What to keep."""

    code: str = Field(min_length=1, max_length=20)
    #: Division in which the permission is asked for.
    division: str = ""
    #: How it ends after everything was written: well, or with an error.
    end: str = "well"
    #: Kept by nested actions.
    inner: list[str] = []


class Kept(BaseModel):
    """What was kept, and how many times the work was done."""

    codes: list[str]


class Keep(Action[KeepInput, PackRelease]):
    """Keep a row, announce it and queue a job; nested actions keep more rows in the same transaction."""

    name = "trial.keep"
    permission = KEEP
    title = "保存"

    def scope(self, actor: Actor, given: KeepInput) -> str:
        """Ask for the permission where the input says."""
        return given.division

    def check(self, actor: Actor, given: KeepInput) -> None:
        """Refuse one code."""
        if given.code == "secret":
            raise NotPermitted

    def perform(self, actor: Actor, given: KeepInput) -> PackRelease:
        """Write, announce, queue; then end as asked."""
        kept = PackRelease.objects.create(code=given.code, version="1.0.0", title="试验", content_hash=uuid4().hex)
        self.about(kept, purpose="试验", code=given.code)
        self.emit("trial.kept", kept.pk, code=given.code)
        self.later(follow_up, code=given.code)
        for code in given.inner:
            Keep.do(actor, code=code)
        if given.end == "conflict":
            raise Conflict
        if given.end == "defect":
            raise RuntimeError("a defect")
        return kept


class KeepMany(Action[KeepInput, Kept]):
    """Keep a row and say so in a result that is no row itself."""

    name = "trial.keep_many"
    permission = KEEP
    title = "保存并汇总"
    assurance = 2

    def perform(self, actor: Actor, given: KeepInput) -> Kept:
        """Keep the outer code and the inner ones."""
        for code in (given.code, *given.inner):
            Keep.do(actor, code=code)
        return Kept(codes=[given.code, *given.inner])


class Wave(Action[Input, None]):
    """Do nothing at all, whoever asks."""

    name = "trial.wave"
    permission = PUBLIC
    title = "招手"

    def perform(self, actor: Actor, given: Input) -> None:
        """Return nothing."""


class Verse(Declaration):
    """A definition to try packs with."""

    lines: list[str] = Field(default=[], max_length=3)
    #: Another verse.
    follows: str = ""
    written_on: str | None = None


def _check_verse(declared: Any, workspace: Any) -> Any:
    target = declared.model.follows
    if target and not workspace.has("trial_verse", target):
        known = ", ".join(sorted(workspace.keys("trial_verse")))
        yield declared.problem(f"没有“{target}”", "follows", suggestion=known)


VERSE = register(Kind("trial_verse", "verses/*.yaml", Verse, title="诗", check=_check_verse))
COUPLET = register(Kind("trial_couplet", "couplets.yaml", Verse, title="对联", read=read_many))


def _check_rows(file: Path) -> Any:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            yield Problem(str(file), number, "空行")


def _load_rows(file: Path, manifest: Manifest) -> Counts:
    return Counts(inserted=len(file.read_text("utf-8").splitlines()))


ROWS = register_facts(Facts("trial_rows", "trial-rows.csv", _check_rows, _load_rows))
