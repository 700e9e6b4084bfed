"""What every act on a case has in common: lock, state, revision, task, history, one save."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar
from uuid import UUID

from shuzheng.engines.casework.casefile import CaseFile, open_file
from shuzheng.engines.casework.errors import ActNotOffered, CaseMoved, NotYourCase, NotYourTask, WrongState
from shuzheng.engines.casework.models import Case, Task
from shuzheng.engines.casework.policies import holds, is_applicant, may_read
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input

State = Case.State
OPEN_STATES = frozenset({State.FILED, State.ACCEPTED, State.SUPPLEMENT, State.SUSPENDED, State.DECIDED})


class CaseInput(Input):
    """What every act on a case is given."""

    case_id: UUID
    #: Revision that the person saw; an act on an older one is refused.
    revision: int | None = None


Given = TypeVar("Given", bound=CaseInput)


class CaseAct(Action[Given, Case]):
    """Base of the acts on a case. ``act`` does the work on the locked file; saving happens once, at the outermost."""

    #: States of the case in which the act is possible.
    states: ClassVar[frozenset[str]] = OPEN_STATES
    file: CaseFile

    def scope(self, actor: Actor, given: Given) -> str:
        """Lock the case; the permission must be held in its division."""
        self.file = open_file(given.case_id, self.unit)
        return str(self.file.case.division_path)

    def check(self, actor: Actor, given: Given) -> None:
        """Refuse on an older revision or in another state. Raises CaseMoved, WrongState."""
        case = self.file.case
        self.about(case, case_id=case.pk, division=str(case.division_path))
        if actor.is_officer and not self._concerns(actor):
            raise NotPermitted
        if given.revision is not None and given.revision != case.revision and self.file.depth == 0:
            raise CaseMoved
        if case.state not in self.states:
            raise WrongState(state=case.get_state_display(), act=self.title)

    def _concerns(self, actor: Actor) -> bool:
        """Say whether an official may open the case, or has a task of it."""
        return may_read(actor, self.file.case, self.file.open_tasks())

    def perform(self, actor: Actor, given: Given) -> Case:
        """Do the work and save the file, unless an act around this one will."""
        self.file.depth += 1
        try:
            self.act(actor, given)
        finally:
            self.file.depth -= 1
        if self.file.depth == 0:
            self.file.save()
        return self.file.case

    def act(self, actor: Actor, given: Given) -> None:
        """Change the file."""
        raise NotImplementedError(self.name)

    # -- for subclasses ------------------------------------------------------------------------------------

    def step_task(self, actor: Actor) -> Task:
        """Return the open task that offers this act to the actor. Raises ActNotOffered or NotYourTask."""
        offering = [task for task in self.file.open_tasks() if self.name in task.acts]
        if not offering:
            raise ActNotOffered(act=self.title)
        own = [task for task in offering if holds(actor, task)]
        if not own:
            raise NotYourTask
        return own[0]

    def handlers_task(self, actor: Actor) -> Task:
        """Return any open step of the process that is the actor's. Raises NotYourTask."""
        for task in self.file.open_tasks():
            if task.kind == Task.Kind.STEP and holds(actor, task):
                return task
        raise NotYourTask

    def tell(self, actor: Actor, public: object, internal: str = "") -> None:
        """Add a line to the case's history."""
        self.file.tell(actor, self.name, public, internal)

    def announce(self, event: str, **data: Any) -> None:
        """Announce an event of the case: ``casework.<event>``."""
        case = self.file.case
        self.emit(
            f"casework.{event}", case.pk, number=case.number, item=case.item_code, division=case.division_code, **data
        )


class ApplicantAct(CaseAct[Given]):
    """Base of the acts that belong to the applicant; holding the case replaces a permission in its division."""

    def scope(self, actor: Actor, given: Given) -> str:
        """Lock the case; no division scope applies."""
        self.file = open_file(given.case_id, self.unit)
        return ""

    def check(self, actor: Actor, given: Given) -> None:
        """Refuse whoever is not the applicant, then as every act. Raises NotYourCase."""
        if actor.channel != "system" and not is_applicant(actor, self.file.case):
            raise NotYourCase
        super().check(actor, given)
