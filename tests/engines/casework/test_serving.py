"""Where an item is filed: where its owner serves, unless it is handled for people of any place."""

from __future__ import annotations

from typing import Any

import pytest

from shuzheng.engines.casework.actions.reserving import ReserveNumbers
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.errors import ServedElsewhere
from shuzheng.engines.casework.models import Case
from shuzheng.engines.casework.queries import handling_unit, search_items
from shuzheng.engines.casework.serving import is_served, local_item
from shuzheng.engines.casework.units import place_of
from shuzheng.kernel import publication
from shuzheng.kernel.moment import today
from shuzheng.testing.casework import DIVISION, file_case

HERE, THERE, CITY = DIVISION, "360402000000", "360700000000"
pytestmark = pytest.mark.django_db


def an_item(code: str, title: str = "河道采砂许可", **owner: Any) -> ServiceItemDefinition:
    """Publish an item of a bureau on the generic form and process."""
    whose = {"unit": "market-supervision", **owner}
    body = ServiceItemDefinition.model_validate({"code": code, "title": title, "kind": "other", "owner": whose})
    publication.publish(publication.draft_many("service_item", [body], "1.0.0"), by="test", effective=today())
    return body


def refusal(resident, item: str, place: str) -> ServedElsewhere:
    with pytest.raises(ServedElsewhere) as raised:
        file_case(resident, item, division_code=place, answers={"application_content": "申请在章江采砂，用于修路。"})
    return raised.value


def test_an_item_is_filed_within_its_owners_division_only(bureau, resident) -> None:
    an_item("city-sand", division=CITY)
    case = file_case(resident, "city-sand", answers={"application_content": "申请在章江采砂，用于修路。"})
    assert case.division_code == HERE
    refused = refusal(resident, "city-sand", THERE)
    (problem,) = refused.errors
    assert problem.path == "division_code"
    assert "只受理江西省赣州市的申请" in problem.message
    assert "12345" in problem.message
    assert refused.instead == ""
    assert Case.objects.count() == 1


def test_a_place_above_the_owners_division_is_not_within_it(bureau, resident) -> None:
    an_item("county-sand", division=HERE)
    assert refusal(resident, "county-sand", CITY).code == "served-elsewhere"


def test_the_refusal_names_the_item_of_the_right_office_the_nearest_first(bureau, resident) -> None:
    item = an_item("sand-here", division=HERE)
    an_item("sand-anywhere-in-jiangxi", division="360000000000")
    an_item("sand-there", division=THERE)
    refused = refusal(resident, "sand-here", THERE)
    assert refused.instead == refused.problem()["instead"] == "sand-there"
    assert "sand-there" in refused.errors[0].message
    city = local_item(item, "360400000000")
    assert city is not None
    assert city.code == "sand-anywhere-in-jiangxi"


def test_an_item_handled_anywhere_becomes_a_case_of_its_owner(bureau, resident) -> None:
    item = an_item("sand-for-all", division=HERE, anywhere=True)
    case = file_case(
        resident,
        "sand-for-all",
        division_code=THERE,
        answers={"application_content": "申请在章江采砂，用于修路。"},
    )
    assert case.division_code == HERE
    assert case.number.startswith("360702")
    assert is_served(item, THERE)
    unit = handling_unit(item, place_of(THERE))
    assert unit is not None
    assert unit.pk == case.handling_unit_id
    assert "sand-for-all" in [found.code for found in search_items("采砂", division=THERE).page.items]


def test_numbers_are_reserved_only_where_the_item_is_filed(bureau) -> None:
    an_item("county-sand", division=HERE)
    with pytest.raises(ServedElsewhere):
        ReserveNumbers.do(bureau.acceptor, item_code="county-sand", division_code=THERE)
    assert ReserveNumbers.do(bureau.acceptor, item_code="county-sand", division_code=HERE).numbers
