"""Letters served in law: by consent, by the applicant's choice, up the ladder; the day starts the periods for objecting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.casework import jobs
from shuzheng.engines.casework.actions.correcting import CorrectDecision
from shuzheng.engines.casework.actions.deciding import ReopenCase
from shuzheng.engines.casework.actions.serving import ConfirmServiceAddress
from shuzheng.engines.casework.errors import NotYourCase
from shuzheng.engines.casework.letters import giving
from shuzheng.engines.casework.letters.telling import next_way_of
from shuzheng.engines.casework.models import Case, Decision, Letter, ServiceAddress
from shuzheng.engines.casework.queries import whole_case
from shuzheng.engines.identity.models import LegalPerson
from shuzheng.engines.messaging.actions import GiveConsent, RecordService, ServeDocument
from shuzheng.engines.messaging.models import LegalService, Message
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import today
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_firm, a_resident, actor_of_person
from tests.engines.casework.conftest import Bureau, file_permit
from tests.engines.casework.test_letters import _decided, _letters, _words, home, sealed

__all__ = ["home", "sealed"]
CONSENT = "本人同意行政机关以电子方式向本人送达行政决定书等文书。"
pytestmark = pytest.mark.usefixtures("sealed")


def _approved(case: Case, bureau: Bureau) -> Letter:
    _decided(case, bureau)
    giving.catch_up(case.pk)
    return _letters(case)["approval"]


def test_with_consent_the_decision_is_served_at_once_and_its_periods_run(
    case: Case, bureau: Bureau, resident: Actor
) -> None:
    GiveConsent.do(resident, text=CONSENT)
    letter = _approved(case, bureau)
    assert (letter.served_on, letter.served_way) == (today(), "electronic")
    assert LegalService.objects.get().link == f"/cases/{case.pk}/letters/{letter.pk}/"
    decision = Decision.objects.get(case=case)
    assert decision.reconsider_until == work_calendar(case.division_code).on_or_after(today() + timedelta(days=60))
    receipt = _letters(case)["receipt"]
    assert receipt.state == Letter.State.ISSUED
    text = _words(receipt)
    assert all(part in text for part in ("送达回证", letter.number, "电子送达", "存证编号"))
    (shown,) = [one for one in whole_case(case.pk).letters if one.occasion == "approval"]
    assert shown.reconsider_until == decision.reconsider_until


def test_a_service_noted_twice_gives_one_receipt(case: Case, bureau: Bureau, resident: Actor) -> None:
    GiveConsent.do(resident, text=CONSENT)
    _approved(case, bureau)
    event = giving._envelope(EventRecord.objects.get(type="messaging.served"))
    jobs.note_letter_served(event)
    assert Letter.objects.filter(occasion="receipt").count() == 1
    assert LegalService.objects.count() == 1


def test_without_consent_the_ladder_is_climbed_step_by_step(case: Case, bureau: Bureau) -> None:
    letter = _approved(case, bureau)
    service = LegalService.objects.get(pk=letter.service_id)
    assert letter.served_on is None
    assert next_way_of(letter, service) == "direct"
    RecordService.do(Actor.system("test"), service_id=service.pk, way="direct", outcome="failed", note="无人在家")
    assert next_way_of(letter, service) == "mail"
    event = giving._envelope(EventRecord.objects.get(type="messaging.service_failed"))
    for _time in range(2):
        jobs.tell_of_letter(event)
    assert "邮寄送达" in Message.objects.get(template="service-next").body
    RecordService.do(Actor.system("test"), service_id=service.pk, way="mail", outcome="started", place="EMS 1234567890")
    RecordService.do(
        Actor.system("test"),
        service_id=service.pk,
        way="mail",
        outcome="served",
        place="EMS 1234567890",
        note="李梅签收",
    )
    giving.catch_up(case.pk)
    letter.refresh_from_db()
    assert letter.served_way == "mail"
    text = _words(_letters(case)["receipt"])
    assert all(part in text for part in ("EMS1234567890", "无人在家", "邮寄送达"))


def test_public_notice_comes_when_all_else_has_failed(case: Case, bureau: Bureau) -> None:
    letter = _approved(case, bureau)
    service = LegalService.objects.get(pk=letter.service_id)
    for way in ("direct", "mail"):
        RecordService.do(Actor.system("test"), service_id=service.pk, way=way, outcome="failed", note="退回")
    assert next_way_of(letter, service) == "notice"


def test_the_applicants_choice_goes_before_a_general_consent(case: Case, bureau: Bureau, resident: Actor) -> None:
    GiveConsent.do(resident, text=CONSENT)
    ConfirmServiceAddress.do(resident, case_id=case.pk, way="mail", address="赣州市章贡区红旗大道 1 号")
    letter = _approved(case, bureau)
    assert letter.served_on is None
    assert next_way_of(letter, LegalService.objects.get()) == "mail"


def test_the_choice_is_filed_with_the_application_in_its_one_statement(bureau: Bureau, resident: Actor) -> None:
    service = {"way": "mail", "address": "赣州市章贡区红旗大道 1 号"}
    case = file_case(resident, "test-permit", materials=[{"code": "photo", "way": "later"}], service=service)
    address = ServiceAddress.objects.get(case=case)
    assert (address.way, address.recipient, address.address) == ("mail", "李梅", "赣州市章贡区红旗大道 1 号")
    with pytest.raises(InvalidInput):
        file_case(resident, "test-permit", materials=[{"code": "photo", "way": "later"}], service={"way": "mail"})


def test_only_the_applicant_changes_the_address(case: Case) -> None:
    with pytest.raises(NotYourCase):
        ConfirmServiceAddress.do(actor_of_person(a_resident("王强")), case_id=case.pk, way="pickup")


def test_a_firm_without_a_representative_is_nobody_to_serve_and_the_desk_is_told(
    bureau: Bureau, resident: Actor
) -> None:
    owner = a_resident("陈志强")
    firm = a_firm("赣南人家餐饮店", representative=owner)
    case = file_permit(actor_of_person(owner, party=firm))
    LegalPerson.objects.filter(pk=firm.pk).update(representative=None)
    letter = _approved(case, bureau)
    assert letter.service_id is None
    assert "没有可以送达的人" in letter.problem
    jobs.tell_of_letter(giving._envelope(EventRecord.objects.get(type="casework.letter_unservable")))
    assert Message.objects.filter(template="letter-failed").exists()


def test_a_decision_corrected_after_service_is_served_anew(case: Case, bureau: Bureau, resident: Actor) -> None:
    GiveConsent.do(resident, text=CONSENT)
    first = _approved(case, bureau)
    CorrectDecision.do(bureau.approver, case_id=case.pk, reasons="符合条件，更正有效期。", correction="有效期写错")
    giving.catch_up(case.pk)
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert first.served_on == today()
    second = Letter.objects.get(case=case, occasion="approval", superseded_at=None)
    assert second.served_on == today()
    assert LegalService.objects.count() == 2
    assert Letter.objects.filter(case=case, occasion="receipt").count() == 2


def test_reopening_sets_the_letter_of_the_decision_aside(case: Case, bureau: Bureau) -> None:
    letter = _approved(case, bureau)
    ReopenCase.do(bureau.supervisor, case_id=case.pk, reason="复议决定撤销")
    letter.refresh_from_db()
    assert letter.superseded_at is not None


def test_an_acceptance_letter_is_not_served_in_law(case: Case, bureau: Bureau, resident: Actor) -> None:
    GiveConsent.do(resident, text=CONSENT)
    letter = _approved(case, bureau)
    given: dict[str, Any] = {one.occasion: one.service_id for one in Letter.objects.filter(case=case)}
    assert given["acceptance"] is None
    assert given["approval"] == letter.service_id


def test_another_service_of_the_same_document_does_not_serve_the_letter(case: Case, bureau: Bureau) -> None:
    letter = _approved(case, bureau)
    assert letter.file is not None
    helper = actor_of_person(a_resident("王强"))
    GiveConsent.do(helper, text=CONSENT)
    forged = ServeDocument.do(
        Actor.system("test"),
        person_id=helper.person_id,
        title=letter.title,
        digest=letter.file.sm3,
        case_id=case.pk,
        unit_id=letter.unit_id,
    )
    assert forged.served_on == today()
    jobs.note_letter_served(giving._envelope(EventRecord.objects.get(type="messaging.served")))
    letter.refresh_from_db()
    assert letter.served_on is None
    assert letter.service_id != forged.pk
    assert "receipt" not in _letters(case)
