"""Filing: what is checked, what is told, and that nothing is filed twice or by halves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from shuzheng.engines.casework.actions.reserving import ReserveNumbers
from shuzheng.engines.casework.errors import NotEligible, NoUnit
from shuzheng.engines.casework.models import Case, Material, Task
from shuzheng.engines.forms.actions import SaveDraft
from shuzheng.engines.identity.errors import MandateDoesNotCover
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.action import AssuranceTooLow, KeyReused
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import NoDefinition, get
from shuzheng.kernel.error import InvalidInput, SignInRequired
from shuzheng.kernel.id import is_checked
from shuzheng.kernel.models import EventRecord
from shuzheng.testing.casework import DIVISION, file_case
from shuzheng.testing.identity import a_firm, a_mandate, a_resident, a_unit, actor_of_person
from tests.engines.casework.conftest import file_permit

pytestmark = pytest.mark.django_db
LATER = [{"code": "photo", "way": "later"}]


def problems(raised: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {problem.path: problem.message for problem in raised.value.errors}


def test_a_filing_leaves_case_task_clock_audit_event_and_job(bureau, resident) -> None:
    case = file_permit(resident)
    assert is_checked(case.number)
    assert case.number.startswith("360702")
    assert Task.objects.get(case=case).post == "acceptor"
    assert set(case.clocks.values_list("code", flat=True)) == {"acceptance", "step"}
    assert AuditRecord.objects.filter(case_id=case.pk, name="casework.file_case", result="done").count() == 1
    assert EventRecord.objects.get(subject=str(case.pk)).type == "casework.case_filed"
    assert ProcrastinateJob.objects.filter(task_name="casework.tell_applicant").count() == 1


def test_a_filing_is_a_dozen_statements(bureau, resident) -> None:
    file_permit(resident)
    with CaptureQueriesContext(connection) as captured:
        file_permit(resident)
    own = [query for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(own) <= 14, [query["sql"][:80] for query in own]


def test_the_same_key_files_once_even_if_sent_twice(bureau, resident) -> None:
    a_unit("government-service")
    first = file_case(resident, key="tab-1")
    again = file_case(resident, key="tab-1")
    assert first.pk == again.pk
    assert Case.objects.count() == 1
    with pytest.raises(KeyReused):
        file_case(resident, key="tab-1", answers={"application_content": "另一件事，请尽快处理。"})


def test_missing_answers_and_materials_are_named_and_nothing_is_kept_half(bureau, resident) -> None:
    events = EventRecord.objects.count()
    with pytest.raises(InvalidInput) as raised:
        file_case(resident, "test-permit", answers={})
    assert "application_content" in problems(raised)
    with pytest.raises(InvalidInput) as raised:
        file_case(resident, "test-permit", materials=[{"code": "nothing", "way": "later"}])
    assert set(problems(raised)) == {"materials.nothing", "materials.photo"}
    assert not Case.objects.exists()
    assert EventRecord.objects.count() == events


def test_a_material_is_wanted_only_under_its_condition(bureau, resident) -> None:
    large = {"application_content": "举办大型灯会，预计五千人参加。"}
    with pytest.raises(InvalidInput) as raised:
        file_case(resident, "test-permit", answers=large, materials=LATER)
    assert set(problems(raised)) == {"materials.plan"}
    committed = [*LATER, {"code": "plan", "way": "commitment"}]
    case = file_case(resident, "test-permit", answers=large, materials=committed)
    states = dict(Material.objects.filter(case=case).values_list("code", "state"))
    assert states == {"photo": "tolerated", "plan": "promised"}


def test_another_persons_file_cannot_be_handed_in(bureau, resident, a_file) -> None:
    foreign = a_file(actor_of_person(a_resident("王五")))
    with pytest.raises(InvalidInput) as raised:
        file_case(resident, "test-permit", materials=[{"code": "photo", "files": [foreign]}])
    assert set(problems(raised)) == {"materials.photo"}


def test_a_daughter_files_for_her_mother_under_a_mandate(bureau, packs) -> None:
    mother, daughter = a_resident("王桂英", born="1940-01-01"), a_resident("李梅")
    a_mandate(mother, daughter, items=["generic-matter"])
    acting = actor_of_person(daughter, party=mother)
    a_unit("government-service")
    case = file_case(acting)
    assert (case.applicant_name, case.operator_name) == ("王桂英", "李梅")
    assert case.mandate_id is not None
    with pytest.raises(MandateDoesNotCover):
        file_permit(acting)


def test_a_firm_files_through_its_representative(bureau) -> None:
    boss = a_resident("陈志强", female=False)
    firm = a_firm(representative=boss)
    case = file_permit(actor_of_person(boss, party=firm))
    assert (case.applicant_kind, case.applicant_id) == ("legal", firm.pk)


def test_low_assurance_wrong_place_unknown_item_and_nobody_are_refused(bureau, packs) -> None:
    with pytest.raises(AssuranceTooLow):
        file_permit(actor_of_person(a_resident("赵六", assurance=1)))
    with pytest.raises(NoUnit):
        file_case(actor_of_person(a_resident("孙七")), "generic-matter", division_code="360402000000")
    with pytest.raises(NoDefinition):
        file_case(actor_of_person(a_resident("周八")), "no-such-item")
    with pytest.raises(SignInRequired):
        file_permit(Actor(name=""))


def test_a_window_files_with_a_reserved_number_for_somebody_present(bureau, resident) -> None:
    numbers = ReserveNumbers.do(bureau.acceptor, item_code="test-permit", division_code=DIVISION, count=3).numbers
    assert len(set(numbers)) == 3
    present = a_resident("吴九")
    applicant = {"kind": "person", "id": str(present.pk), "name": present.name}
    given = {"number": numbers[0], "applicant": applicant, "materials": LATER}
    case = file_case(bureau.acceptor, "test-permit", **given)
    assert (case.number, case.applicant_name) == (numbers[0], "吴九")
    with pytest.raises(InvalidInput) as raised:
        file_case(bureau.acceptor, "test-permit", **given)
    assert "number" in problems(raised)


def test_a_draft_ends_with_the_filing(bureau, resident) -> None:
    form = get("form", "generic-matter")
    draft = SaveDraft.do(resident, subject="test-permit", form_id=form.id, answers={"application_content": "写到一半"})
    file_case(resident, "test-permit", materials=LATER, draft_id=draft.pk)
    assert not type(draft).objects.filter(pk=draft.pk).exists()


def test_an_item_for_persons_only_refuses_a_firm(bureau) -> None:
    boss = a_resident("陈志强", female=False)
    actor = actor_of_person(boss, party=a_firm(representative=boss))
    with pytest.raises(NotEligible):
        file_case(actor, "test-person-only", answers={"application_content": "单位来办个人事项。"})


def test_what_must_be_done_in_person_is_refused_to_a_relative(bureau) -> None:
    mother, daughter = a_resident("王桂英", born="1940-01-01"), a_resident("李梅")
    a_mandate(mother, daughter)
    given = {"application_content": "请为老人办理这件事。"}
    with pytest.raises(NotEligible):
        file_case(actor_of_person(daughter, party=mother), "test-person-only", answers=given)
    case = file_case(actor_of_person(mother), "test-person-only", answers=given)
    assert Material.objects.get(case=case).state == "shared"


def test_sensitive_answers_are_sealed_where_they_are_stored(bureau, resident) -> None:
    case = file_permit(resident)
    stored = str(Case.objects.get(pk=case.pk).answers)
    assert "sealed:" in stored
    assert "19850615" not in stored
