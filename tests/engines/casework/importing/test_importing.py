"""Files become published items, once; real files too, where they are at hand."""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import uuid4

import pytest

from shuzheng.engines.casework.actions.importing import ImportItems
from shuzheng.engines.casework.importing import import_file, write_report
from shuzheng.engines.casework.models import ServiceItem
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_resident, a_unit, actor_of_person
from tests.engines.casework.importing.rows import GUANGAN, GUANGDONG, array, lines

DATA = Path(__file__).resolve().parents[5] / "shared/data/service-items"
CLERK = Actor.system("test")
pytestmark = pytest.mark.usefixtures("packs")


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    file = array(tmp_path, GUANGAN)
    assert import_file(file, CLERK).new == 1
    before = list(DefinitionRecord.objects.filter(kind="service_item").values_list("id", "version"))
    again = import_file(file, CLERK)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert list(DefinitionRecord.objects.filter(kind="service_item").values_list("id", "version")) == before


def test_a_changed_row_becomes_a_new_version_and_the_earlier_one_stays(tmp_path: Path) -> None:
    import_file(lines(tmp_path, GUANGDONG), CLERK)
    changed = import_file(lines(tmp_path, {**GUANGDONG, "handle_time_limit": "9(工作日)"}), CLERK)
    assert (changed.new, changed.changed) == (0, 1)
    code = GUANGDONG["TASK_CODE"]
    assert get("service_item", code).version == "1.1.0"
    assert get("service_item", code).body.limits.promised.amount == 9
    assert get("service_item", code, version="1.0.0").body.limits.promised.amount == 18
    back = import_file(lines(tmp_path, GUANGDONG), CLERK)
    assert (back.changed, get("service_item", code).version) == (1, "1.2.0")


def test_an_imported_item_can_be_applied_for_at_once(tmp_path: Path) -> None:
    import_file(array(tmp_path, GUANGAN), CLERK)
    bureau = a_unit("water-resources")
    case = file_case(
        actor_of_person(a_resident()),
        GUANGAN["itemCode"],
        answers={"application_content": "申请在章江采砂，用于修路。"},
    )
    assert (case.handling_unit_id, case.title) == (bureau.pk, "河道采砂许可")
    assert ServiceItem.objects.get(code=GUANGAN["itemCode"]).online


def test_a_batch_with_one_bad_item_publishes_none(tmp_path: Path) -> None:
    good = {"code": "good", "title": "好", "kind": "other", "owner": {"unit": "education"}}
    with pytest.raises(InvalidInput) as refusal:
        ImportItems.do(
            CLERK, items=[good, {**good, "code": "bad", "form": "no-such-form"}, {**good, "code": "worse", "kind": "x"}]
        )
    assert [problem.path for problem in refusal.value.errors] == ["items.1", "items.2.kind"]
    assert not ServiceItem.objects.filter(code="good").exists()


def test_only_who_manages_items_may_import() -> None:
    with pytest.raises(NotPermitted):
        ImportItems.do(Actor(name="居民", account_id=uuid4()), items=[{}])


def test_a_batch_takes_a_fixed_number_of_statements(tmp_path: Path, django_assert_max_num_queries) -> None:
    rows = [{**GUANGAN, "itemCode": f"511A{n:05}-511602000000-000-1151130100877844X4-1-00"} for n in range(300)]
    file = array(tmp_path, *rows)
    with django_assert_max_num_queries(40):
        assert import_file(file, CLERK).new == 300


def test_the_report_names_rows_left_out_first(tmp_path: Path) -> None:
    account = import_file(lines(tmp_path, {**GUANGDONG, "DEPT_NAME": "某委"}, "{"), CLERK)
    report = tmp_path / "reports/report.csv"
    assert write_report(account.entries, report) == 2
    with report.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [(line["row"], line["outcome"], line["field"]) for line in found] == [
        ("2", "rejected", ""),
        ("1", "warning", "DEPT_NAME"),
    ]


@pytest.mark.skipif(not DATA.exists(), reason=f"the real data is not at {DATA}")
@pytest.mark.parametrize(
    ("name", "rows", "imported", "left_out"),
    [("guangdong_sample.jsonl", 438, 437, 1), ("guangan_items.json", 1135, 1132, 3)],
)
def test_real_items_come_in_once(name: str, rows: int, imported: int, left_out: int) -> None:
    first, second = import_file(DATA / name, CLERK), import_file(DATA / name, CLERK)
    assert (len(first.entries), first.new, len(first.rejected)) == (rows, imported, left_out)
    assert (second.new, second.changed, second.unchanged) == (0, 0, imported)
    assert (
        ServiceItem.objects.filter(owner_kind="government-service", code__in=[e.code for e in first.entries]).count()
        < rows / 5
    )
