"""Letters that fail in ways nobody foresaw: none stops another, none is lost, and its office is told."""

from __future__ import annotations

import pytest

from shuzheng.engines.casework import jobs
from shuzheng.engines.casework.actions import lettering
from shuzheng.engines.casework.actions.lettering import IssueLetter, LetterInput, RegisterLetter, RewriteLetter
from shuzheng.engines.casework.errors import NoSealForLetter
from shuzheng.engines.casework.letters import giving, issuing
from shuzheng.engines.casework.models import Case, Letter
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.models import EventRecord
from tests.engines.casework.conftest import Bureau, file_permit
from tests.engines.casework.test_letters import _accepted, _event, home, sealed

__all__ = ["home", "sealed"]
State = Letter.State


def _registered(case: Case, bureau: Bureau) -> Letter:
    _accepted(case, bureau)
    letter = RegisterLetter.do(giving.PLATFORM, case_id=case.pk, event=_event(case, "case_accepted"))
    assert letter is not None
    return letter


def test_a_letter_that_breaks_stops_no_other_and_goes_behind_them(
    sealed: Seal, bureau: Bureau, resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (_registered(file_permit(resident), bureau) for _n in range(2))
    perform = IssueLetter.perform

    def broken(self: IssueLetter, actor: Actor, given: LetterInput) -> Letter:
        if given.letter_id == first.pk:
            raise ZeroDivisionError
        return perform(self, actor, given)

    monkeypatch.setattr(IssueLetter, "perform", broken)
    assert giving.finish_waiting() == 1
    second.refresh_from_db()
    first.refresh_from_db()
    assert second.state == State.ISSUED
    assert (first.state, first.attempts) == (State.WRITING, 1)
    Letter.objects.filter(pk=first.pk).update(attempts=issuing.MOST_ATTEMPTS)
    assert giving.finish_waiting() == 0
    monkeypatch.undo()
    assert giving.finish_waiting() == 1


def test_attempts_are_counted_no_further_than_the_column_holds(bureau: Bureau, case: Case) -> None:
    letter = _registered(case, bureau)
    Letter.objects.filter(pk=letter.pk).update(attempts=issuing.MOST_ATTEMPTS)
    assert giving.finish(letter.pk).state == State.UNSEALED
    letter.refresh_from_db()
    assert letter.attempts == issuing.MOST_ATTEMPTS


@pytest.mark.parametrize("failure", [ValueError("no such day"), NoSealForLetter(unit="市场监督管理局")])
def test_what_cannot_be_filled_is_registered_and_told_to_its_office(
    sealed: Seal, bureau: Bureau, case: Case, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fails(*given: object) -> None:
        raise failure

    _accepted(case, bureau)
    with monkeypatch.context() as broken:
        broken.setattr(lettering, "values_of", fails)
        for _time in range(2):
            jobs.give_letter(_event(case, "case_accepted"))
        letter = Letter.objects.get()
        assert letter.state == State.FAILED
        assert letter.number
        assert letter.problem
        with_nothing = RewriteLetter.do(bureau.handler, letter_id=letter.pk)
        assert (with_nothing.state, with_nothing.content) == (State.FAILED, "")
    told = EventRecord.objects.filter(type="casework.letter_failed").earliest("time")
    jobs.tell_of_letter(giving._envelope(told))
    assert Message.objects.filter(template="letter-failed", recipient_person_id=bureau.handler.person_id).exists()
    done = RewriteLetter.do(bureau.handler, letter_id=letter.pk)
    assert (done.state, done.number, done.problem) == (State.ISSUED, letter.number, "")
