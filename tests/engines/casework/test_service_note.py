"""A case knows when its document was served."""

from __future__ import annotations

from shuzheng.engines.casework import jobs
from shuzheng.engines.casework.models import Case, Note
from shuzheng.kernel.event import Announcement


def test_the_day_of_service_is_noted_on_the_case_once(case: Case) -> None:
    data = {"case_id": str(case.pk), "date": "2026-11-22", "way": "electronic", "digest": "a" * 64}
    event = Announcement(type="messaging.served", subject="x", data=data).envelope()
    jobs.note_service(event)
    jobs.note_service(event)
    assert "2026-11-22 送达" in Note.objects.get(case=case).text


def test_a_document_of_no_case_leaves_no_note(case: Case) -> None:
    data = {"case_id": "", "date": "2026-11-22", "way": "mail", "digest": "a" * 64}
    jobs.note_service(Announcement(type="messaging.served", subject="x", data=data).envelope())
    assert not Note.objects.exists()
