"""Letters of a case: one for each legal act, numbered without gaps, sealed where somebody was authorised, never lost."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shuzheng.engines.casework import jobs
from shuzheng.engines.casework.actions.correcting import CorrectDecision
from shuzheng.engines.casework.actions.deciding import ApproveCase, RejectCase, WithdrawCase
from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement, RefuseAcceptance
from shuzheng.engines.casework.actions.lettering import IssueLetter, RegisterLetter, RewriteLetter, SealLetter
from shuzheng.engines.casework.actions.pausing import DecideExtension, RequestExtension, SuspendCase
from shuzheng.engines.casework.actions.serving import NoteLetterServed, ServeLetter
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.casework.archiving import archive
from shuzheng.engines.casework.errors import LetterDelayed, LetterNotWaiting
from shuzheng.engines.casework.letters import composing, giving
from shuzheng.engines.casework.letters.numbering import next_serial
from shuzheng.engines.casework.models import Case, Letter, Task
from shuzheng.engines.casework.queries import whole_case
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.seals.errors import NotGranted
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.reading import check_document
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.event import subscribers
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import ZONE, at, now, today
from shuzheng.testing.seals import a_grant, a_seal
from tests.engines.casework.conftest import Bureau, file_permit

State = Letter.State
KINDS = ["decision", "notice"]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def home(tmp_path: Any, settings: Any) -> None:
    """Keep files with the test."""
    settings.HOME = tmp_path


@pytest.fixture
def sealed(bureau: Bureau) -> Seal:
    """Return the bureau's seal, which the platform may put on its letters."""
    return _a_seal(bureau)


def _a_seal(bureau: Bureau) -> Seal:
    seal = a_seal(_unit(bureau), name="赣州市章贡区市场监督管理局")
    a_grant(seal, process=True, standing=True, item_codes=["test-permit"], document_kinds=KINDS)
    return seal


def _unit(bureau: Bureau) -> OrgUnit:
    return OrgUnit.objects.get(pk=next(iter(bureau.handler.unit_ids)))


def _accepted(case: Case, bureau: Bureau) -> None:
    AcceptCase.do(bureau.acceptor, case_id=case.pk)


def _decided(case: Case, bureau: Bureau, act: Any = ApproveCase, reasons: str = "符合规定的条件。") -> None:
    _accepted(case, bureau)
    ForwardStep.do(bureau.handler, case_id=case.pk, opinion="情况属实")
    act.do(bureau.approver, case_id=case.pk, reasons=reasons)


def _letters(case: Case) -> dict[str, Letter]:
    return {letter.occasion: letter for letter in Letter.objects.filter(case=case).order_by("written_at", "id")}


def _words(letter: Letter) -> str:
    assert letter.file is not None
    return "".join("".join(page.text for page in read(content_of(letter.file)).pages).split())


def _event(case: Case, type: str) -> dict[str, Any]:
    return giving._envelope(EventRecord.objects.filter(subject=str(case.pk), type=f"casework.{type}").latest("time"))


# -- which letters, and what they say ---------------------------------------------------------------------------------


def test_acceptance_gives_a_sealed_letter_with_number_and_due_date(bureau: Bureau, resident: Actor) -> None:
    with at(MONDAY):
        _a_seal(bureau)
        case = file_permit(resident)
        _accepted(case, bureau)
        letter = giving.give(_event(case, "case_accepted"))
    assert letter is not None
    assert (letter.state, letter.title) == (State.ISSUED, "行政许可申请受理通知书")
    assert letter.number.endswith("受〔2026〕1号")
    text = _words(letter)
    for part in (case.number, "李梅", "自2026年3月2日起予以受理", "10个工作日", "2026年3月16日前办结", "第（五）项"):
        assert part in text, part
    (check,) = check_document(content_of(letter.file))
    assert check.valid
    whole = whole_case(case.pk)
    assert [one.state for one in whole.letters] == ["issued"]


