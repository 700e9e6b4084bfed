"""Searching the audit, exporting a bounded part of it, verifying its chain."""

from __future__ import annotations

import csv
import io

import pytest

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.identity.models import Person
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.moment import today

PAGE = "/office/audit/"


@pytest.fixture
def auditor(desk_of):
    return desk_of("审计", posts=["handler"], permissions=["trust.read_audit", "trust.verify"])


def test_records_are_found_by_case_officer_action_and_day(auditor, clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    for query in (
        {"case": case.number},
        {"who": clerk.officer.number},
        {"name": "casework.accept_case"},
        {"since": today().isoformat(), "until": today().isoformat(), "kind": "act"},
    ):
        assert "<code>casework.accept_case</code>" in auditor.get(PAGE, **query).content.decode()
    for query in ({"case": "NO-SUCH-CASE"}, {"who": "nobody"}, {"result": "refused"}, {"until": "2020-01-01"}):
        assert "<code>casework.accept_case</code>" not in auditor.get(PAGE, **query).content.decode()


def test_who_read_a_persons_data_is_found_by_id_number(auditor, clerk, case, resident) -> None:
    clerk.get(f"/office/cases/{case.pk}/")
    person = Person.objects.get(pk=resident.person_id)
    page = auditor.post(PAGE, id_number=person.id_number).content.decode()
    assert "<code>office.case</code>" in page
    assert person.id_number not in page


def test_searching_is_itself_recorded(auditor) -> None:
    auditor.get(PAGE)
    assert AuditRecord.objects.filter(name="trust.search_audit", actor_name="审计").exists()


def test_an_export_is_bounded_recorded_and_safe_to_open(auditor, clerk, case, monkeypatch) -> None:
    monkeypatch.setattr("shuzheng.portals.office.views.audit.MOST", 2)
    answer = auditor.get(f"{PAGE}export/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["at", "actor_name", "party_name"]
    assert len(rows) == 3
    record = AuditRecord.objects.get(name="office.export_audit")
    assert record.detail == {"count": 2}


def test_the_ledger_is_verified_and_the_finding_told(auditor) -> None:
    page = auditor.browser.post(f"{PAGE}verify/", follow=True).content.decode()
    assert "账本完好" in page


def test_the_audit_is_for_auditors(clerk) -> None:
    assert PAGE not in clerk.get("/office/").content.decode()
    assert clerk.get(PAGE).status_code == 403
    assert clerk.get(f"{PAGE}export/").status_code == 403
    assert clerk.post(f"{PAGE}verify/").status_code == 403
