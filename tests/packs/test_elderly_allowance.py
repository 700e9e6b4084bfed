"""The allowance asks a child who acts for a parent three things, and nothing that government knows."""

from __future__ import annotations

from datetime import datetime

import pytest

from shuzheng.engines.forms.engine import FormContext, bind, form, prefill, validate
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.moment import ZONE, at
from shuzheng.testing.identity import a_mandate, a_resident, actor_of_person

MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZONE)
ASKED = ["bank_name", "bank_card", "truth_commitment"]


@pytest.fixture
def daughter(packs):
    with at(MONDAY):
        mother, child = a_resident("王桂英", born="1941-03-02"), a_resident("李梅", born="1975-05-20")
        a_mandate(mother, child)
        yield actor_of_person(child, party=mother)


def test_three_questions_are_left_to_answer(daughter) -> None:
    allowance = form("elderly-allowance")
    known = prefill(allowance, daughter)
    with pytest.raises(InvalidInput) as refusal:
        validate(allowance, {}, FormContext(actor=daughter, prefill=known))
    assert [problem.path for problem in refusal.value.errors] == ASKED


def test_what_is_known_comes_from_the_mother_and_the_contact_from_the_daughter(daughter) -> None:
    allowance = form("elderly-allowance")
    known = prefill(allowance, daughter)
    assert (known.values["person_name"], known.values["contact_name"]) == ("王桂英", "李梅")
    bound = bind(allowance, {}, FormContext(actor=daughter, prefill=known))
    unanswered = [
        f.path
        for section in bound.sections
        for f in section.all_fields()
        if f.path not in known.values and f.path != "age"
    ]
    assert unanswered == ASKED