def test_every_legal_act_gives_its_letter(sealed: Seal, bureau: Bureau, resident: Actor) -> None:
    case = file_permit(resident)
    wanted = [
        {"code": "photo", "title": "场地照片", "problem": "请交正面照片"},
        {"code": "x", "title": "说明", "problem": "缺少说明"},
    ]
    AskSupplement.do(bureau.acceptor, case_id=case.pk, wanted=wanted, answer_until=today() + timedelta(days=9))
    WithdrawCase.do(resident, case_id=case.pk, reason="计划改变")
    second = file_permit(resident)
    _accepted(second, bureau)
    RequestExtension.do(bureau.handler, case_id=second.pk, amount=5, reason="需要向外省核实材料")
    task = Task.objects.get(case=second, kind=Task.Kind.EXTENSION)
    DecideExtension.do(bureau.leader, case_id=second.pk, task_id=task.pk, approved=True)
    SuspendCase.do(bureau.handler, case_id=second.pk, ground="site_survey", note="三天内到场核查")
    third = file_permit(resident)
    RefuseAcceptance.do(bureau.acceptor, case_id=third.pk, reason="不属于本机关职权范围", remedy="可以向文化部门申请")
    for one in (case, second, third):
        giving.catch_up(one.pk)
    letters = _letters(case) | _letters(second) | _letters(third)
    assert set(letters) == {"supplement", "withdrawal", "acceptance", "extension", "suspension", "non-acceptance"}
    assert {letter.state for letter in letters.values()} == {State.ISSUED}
    assert all(part in _words(letters["supplement"]) for part in ("场地照片", "请交正面照片", "缺少说明", "一次告知"))
    assert "计划改变" in _words(letters["withdrawal"])
    assert all(part in _words(letters["extension"]) for part in ("因需要向外省核实材料", "延长5个工作日", "第四十二条"))
    assert all(part in _words(letters["suspension"]) for part in ("现场勘验", "《测试条例》第三条", "三天内到场核查"))
    text = _words(letters["non-acceptance"])
    assert all(part in text for part in ("不属于本机关职权范围", "可以向文化部门申请", "行政复议", "行政诉讼"))


def test_a_refusal_gives_reasons_and_remedies(sealed: Seal, bureau: Bureau, case: Case) -> None:
    _decided(case, bureau, RejectCase, "场地不符合安全距离要求")
    giving.catch_up(case.pk)
    text = _words(_letters(case)["refusal"])
    assert all(
        part in text
        for part in ("场地不符合安全距离要求", "第三十八条第二款", "六十日内", "六个月内", "章贡区人民法院")
    )


def test_an_item_may_leave_a_letter_out_or_use_its_own(bureau: Bureau, case: Case, monkeypatch: Any) -> None:
    from shuzheng.engines.casework.letters.rules import LetterRule, Occasion, rule_for

    own = (LetterRule(occasion=Occasion.ACCEPTANCE), LetterRule(occasion=Occasion.APPROVAL, template="my-decision"))
    assert rule_for(own, Occasion.ACCEPTANCE) is None
    rule = rule_for(own, Occasion.APPROVAL)
    assert rule is not None
    assert (rule.template, rule.word, rule.serve) == ("my-decision", "准", ())
    assert rule_for((), Occasion.REFUSAL).serve[0] == "electronic"


# -- one letter, one number ------------------------------------------------------------------------------------------


def test_the_same_act_gives_one_letter_however_often_the_job_runs(sealed: Seal, bureau: Bureau, case: Case) -> None:
    _accepted(case, bureau)
    event = _event(case, "case_accepted")
    assert jobs.give_letter in subscribers(event["type"])
    for _time in range(3):
        jobs.give_letter(event)
    letter = Letter.objects.get()
    assert letter.serial == 1
    assert letter.attempts == 1


