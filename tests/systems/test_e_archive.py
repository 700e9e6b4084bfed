"""电子文件归档和电子档案管理: a closed case is archived by its item's rule, checked, used, and after its time destroyed by three."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.casework import jobs as casework
from shuzheng.engines.casework.actions.deciding import ApproveCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.documents.archive import jobs
from shuzheng.engines.documents.archive.models import ArchivePackage, DestructionLine, DestructionList
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.moment import at, now
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import (
    a_browser,
    a_resident,
    a_role,
    a_unit,
    actor_of_officer,
    actor_of_person,
    an_officer,
)
from shuzheng.testing.packs import install_packs, some_divisions

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.django_db, pytest.mark.system("e-archive", page="/office/archive/", pack="base/archive")]
ARCHIVIST = [
    "documents.read_archive",
    "documents.manage_archive",
    "documents.destroy_archive",
    "documents.drill_backup",
]
APPRAISER = ["documents.read_archive", "documents.review_destruction"]
OFFICER = ["documents.read_archive", "documents.propose_destruction"]


@pytest.fixture(autouse=True)
def _world(db: None, tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path / "home"
    some_divisions()
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter")


@pytest.fixture
def desk() -> Callable[[str, list[str]], Client]:
    """Return a function that signs an officer of the archives in."""
    unit = a_unit("archives", name="章贡区档案馆")

    def sign_in(name: str, permissions: list[str]) -> Client:
        return a_browser(an_officer(name, unit=unit, roles=[a_role(f"role-{name}", permissions)]).account)

    return sign_in


def archived() -> ArchivePackage:
    """Let a case run its course and its jobs follow up."""
    clerk = an_officer("张敏", unit=a_unit("government-service"), posts=["acceptor", "handler", "approver"])
    actor = actor_of_officer(clerk)
    case = file_case(actor_of_person(a_resident("王桂英")))
    AcceptCase.do(actor, case_id=case.pk)
    ForwardStep.do(actor, case_id=case.pk, opinion="情况属实")
    ApproveCase.do(actor, case_id=case.pk, reasons="已派单维修")
    casework.archive_case({"subject": str(case.pk)})
    ledger.sequence()
    return ArchivePackage.objects.get()


def test_a_closed_case_is_found_checked_and_taken_home_as_a_package_that_proves_itself(
    desk: Any, tmp_path: Path
) -> None:
    package = archived()
    archivist = desk("陈静", ARCHIVIST)
    found = archivist.get("/office/archive/", {"purpose": "dispute", "number": package.number}).content.decode()
    assert package.code in found
    assert AuditRecord.objects.filter(name="documents.search_archive", purpose="复议诉讼举证").exists()
    page = archivist.get(f"/office/archive/packages/{package.pk}/").content.decode()
    assert page.count("合格") >= 4
    assert "王桂英" not in page
    export = f"/office/archive/packages/{package.pk}/export"
    assert "请先选择利用目的" in archivist.post(export, follow=True).content.decode()
    answer = archivist.post(export, {"purpose": "dispute"})
    data = answer.getvalue()
    folder = tmp_path / "taken-home"
    with zipfile.ZipFile(BytesIO(data)) as packed:
        packed.extractall(folder)
    run = [sys.executable, "-I", str(folder / "verify.py")]
    good = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (good.returncode, "清单与存证相符" in good.stdout) == (0, True)
    (folder / "metadata.json").write_text("{}")
    assert subprocess.run(run, capture_output=True, check=False).returncode == 1
    read = AuditRecord.objects.get(name="documents.export_archive")
    assert (read.subject_id, read.purpose) == (str(package.party_id), "复议诉讼举证")


def test_after_its_time_a_file_is_destroyed_by_three_persons_and_leaves_its_proof(desk: Any) -> None:
    package = archived()
    assert package.due_on is not None
    act = "/office/archive/do/{}/"
    with at(now().replace(year=package.due_on.year + 1)):
        author, reviewer, archivist = desk("刘洋", OFFICER), desk("李明", APPRAISER), desk("陈静", ARCHIVIST)
        jobs.announce_due()
        assert package.code in author.get("/office/archive/destruction/").content.decode()
        author.post(act.format("propose"), {"title": "2026 年度到期", "packages": [str(package.pk)]})
        made = DestructionList.objects.get()
        given = {"list_id": str(made.pk)}
        line = DestructionLine.objects.get()
        assert "还有 1 份" in reviewer.post(act.format("finish"), given, follow=True).content.decode()
        reviewer.post(act.format("judge"), {**given, "line_id": str(line.pk), "verdict": "destroy"})
        reviewer.post(act.format("finish"), given)
        refused = author.post(act.format("order"), given, follow=True).content.decode()
        assert "没有" in refused
        archivist.post(act.format("order"), given)
        assert ArchivePackage.objects.get().storage_key
        jobs.destroy_ordered({"subject": str(made.pk)})
        ledger.sequence()
        page = archivist.get(f"/office/archive/destruction/{made.pk}/").content.decode()
        assert all(name in page for name in ("销毁证明", "刘洋", "李明", "陈静", package.code))
        gone = archivist.get(f"/office/archive/packages/{package.pk}/").content.decode()
        assert "只保留目录信息" in gone
        told = archivist.post(f"/office/archive/packages/{package.pk}/export", {"purpose": "audit"}, follow=True)
        assert "已经依法销毁" in told.content.decode()
    package.refresh_from_db()
    assert (package.state, package.storage_key, package.party_id) == ("destroyed", "", None)
