"""市电子印章中台: local applications stamp through one interface, each within its grant and its quota."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.seals.models import Seal, SealUse
from shuzheng.engines.documents.seals.queries import recent_uses
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.applications import Connected, a_connected_application
from shuzheng.testing.identity import a_browser, a_role, a_unit, an_officer
from shuzheng.testing.seals import a_document, a_grant, a_seal

pytestmark = [pytest.mark.django_db, pytest.mark.system("city-seal-middle", page="/office/applications/")]
STAMP = "/api/documents/seals/stamp"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    """A storage of this test's own."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"


@pytest.fixture
def seal(db: None) -> Seal:
    """A seal for contracts."""
    unit = a_unit("housing", name="赣州市章贡区住房和城乡建设局")
    return a_seal(unit, name="赣州市章贡区住房和城乡建设局合同专用章", kind="contract", purpose="合同专用章")


@pytest.fixture
def application(seal: Seal) -> Connected:
    """An application that may stamp contracts twice a day."""
    made = a_connected_application(
        "housing-contracts", unit=seal.unit, stamp={"things": [seal.code], "per_day": 2, "per_second": 100}
    )
    a_grant(
        seal, application_id=made.application.pk, document_kinds=["contract"], valid_to=today() + timedelta(days=90)
    )
    return made


def call(application: Connected, told: dict[str, Any], *, key: str = "contract-1", **changed: Any) -> Any:
    """Call the middle platform as the application does, or with a header of a forger."""
    headers = {"Idempotency-Key": key, **changed.pop("headers", {})}
    return application.call("POST", STAMP, told, headers=headers, **changed)


def a_contract(seal: Seal, **fields: Any) -> dict[str, Any]:
    """Return what an application sends."""
    told = {
        "seal_code": seal.code,
        "document_name": "租赁合同.ofd",
        "document_kind": "contract",
        "place": {"page": 1, "x": 100, "y": 200},
        "content": base64.b64encode(a_document("租赁合同")).decode(),
    }
    return {**told, **fields}


def test_an_application_stamps_within_its_grant_and_quota(seal: Seal, application: Connected) -> None:
    told = a_contract(seal)
    answered = call(application, told)
    assert answered.status_code == 200, answered.content.decode()
    stamped = base64.b64decode(answered.json()["content"])
    (check,) = verify_ofd(stamped, trust=our_trust())
    assert check.valid
    assert check.digest == answered.json()["digest"]

    # The same key is the same document: the application may ask again, the seal is used once.
    assert call(application, told).json() == answered.json()
    assert SealUse.objects.filter(application=application.application).count() == 1

    # Outside its grant, and beyond its quota, nothing is stamped and nothing counted.
    refused = call(application, a_contract(seal, document_kind="licence"), key="contract-2")
    assert refused.status_code == 403
    assert "授权范围" in refused.json()["title"]
    assert call(application, a_contract(seal), key="contract-3").status_code == 200
    spent = call(application, a_contract(seal), key="contract-4")
    assert spent.status_code == 429
    assert "额度" in spent.json()["title"]
    assert int(spent.headers["Retry-After"]) > 0
    with at(now() + timedelta(days=1)):
        assert call(application, a_contract(seal), key="contract-5").status_code == 200
        assert recent_uses([seal.pk]) == {seal.pk: 3}


def test_without_an_idempotency_key_nothing_is_stamped_on_any_way(seal: Seal, application: Connected) -> None:
    """A system that times out signs anew; only the key tells the repetition from another stamp."""
    for path in (STAMP, "/api/actions/documents.stamp_for_application"):
        for headers in ({}, {"Idempotency-Key": ""}):
            refused = application.call("POST", path, a_contract(seal), headers=headers)
            assert refused.status_code == 422
            assert refused.json()["code"] == "idempotency-key-required"
            assert "Idempotency-Key" in refused.json()["title"]
    assert SealUse.objects.count() == 0
    assert call(application, a_contract(seal)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"headers": {"Signature": "sig1=:AAAA:"}},
        {"headers": {"Signature": "no structured field"}},
        {"headers": {"Signature-Input": 'sig1=("@method");created=1;keyid="x";nonce="0123456789abcdef"'}},
        {"at": 1},
        {"nonce": "short"},
        {"sent": b"{}"},
    ],
)
def test_a_call_that_is_not_signed_as_agreed_is_refused(
    seal: Seal, application: Connected, changed: dict[str, Any]
) -> None:
    answered = call(application, a_contract(seal), **changed)
    assert answered.status_code == 401
    assert answered["Content-Type"] == "application/problem+json"
    assert SealUse.objects.count() == 0


def test_the_offices_page_shows_what_each_application_used_today(seal: Seal, application: Connected) -> None:
    call(application, a_contract(seal))
    role = a_role("connecting", ["identity.manage_connection"])
    officer = an_officer("钱管", unit=seal.unit, roles=[role], scope=str(seal.division_path))
    browser = a_browser(officer.account)
    assert application.application.name in browser.get("/office/applications/").content.decode()
    page = browser.get(f"/office/applications/{application.application.pk}/").content.decode()
    assert "1 / 2" in page