def test_a_job_killed_between_registering_and_sealing_goes_on_with_the_same_number(
    sealed: Seal, bureau: Bureau, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    _accepted(case, bureau)
    event = _event(case, "case_accepted")

    def killed(*args: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("shuzheng.engines.casework.letters.issuing._seal_and_keep", killed)
        with pytest.raises(SystemExit):
            giving.give(event)
    waiting = Letter.objects.get()
    assert waiting.state == State.WRITING
    letter = giving.give(event)
    assert letter is not None
    assert (letter.pk, letter.number, letter.state) == (waiting.pk, waiting.number, State.ISSUED)
    assert Letter.objects.count() == 1


def test_numbers_have_no_gaps_even_where_registering_fails(
    bureau: Bureau, resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [file_permit(resident) for _n in range(4)]
    for one in cases:
        _accepted(one, bureau)
    giving.catch_up(cases[0].pk)
    with monkeypatch.context() as broken:
        broken.setattr(composing, "title_of", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            giving.give(_event(cases[1], "case_accepted"))
    for one in cases[1:]:
        giving.catch_up(one.pk)
    assert sorted(Letter.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
    assert len(set(Letter.objects.values_list("number", flat=True))) == 4


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_are_all_different(bureau: Bureau) -> None:
    unit, found = _unit(bureau), []

    def take() -> None:
        try:
            found.extend(next_serial(unit, "准", 2026) for _n in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 16))


# -- seals ---------------------------------------------------------------------------------------------------------------


def test_without_a_seal_the_letter_waits_and_its_leader_has_a_to_do(
    bureau: Bureau, case: Case, resident: Actor
) -> None:
    _accepted(case, bureau)
    letter = giving.give(_event(case, "case_accepted"))
    assert letter is not None
    assert letter.state == State.UNSEALED
    assert "等待用印" in letter.problem
    event = giving._envelope(EventRecord.objects.get(type="casework.letter_unsealed"))
    for _time in range(2):
        jobs.tell_of_letter(event)
    assert Message.objects.get(template="letters-unsealed").recipient_person_id == bureau.leader.person_id
    seal = a_seal(_unit(bureau))
    a_grant(seal, process=True, standing=True, item_codes=["test-permit"], document_kinds=KINDS)
    assert giving.finish_waiting() == 1
    letter.refresh_from_db()
    assert letter.state == State.ISSUED


def test_a_seal_holder_seals_what_waits_and_nobody_else_can(bureau: Bureau, case: Case) -> None:
    _accepted(case, bureau)
    letter = giving.give(_event(case, "case_accepted"))
    assert letter is not None
    seal = a_seal(_unit(bureau))
    a_grant(seal, bureau.officers["leader"], standing=True, item_codes=["test-permit"], document_kinds=KINDS)
    with pytest.raises(NotGranted):
        SealLetter.do(bureau.handler, letter_id=letter.pk)
    done = SealLetter.do(bureau.leader, letter_id=letter.pk)
    assert done.state == State.ISSUED
    with pytest.raises(LetterNotWaiting):
        SealLetter.do(bureau.leader, letter_id=letter.pk)


def test_a_seal_that_expires_between_approval_and_stamping_leaves_the_decision_standing(
    sealed: Seal, bureau: Bureau, resident: Actor
) -> None:
    case = file_permit(resident)
    _decided(case, bureau)
    event = _event(case, "case_decided")
    Seal.objects.filter(pk=sealed.pk).update(valid_to=now() - timedelta(days=1))
    letter = giving.give(event)
    assert letter is not None
    assert letter.state == State.UNSEALED
    assert "到期" in letter.problem
    case.refresh_from_db()
    assert case.result == Case.Result.GRANTED
    Seal.objects.filter(pk=sealed.pk).update(valid_to=now() + timedelta(days=365))
    jobs.finish_letters_after_seal({})
    letter.refresh_from_db()
    assert letter.state == State.ISSUED


# -- faults ----------------------------------------------------------------------------------------------------------------


def test_a_template_that_lacks_a_value_stops_the_letter_and_not_the_case(
    sealed: Seal, bureau: Bureau, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("shuzheng.engines.casework.letters.values.address_of", lambda path: "")
        _accepted(case, bureau)
        letter = giving.give(_event(case, "case_accepted"))
    assert letter is not None
    assert letter.state == State.FAILED
    assert "进度查询网址" in letter.problem
    jobs.tell_of_letter(giving._envelope(EventRecord.objects.get(type="casework.letter_failed")))
    assert Message.objects.filter(template="letter-failed", recipient_person_id=bureau.handler.person_id).exists()
    ForwardStep.do(bureau.handler, case_id=case.pk, opinion="情况属实")
    with pytest.raises(NotPermitted):
        RewriteLetter.do(_elsewhere(), letter_id=letter.pk)
    done = RewriteLetter.do(bureau.handler, letter_id=letter.pk)
    assert (done.state, done.number) == (State.ISSUED, letter.number)


def _elsewhere() -> Actor:
    from tests.engines.casework.conftest import a_bureau

    return a_bureau("education").handler


def test_a_missing_template_is_named_on_the_letter(bureau: Bureau, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "KIND", "no-such-kind")
    _accepted(case, bureau)
    letter = giving.give(_event(case, "case_accepted"))
    assert letter is not None
    assert letter.state == State.FAILED
    assert letter.title == "受理通知书"


def test_storage_that_is_down_is_tried_again_and_leaves_no_use_of_the_seal(
    sealed: Seal, bureau: Bureau, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuzheng.engines.documents.seals.models import SealUse

    _accepted(case, bureau)
    event = _event(case, "case_accepted")

    def down(*args: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("shuzheng.engines.documents.seals.results.contents.keep", down)
        with pytest.raises(LetterDelayed):
            jobs.give_letter(event)
    assert Letter.objects.get().state == State.WRITING
    assert not SealUse.objects.exists()
    jobs.give_letter(event)
    assert Letter.objects.get().state == State.ISSUED
    assert SealUse.objects.count() == 1


# -- correction, archive, access ----------------------------------------------------------------------------------------


def test_a_corrected_letter_stands_beside_the_first(sealed: Seal, bureau: Bureau, case: Case) -> None:
    _decided(case, bureau)
    giving.catch_up(case.pk)
    first = _letters(case)["approval"]
    content = content_of(first.file)
    CorrectDecision.do(
        bureau.approver, case_id=case.pk, reasons="符合规定的条件，更正有效期。", correction="有效期写错"
    )
    giving.catch_up(case.pk)
    both = list(Letter.objects.filter(case=case, occasion="approval").order_by("written_at", "id"))
    assert [letter.superseded_at is None for letter in both] == [False, True]
    assert both[1].supersedes_id == first.pk
    assert first.number in _words(both[1])
    assert content_of(both[0].file) == content


def test_the_archive_holds_the_letters_in_their_role(sealed: Seal, bureau: Bureau, case: Case) -> None:
    _decided(case, bureau)
    archive(case.pk)
    giving.catch_up(case.pk)
    archive(case.pk)
    package = ArchivePackage.objects.latest("version")
    roles = [entry["role"] for entry in package.contents]
    assert (package.version, roles.count("letter")) == (2, 2)


def test_the_applicant_opens_a_letter_once_it_is_sealed_and_a_stranger_never(
    bureau: Bureau, case: Case, resident: Actor
) -> None:
    from shuzheng.engines.documents.errors import NoSuchFile
    from shuzheng.engines.documents.queries import open_file
    from shuzheng.testing.identity import a_resident, actor_of_person

    _accepted(case, bureau)
    letter = giving.give(_event(case, "case_accepted"))
    assert letter is not None
    assert letter.file_id is not None
    with pytest.raises(NoSuchFile):
        open_file(letter.file_id, resident)
    open_file(letter.file_id, bureau.handler)
    seal = a_seal(_unit(bureau))
    a_grant(seal, process=True, standing=True, item_codes=["test-permit"], document_kinds=KINDS)
    giving.finish_waiting()
    letter.refresh_from_db()
    assert letter.file_id is not None
    open_file(letter.file_id, resident)
    with pytest.raises(NoSuchFile):
        open_file(letter.file_id, actor_of_person(a_resident("王强")))


@pytest.mark.parametrize("act", [RegisterLetter, IssueLetter, ServeLetter, NoteLetterServed])
def test_what_the_platform_does_for_letters_no_officer_can(bureau: Bureau, case: Case, act: Any) -> None:
    given = {
        "case_id": case.pk,
        "event": {},
        "letter_id": case.pk,
        "service_id": case.pk,
        "digest": "0" * 64,
        "date": today(),
        "way": "mail",
    }
    with pytest.raises(NotPermitted):
        act.do(bureau.leader, {name: given[name] for name in act.input.model_fields})
    if act in (IssueLetter, ServeLetter):
        with pytest.raises(NotFound):
            act.do(giving.PLATFORM, letter_id=case.pk)


def test_filing_costs_nothing_for_letters(bureau: Bureau, resident: Actor) -> None:
    case = file_permit(resident)
    events = EventRecord.objects.filter(subject=str(case.pk)).values_list("type", flat=True)
    assert not any(jobs.give_letter in subscribers(type) for type in events)
