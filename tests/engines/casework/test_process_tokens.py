"""Web and worker are many processes: what one of them opened, any other can complete."""

from __future__ import annotations

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.models import Case
from shuzheng.engines.casework.process import run
from shuzheng.kernel.actor import Actor
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer


def test_a_case_filed_by_one_process_is_accepted_by_another(resident: Actor) -> None:
    clerk = actor_of_officer(an_officer("张敏", unit=a_unit("government-service"), posts=["acceptor"]))
    case = file_case(resident)
    run._beginning.cache_clear()  # as a process that has just started knows nothing of the first
    accepted = AcceptCase.do(clerk, case_id=case.pk)
    assert accepted.state == Case.State.ACCEPTED
    assert [task.step for task in accepted.tasks.filter(state="open")] == ["examine"]
