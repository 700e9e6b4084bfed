"""What the tests of the residents' portal do over and over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.forms.models import Draft
from shuzheng.kernel import publication
from shuzheng.kernel.moment import today

PLACE = "360702000000"
CASCADE = ["360000000000", "360700000000", PLACE]
REASON = "路灯坏了三天，请派人来修。"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def publish(*items: dict[str, Any]) -> None:
    """Publish service items on the generic form and process."""
    owner = {"unit": "civil-affairs"}
    bodies = [ServiceItemDefinition.model_validate({"kind": "benefit", "owner": owner, **item}) for item in items]
    publication.publish(publication.draft_many("service_item", bodies, "1.0.0"), by="test", effective=today())


#: What a process asks once a second or a session once a minute, whatever the page; on a slow machine it falls anywhere.
HOUSEKEEPING = (
    "kernel_definition_epoch",
    "vocabulary_workdayoverride",
    'UPDATE "identity_accountsession"',
    "SAVEPOINT",
)


def statements(browser: Client, path: str) -> int:
    """Return how many statements a page takes once the process is warm, session and account included."""
    assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        browser.get(path)
    return sum(not any(word in query["sql"] for word in HOUSEKEEPING) for query in captured.captured_queries)


def a_file(name: str = "proof.pdf") -> SimpleUploadedFile:
    """Return a small PDF, as a plain form sends it."""
    return SimpleUploadedFile(name, PDF, "application/pdf")


def begin(browser: Client, item: str = "generic-matter", choice: str = "self") -> Draft:
    """Go through the first page and return the draft."""
    answer = browser.post(f"/services/{item}/apply/", {"choice": choice, "division": CASCADE, "_do": "start"})
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.get(pk=UUID(answer.url.split("/")[2]))


def fill(browser: Client, draft: Draft, verb: str = "next", **answers: Any) -> Any:
    """Post the form as its page shows it: what government provided is kept."""
    kept = {f"_kept.{name}": name for name in ("person_name", "resident_id", "mobile", "address")}
    fields = {**kept, "application_content": REASON, "remark": "", "revision": draft.revision, "_do": verb, **answers}
    return browser.post(
        f"/apply/{draft.pk}/form/", {name: value for name, value in fields.items() if value is not None}
    )


def hand_in(browser: Client, draft: Draft, verb: str = "next", **fields: Any) -> Any:
    """Post the page of materials."""
    draft.refresh_from_db()
    return browser.post(f"/apply/{draft.pk}/materials/", {"revision": draft.revision, "_do": verb, **fields})


def send(browser: Client, draft: Draft, **fields: Any) -> Any:
    """Post the review page."""
    current = Draft.objects.filter(pk=draft.pk).first()
    revision = current.revision if current else draft.revision
    return browser.post(f"/apply/{draft.pk}/review/", {"revision": revision, "truth": "1", **fields})
