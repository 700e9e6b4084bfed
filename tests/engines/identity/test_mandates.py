"""Acting for another: given or asked for, agreed, limited, ended at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuzheng.engines.identity.actions import (
    AcceptMandate,
    AuthoriseOperator,
    ConfirmMandate,
    GrantMandate,
    RequestMandate,
    RevokeMandate,
)
from shuzheng.engines.identity.errors import MandateDoesNotCover, MandateStateChanged, NoSuchParty, NoSuchPerson
from shuzheng.engines.identity.models import Kinship, Mandate, Person
from shuzheng.engines.identity.queries import mandate_covers, mandates_of, require_mandate
from shuzheng.kernel.action import AssuranceTooLow
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.identity import (
    a_firm,
    a_mandate,
    a_resident,
    actor_of_officer,
    actor_of_person,
    an_officer,
)

pytestmark = pytest.mark.django_db


def granted(mother: Person, daughter: Person, **changes: object) -> Mandate:
    """Let the mother offer the daughter a mandate."""
    given = {
        "operator_name": daughter.name,
        "operator_id_number": daughter.id_number,
        "relation": "child",
        "valid_to": today() + timedelta(days=30),
        **changes,
    }
    return GrantMandate.do(actor_of_person(mother), given)


def test_a_daughter_acts_for_her_mother_once_she_has_accepted(mother: Person, daughter: Person) -> None:
    offer = granted(mother, daughter)
    with pytest.raises(NoSuchParty):
        actor_of_person(daughter, party=mother)
    AcceptMandate.do(actor_of_person(daughter), mandate_id=offer.pk)
    acting = actor_of_person(daughter, party=mother)
    assert acting.party is not None
    assert (acting.party.id, acting.mandate_id, acting.person_id) == (mother.pk, offer.pk, daughter.pk)
    assert mandate_covers(acting, "elderly-allowance")


def test_a_mandate_covers_only_its_items(mother: Person, daughter: Person) -> None:
    a_mandate(mother, daughter, items=["elderly-allowance"])
    acting = actor_of_person(daughter, party=mother)
    require_mandate(acting, "elderly-allowance")
    with pytest.raises(MandateDoesNotCover, match=mother.name):
        require_mandate(acting, "food-business-licence")


def test_a_mandate_ends_with_its_last_day_even_for_an_actor_already_acting(mother: Person, daughter: Person) -> None:
    a_mandate(mother, daughter, days=3)
    acting = actor_of_person(daughter, party=mother)
    with at(now() + timedelta(days=3)):
        assert mandate_covers(acting, "x")
    with at(now() + timedelta(days=4)):
        assert not mandate_covers(acting, "x")


def test_revoking_ends_a_mandate_at_once_for_an_actor_already_acting(mother: Person, daughter: Person) -> None:
    mandate = a_mandate(mother, daughter)
    acting = actor_of_person(daughter, party=mother)
    RevokeMandate.do(actor_of_person(mother), mandate_id=mandate.pk)
    assert not mandate_covers(acting, "x")
    with pytest.raises(MandateStateChanged):
        RevokeMandate.do(actor_of_person(mother), mandate_id=mandate.pk)


def test_checking_a_mandate_costs_one_statement_and_oneself_none(
    mother: Person, daughter: Person, django_assert_num_queries: object
) -> None:
    a_mandate(mother, daughter)
    acting, herself = actor_of_person(daughter, party=mother), actor_of_person(daughter)
    with django_assert_num_queries(1):
        assert mandate_covers(acting, "x")
    with django_assert_num_queries(0):
        assert mandate_covers(herself, "x")


def test_a_request_waits_for_the_mother_and_only_she_can_agree(mother: Person, daughter: Person) -> None:
    asked = RequestMandate.do(
        actor_of_person(daughter),
        grantor_name=mother.name,
        grantor_id_number=mother.id_number,
        relation="child",
        valid_to=today() + timedelta(days=30),
    )
    assert asked.status == Mandate.Status.REQUESTED
    with pytest.raises(NotPermitted):
        AcceptMandate.do(actor_of_person(daughter), mandate_id=asked.pk)
    assert AcceptMandate.do(actor_of_person(mother), mandate_id=asked.pk).status == Mandate.Status.ACTIVE


def test_an_officer_confirms_from_documents_for_a_mother_without_an_account(daughter: Person) -> None:
    mother = a_resident("王桂英", born="1938-03-02", account=False)
    asked = RequestMandate.do(
        actor_of_person(daughter),
        grantor_name=mother.name,
        grantor_id_number=mother.id_number,
        relation="child",
        valid_to=today() + timedelta(days=30),
    )
    clerk = actor_of_officer(an_officer(posts=["acceptor"]))
    confirmed = ConfirmMandate.do(clerk, mandate_id=asked.pk, evidence="户口簿原件")
    assert (confirmed.status, confirmed.evidence) == (Mandate.Status.ACTIVE, "户口簿原件")
    with pytest.raises(NotPermitted):
        ConfirmMandate.do(actor_of_person(daughter), mandate_id=asked.pk, evidence="自己说的")


def test_a_guardian_whom_the_register_knows_acts_at_once_and_without_end(daughter: Person) -> None:
    child = a_resident("李小宝", born="2018-09-01", account=False)
    Kinship.objects.create(person=child, relative=daughter, relation="guardian", source="户籍登记")
    mandate = RequestMandate.do(
        actor_of_person(daughter), grantor_name=child.name, grantor_id_number=child.id_number, relation="guardian"
    )
    assert (mandate.status, mandate.valid_to, mandate.evidence) == (Mandate.Status.ACTIVE, None, "户籍登记")
    assert actor_of_person(daughter, party=child).mandate_id == mandate.pk


def test_only_a_guardian_may_leave_the_end_open(mother: Person, daughter: Person) -> None:
    with pytest.raises(InvalidInput) as refused:
        RequestMandate.do(
            actor_of_person(daughter),
            grantor_name=mother.name,
            grantor_id_number=mother.id_number,
            relation="child",
        )
    assert [problem.path for problem in refused.value.errors] == ["valid_to"]


def test_only_the_legal_representative_authorises_an_operator(daughter: Person) -> None:
    firm = a_firm()
    manager = a_resident("周经理")
    given = {
        "firm_id": firm.pk,
        "operator_name": manager.name,
        "operator_id_number": manager.id_number,
        "items": ["*"],
        "valid_to": today() + timedelta(days=90),
    }
    with pytest.raises(NotPermitted):
        AuthoriseOperator.do(actor_of_person(daughter), given)
    offer = AuthoriseOperator.do(actor_of_person(firm.representative), given)
    AcceptMandate.do(actor_of_person(manager), mandate_id=offer.pk)
    acting = actor_of_person(manager, party=firm)
    assert acting.party is not None
    assert (acting.party.kind, acting.party.name) == ("legal", firm.name)


def test_a_legal_representative_acts_for_the_firm_without_a_mandate(db: None) -> None:
    firm = a_firm()
    acting = actor_of_person(firm.representative, party=firm)
    assert acting.mandate_id is None
    assert mandate_covers(acting, "food-business-licence")
    firm.representative = a_resident("新法人")
    firm.save()
    assert not mandate_covers(acting, "food-business-licence")


def test_a_wrong_name_and_an_unknown_number_get_the_same_answer(mother: Person, daughter: Person) -> None:
    with pytest.raises(NoSuchPerson):
        granted(mother, daughter, operator_name="李美")
    with pytest.raises(NoSuchPerson):
        granted(mother, daughter, operator_id_number=a_resident("李梅", account=False).id_number, operator_name="他人")


def test_nobody_gives_a_mandate_to_themselves(mother: Person) -> None:
    with pytest.raises(InvalidInput):
        granted(mother, mother)


def test_a_mandate_cannot_end_before_it_begins(mother: Person, daughter: Person) -> None:
    with pytest.raises(InvalidInput, match="有内容需要修改") as refused:
        granted(mother, daughter, valid_to=today() - timedelta(days=1))
    assert "截止日期不能早于开始日期" in str(refused.value.errors[0].message)


def test_a_self_registered_account_gives_no_mandate(daughter: Person) -> None:
    unverified = a_resident("匿名", assurance=1)
    with pytest.raises(AssuranceTooLow):
        granted(unverified, daughter)


def test_a_mandate_of_others_is_not_there_for_a_stranger(mother: Person, daughter: Person) -> None:
    mandate = a_mandate(mother, daughter)
    with pytest.raises(NotFound):
        RevokeMandate.do(actor_of_person(a_resident("路人")), mandate_id=mandate.pk)
    assert mandates_of(a_resident("路人乙").pk).count() == 0
