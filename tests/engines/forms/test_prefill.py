"""What government knows is not asked again, and every look at it is on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import Source, prefill, prefill_source
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import ANYBODY, Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.registry import DuplicateName
from shuzheng.testing.identity import a_firm, a_resident, actor_of_person

FIRM = """
code: firm
title: 企业事项
sections:
  - code: a
    title: 甲
    fields:
      - {element: organisation-name, prefill: party.name}
      - {element: uscc, prefill: party.uscc}
      - {element: legal-representative, prefill: party.representative_name}
      - {element: resident-id, code: legal_id, prefill: party.representative_id_number}
      - {element: industry, prefill: party.industry}
      - {element: person-name, code: operator, prefill: account.name}
"""


def test_a_firm_is_filled_in_from_its_registration(publish_form: Callable[[str], CompiledForm], zhang: Any) -> None:
    firm = a_firm("老表餐饮店", representative=zhang)
    known = prefill(publish_form(FIRM), actor_of_person(zhang, party=firm))
    assert known.values == {
        "organisation_name": "老表餐饮店",
        "uscc": firm.uscc,
        "legal_representative": "张桂兰",
        "legal_id": zhang.id_number,
        "operator": "张桂兰",
    }
    assert known.provenance["uscc"] == "市场主体登记信息"


def test_every_read_of_personal_data_is_recorded_with_its_purpose(
    licence: CompiledForm, actor: Actor, zhang: Any
) -> None:
    prefill(licence, actor, purpose="申请食品经营许可")
    (record,) = AuditRecord.objects.filter(kind="read")
    assert (record.name, record.purpose) == ("forms.prefill", "申请食品经营许可")
    assert record.subject_id == str(zhang.pk)
    assert record.detail["elements"] == ["birth-date", "person-name", "resident-id"]
    assert zhang.id_number not in str(record.detail)


def test_nobody_learns_what_is_known_of_another(licence: CompiledForm, actor: Actor) -> None:
    other = actor_of_person(a_resident("王五"))
    with pytest.raises(NotPermitted):
        prefill(licence, actor, other.party)
    assert prefill(licence, ANYBODY).values == {}


def test_a_known_answer_that_does_not_fit_is_left_to_the_person(publish_form: Callable[[str], CompiledForm]) -> None:
    person = a_resident("李四", division_code="999999999999")
    form = publish_form(
        "{code: h, title: 住, sections: [{code: a, title: 甲, fields: [{element: division, prefill: party.division}]}]}"
    )
    assert prefill(form, actor_of_person(person)).values == {}


def test_registers_may_add_sources_of_their_own(publish_form: Callable[[str], CompiledForm], actor: Actor) -> None:
    source = prefill_source("test.house", Source("不动产登记", lambda subjects: "赣（2020）章贡区不动产权第1号"))
    form = publish_form(
        "{code: h, title: 房, sections: [{code: a, title: 甲, fields: [{element: property-certificate-number, prefill: test.house}]}]}"
    )
    assert prefill(form, actor).provenance == {"property_certificate_number": "不动产登记"}
    assert prefill_source("test.house", source) is source
    with pytest.raises(DuplicateName):
        prefill_source("test.house", Source("另一处", lambda subjects: None))


def test_filling_in_costs_two_statements_of_reading(
    licence: CompiledForm, actor: Actor, django_assert_max_num_queries: Any
) -> None:
    prefill(licence, actor)
    with django_assert_max_num_queries(2):
        prefill(licence, actor)


def test_comparing_with_what_is_known_is_not_showing_it(licence: CompiledForm, actor: Actor) -> None:
    prefill(licence, actor, showing=False)
    assert not AuditRecord.objects.filter(kind="read").exists()
