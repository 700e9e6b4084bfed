"""A case that ends is archived; one that goes on is not, and what waits for its end is dated by it."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shuzheng.engines.casework import jobs
from shuzheng.engines.casework.actions.deciding import ApproveCase, ReopenCase, WithdrawCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.linking import LinkCases
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.casework.definitions.check import check_item
from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.archive import keeping
from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.rule import ArchiveRule
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import by_id, get
from shuzheng.kernel.event import subscribers
from shuzheng.kernel.moment import at, now
from shuzheng.testing.casework import file_case
from shuzheng.testing.packs import install_packs
from tests.engines.casework.conftest import ROOT, Bureau, file_permit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


def closed(case: Case, bureau: Bureau) -> Case:
    """Bring a permit to its end."""
    AcceptCase.do(bureau.acceptor, case_id=case.pk)
    ForwardStep.do(bureau.handler, case_id=case.pk, opinion="材料齐全")
    ApproveCase.do(bureau.approver, case_id=case.pk, reasons="符合条件")
    case.refresh_from_db()
    return case


def told(case: Case) -> dict[str, Any]:
    """Return the event that the jobs are given."""
    return {"subject": str(case.pk), "data": {}}


def inside(package: ArchivePackage, name: str) -> Any:
    with keeping.content_of(package) as stream, zipfile.ZipFile(stream) as packed:
        return json.loads(packed.read(name))


def test_every_way_in_which_a_case_ends_is_followed_by_archiving() -> None:
    for event in ("case_closed", "case_withdrawn", "case_not_accepted", "decision_corrected"):
        assert jobs.archive_case in subscribers(f"casework.{event}")
    assert jobs.recall_archive in subscribers("casework.case_reopened")


def test_a_closed_case_becomes_one_package_with_everything(case: Case, bureau: Bureau) -> None:
    install_packs(ROOT / "packs/base/archive")
    closed(case, bureau)
    jobs.archive_case(told(case))
    jobs.archive_case(told(case))
    package = ArchivePackage.objects.get()
    assert (package.number, package.item_code, package.retention) == (case.number, "test-permit", "永久")
    assert package.fonds
    metadata, process = inside(package, "metadata.json"), inside(package, "process.json")
    assert (metadata["申请人"], metadata["办理结果"]) == ("李梅", "准予")
    assert [one["sequence"] for one in process["statuses"]] == list(range(1, case.revision + 1))
    assert process["decisions"][0]["officer"] == bureau.approver.name
    assert {"code": "required-missing", "what": "场地照片"} in package.findings
    assert "documents/01-form.ofd" in {entry["path"] for entry in package.contents}
    assert "no-acts" not in {one["code"] for one in package.findings}


def test_a_reopened_case_is_recalled_and_archived_again_as_a_new_version(case: Case, bureau: Bureau) -> None:
    closed(case, bureau)
    jobs.archive_case(told(case))
    ReopenCase.do(bureau.supervisor, case_id=case.pk, reason="复议决定撤销原决定")
    jobs.recall_archive(told(case))
    assert ArchivePackage.objects.get().state == PackageState.REOPENED
    jobs.archive_case(told(case))
    assert ArchivePackage.objects.count() == 1
    ApproveCase.do(bureau.approver, case_id=case.pk, reasons="重新审查后符合条件")
    jobs.archive_case(told(case))
    versions = ArchivePackage.objects.order_by("version")
    assert [one.state for one in versions] == [PackageState.SUPERSEDED, PackageState.KEPT]


def test_a_withdrawn_case_is_archived_and_owes_nothing(case: Case, resident: Actor) -> None:
    WithdrawCase.do(resident, case_id=case.pk)
    jobs.archive_case(told(case))
    package = ArchivePackage.objects.get()
    assert "required-missing" not in {one["code"] for one in package.findings}


def test_retention_that_waits_for_related_cases_counts_from_the_last(
    case: Case, bureau: Bureau, resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = ArchiveRule.model_validate({"retention": "10年", "starts": {"way": "related-closed"}})
    monkeypatch.setitem(vars(by_id(case.item_id).body), "archive", rule)
    other = file_permit(resident)
    LinkCases.do(bureau.handler, case_id=case.pk, other_number=other.number)
    closed(case, bureau)
    jobs.archive_case(told(case))
    assert ArchivePackage.objects.get().starts_on is None
    with at(now() + timedelta(days=3)):
        closed(other, bureau)
        jobs.archive_case(told(other))
    first = ArchivePackage.objects.get(subject=case.pk)
    assert other.closed_at is not None
    assert first.starts_on == (other.closed_at + timedelta(hours=8)).date()


def test_retention_counts_from_a_day_that_the_applicant_gave(
    bureau: Bureau, resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"application_content": "2027-06-30 以前占用人行道"}
    case = file_case(resident, "test-permit", answers=answers, materials=[{"code": "photo", "way": "later"}])
    rule = {"retention": "10年", "starts": {"way": "answer", "field": "application_content"}}
    monkeypatch.setitem(vars(by_id(case.item_id).body), "archive", ArchiveRule.model_validate(rule))
    closed(case, bureau)
    jobs.archive_case(told(case))
    package = ArchivePackage.objects.get()
    assert (str(package.starts_on), str(package.due_on)) == ("2027-06-30", "2038-01-01")


@pytest.mark.parametrize(("field", "found"), [("application_content", 0), ("application_contents", 1)])
def test_a_rule_that_counts_from_a_question_nobody_asks_is_refused(packs: None, field: str, found: int) -> None:
    item = get("service_item", "test-permit").body
    rule = ArchiveRule.model_validate({"retention": "10年", "starts": {"way": "answer", "field": field}})
    declared = SimpleNamespace(
        model=item.model_copy(update={"archive": rule}), problem=lambda *told, suggestion="": (*told, suggestion)
    )
    form = get("form", item.form).body
    workspace = SimpleNamespace(
        has=lambda kind, key: True, find=lambda kind, key: form if kind == "form" else None, keys=lambda kind: []
    )
    problems: list[Any] = list(check_item(cast(Any, declared), cast(Any, workspace)))
    assert len(problems) == found
    assert all("application_content" in problem[-1] for problem in problems)
