"""Fixtures of the forms' tests: the shared vocabulary and one form that uses everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.kernel.source import parse_yaml
from shuzheng.testing.database import shared_rows

PACKS = Path(__file__).parents[3] / "packs" / "base"
#: The form of most tests: a licence with a condition, a repeated group, a computed value, a check, files and a place.
LICENCE = """
code: test-licence
title: 测试许可申请
sections:
  - code: applicant
    title: 申请人
    fields:
      - {element: organisation-name, prefill: party.name, when: party.kind == "legal"}
      - {element: person-name, code: applicant_name, prefill: account.name, required: true, texts: {elder: {label: 您的名字, help: 和身份证上一样}}}
      - {element: resident-id, code: applicant_id, prefill: account.id_number, required: true}
      - {element: birth-date, prefill: account.birth_date, readonly: true}
      - {element: sex, required: true}
      - {element: mobile, required: true, help: 办理结果会发到这个号码}
  - code: premises
    title: 经营场所
    fields:
      - {element: yes-no, code: has_premises, label: 是否已有经营场所, required: true}
      - {element: division, required: has_premises, when: has_premises, division: {within: "360700000000", level: 3}}
      - {element: business-address, when: has_premises, required: true}
      - {element: premises-area, when: has_premises}
      - {element: geo-point, code: site, when: has_premises}
      - {element: industry}
      - {element: hardship-kind, multiple: true}
  - code: staff
    title: 从业人员
    repeat: {min: 1, max: 3, item_title: 从业人员}
    when: has_premises
    fields:
      - {element: person-name, code: staff_name, required: true}
      - {element: resident-id, code: staff_id}
      - {element: birth-date, code: staff_born, required: true}
      - {element: health-certificate-number, required: age(staff_born) >= 18}
      - {element: amount, code: wage}
  - code: closing
    title: 其他
    fields:
      - {element: amount, code: wages, label: 工资合计, computed: sum(staff.wage), when: has_premises}
      - {element: remark}
      - {element: attachment, file: {accept: [pdf], max_mb: 1, max_count: 2}}
      - {element: truth-commitment, widget: confirm, required: true}
checks:
  - when: has_premises
    assert: age(staff_born) >= 16
    message: 从业人员须年满 16 周岁，请核对出生日期。
    field: staff.staff_born
"""


@pytest.fixture(scope="package")
def _base(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Install the shared vocabulary and divisions around the tests' transactions."""
    from shuzheng.testing.packs import install_packs

    with shared_rows(django_db_blocker):
        with django_db_blocker.unblock():
            install_packs(PACKS / "vocabulary", PACKS / "jiangxi-divisions", facts=True)
        yield


@pytest.fixture
def publish_form(_base: None, db: None) -> Callable[[str], CompiledForm]:
    """Publish a form written in YAML."""
    from shuzheng.engines.forms.definitions import Form
    from shuzheng.engines.forms.queries import form
    from shuzheng.kernel import definition, publication

    def publish(text: str, version: str = "1.0.0") -> CompiledForm:
        body = Form.model_validate(parse_yaml(text).value)
        record = publication.draft("form", body, version)
        publication.publish([record], by="测试", effective=date(2020, 1, 1))
        definition.forget()
        return form(body.code)

    return publish


@pytest.fixture
def licence(publish_form: Callable[[str], CompiledForm]) -> CompiledForm:
    """The form that uses everything, published."""
    return publish_form(LICENCE)


@pytest.fixture
def zhang(_base: None, db: None) -> Any:
    """A resident with an account, verified."""
    from shuzheng.testing.identity import a_resident

    return a_resident("张桂兰", born="1960-03-02")


@pytest.fixture
def actor(zhang: Any) -> Any:
    """That resident, signed in for herself."""
    from shuzheng.testing.identity import actor_of_person

    return actor_of_person(zhang)


@pytest.fixture
def good() -> dict[str, Any]:
    """Raw answers that are acceptable, without what is provided."""
    return {
        "applicant_name": "张桂兰",
        "applicant_id": "360702196003020040",
        "sex": "2",
        "mobile": "138 0000 1234",
        "has_premises": "1",
        "division": "360702000000",
        "business_address": "章贡区文清路 1 号",
        "premises_area": "86.5",
        "site": {"longitude": "114.93503", "latitude": "25.83109"},
        "staff": [
            {
                "staff_name": "李梅",
                "staff_born": "1990年5月6日",
                "health_certificate_number": "JK2026001",
                "wage": "3,200.00",
            },
            {"staff_name": "王小明", "staff_born": "2009-01-01", "wage": "1800"},
        ],
        "truth_commitment": "1",
    }
