"""Letters that a later act overtook: they get no seal any more, and every place that shows them says so."""

from __future__ import annotations

from typing import Any

import pytest

from shuzheng.engines.casework.actions.correcting import CorrectDecision
from shuzheng.engines.casework.actions.deciding import ReopenCase
from shuzheng.engines.casework.actions.lettering import RewriteLetter, SealLetter
from shuzheng.engines.casework.archiving import archive
from shuzheng.engines.casework.dossier import content_of
from shuzheng.engines.casework.errors import LetterNotWaiting
from shuzheng.engines.casework.letters import giving
from shuzheng.engines.casework.models import Case, Letter, Standing
from shuzheng.engines.casework.queries import whole_case
from shuzheng.engines.casework.queries.letters import sealable, shown, waiting
from shuzheng.engines.casework.schemas import LetterOut
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.seals.models import Seal, SealUse
from shuzheng.testing.seals import a_grant
from tests.engines.casework.conftest import Bureau
from tests.engines.casework.test_letters import KINDS, _a_seal, _decided, _event, _letters, home, sealed

__all__ = ["home", "sealed"]
State = Letter.State
CORRECTION: dict[str, Any] = {"reasons": "符合规定的条件，更正有效期。", "correction": "有效期写错"}


@pytest.fixture
def unsealed(case: Case, bureau: Bureau) -> Letter:
    """Return the letter of a decision that waits for a seal."""
    _decided(case, bureau)
    giving.catch_up(case.pk)
    letter = _letters(case)["approval"]
    assert letter.state == State.UNSEALED
    return letter


def _is_void(letter: Letter) -> None:
    letter.refresh_from_db()
    assert letter.standing == Standing.VOID
    assert letter.issued_at is None
    assert not SealUse.objects.filter(pk=letter.seal_use_id).exists()


def test_the_letter_of_a_decision_set_aside_is_never_sealed(unsealed: Letter, case: Case, bureau: Bureau) -> None:
    ReopenCase.do(bureau.supervisor, case_id=case.pk, reason="复议决定撤销")
    seal = _a_seal(bureau)
    a_grant(seal, bureau.officers["leader"], standing=True, item_codes=["test-permit"], document_kinds=KINDS)
    giving.finish_waiting()
    giving.finish(unsealed.pk)
    for act, actor in ((SealLetter, bureau.leader), (RewriteLetter, bureau.handler)):
        with pytest.raises(LetterNotWaiting) as refused:
            act.do(actor, letter_id=unsealed.pk)
        assert "已作废" in str(refused.value)
    unsealed.refresh_from_db()
    assert not sealable(bureau.leader, [unsealed])
    assert unsealed.pk not in {letter.pk for letter in waiting(bureau.handler, size=50).items}
    _is_void(unsealed)


def test_a_decision_corrected_before_its_letter_was_replaced_is_not_sealed_either(
    unsealed: Letter, case: Case, bureau: Bureau
) -> None:
    CorrectDecision.do(bureau.approver, case_id=case.pk, **CORRECTION)
    seal = _a_seal(bureau)
    a_grant(seal, bureau.officers["leader"], standing=True, item_codes=["test-permit"], document_kinds=KINDS)
    with pytest.raises(LetterNotWaiting):
        SealLetter.do(bureau.leader, letter_id=unsealed.pk)
    giving.finish_waiting()
    unsealed.refresh_from_db()
    assert unsealed.state == State.UNSEALED
    giving.catch_up(case.pk)
    _is_void(unsealed)
    new = Letter.objects.get(case=case, occasion="approval", superseded_at=None)
    assert (new.state, new.supersedes_id) == (State.ISSUED, unsealed.pk)


def test_a_letter_registered_after_the_correction_is_void_and_stops_no_job(
    sealed: Seal, case: Case, bureau: Bureau
) -> None:
    _decided(case, bureau)
    event = _event(case, "case_decided")
    CorrectDecision.do(bureau.approver, case_id=case.pk, **CORRECTION)
    decided = {**event, "data": {**event["data"], "decision": str(whole_case(case.pk).decisions[0].pk)}}
    letter = giving.give(decided)
    assert letter is not None
    _is_void(letter)


def test_page_archive_and_interface_say_what_a_letter_is_worth(sealed: Seal, case: Case, bureau: Bureau) -> None:
    _decided(case, bureau)
    giving.catch_up(case.pk)
    CorrectDecision.do(bureau.approver, case_id=case.pk, **CORRECTION)
    giving.catch_up(case.pk)
    Letter.objects.filter(case=case, occasion="acceptance").update(
        state=State.UNSEALED, superseded_at=_letters(case)["approval"].written_at
    )
    whole = whole_case(case.pk)
    worth = ["void", "superseded", "issued"]
    assert [LetterOut.from_orm(letter).state for letter in whole.letters] == worth
    assert [row["state"] for row in content_of(whole)["process"]["letters"]] == worth
    titles = [entry["title"] for entry in content_of(whole)["documents"] if entry["role"] == "letter"]
    assert [title.endswith("（已被取代）") for title in titles] == [True, False]
    assert [letter.standing for letter in shown(whole.letters)] == ["issued", "superseded"]
    archive(case.pk)
    assert "已被取代" in str(ArchivePackage.objects.latest("version").contents)
