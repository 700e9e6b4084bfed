"""市电子印章中台: local applications stamp through one interface, each within its grant and its quota."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.documents.seals.actions import OnboardSealApplication
from shuzheng.engines.documents.seals.calls import message
from shuzheng.engines.documents.seals.models import Seal, SealApplication, SealUse
from shuzheng.engines.documents.seals.queries import recent_uses
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.identity import a_browser, a_role, a_unit, an_officer
from shuzheng.testing.seals import a_document, a_grant, a_seal

pytestmark = [pytest.mark.django_db, pytest.mark.system("city-seal-middle", page="/office/seals/applications/")]
STAMP = "/api/documents/seals/stamp"
QUOTA = "/api/documents/seals/quota"


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
def application(seal: Seal) -> SealApplication:
    """An application that may stamp contracts twice a day."""
    told = {"code": "housing-contracts", "name": "住房租赁合同网签", "unit_id": seal.unit_id, "daily_quota": 2}
    made = OnboardSealApplication.do(Actor.system("test"), told)
    a_grant(seal, application_id=made.pk, document_kinds=["contract"], valid_to=today() + timedelta(days=90))
    return made


def call(
    application: SealApplication, path: str, body: dict[str, Any] | None, *, nonce: str = "nonce-0001", **changed: str
) -> Any:
    """Call the middle platform as the application does, or with a header of a forger."""
    method = "GET" if body is None else "POST"
    content = b"" if body is None else json.dumps(body).encode()
    time = str(int(now().timestamp()))
    signed = message(method, path, time, nonce, content)
    headers = {
        "X-Seal-App": application.code,
        "X-Seal-Time": time,
        "X-Seal-Nonce": nonce,
        "X-Seal-Signature": provider().hmac_sm3(bytes.fromhex(application.secret), signed).hex(),
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    return Client().generic(method, path, content, content_type="application/json", headers=headers)


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


def test_an_application_stamps_within_its_grant_and_quota(seal: Seal, application: SealApplication) -> None:
    told = a_contract(seal)
    answered = call(application, STAMP, told)
    assert answered.status_code == 200, answered.content.decode()
    stamped = base64.b64decode(answered.json()["content"])
    (check,) = verify_ofd(stamped, trust=our_trust())
    assert check.valid
    assert check.digest == answered.json()["digest"]

    # The same nonce is the same call: the network may repeat it, the seal is used once.
    assert call(application, STAMP, told).json() == answered.json()
    assert SealUse.objects.filter(application=application).count() == 1

    # Outside its grant, and beyond its quota, nothing is stamped and nothing counted.
    refused = call(application, STAMP, a_contract(seal, document_kind="licence"), nonce="nonce-0002")
    assert refused.status_code == 403
    assert "授权范围" in refused.json()["title"]
    assert call(application, QUOTA, None).json() == {"daily_quota": 2, "used": 1}
    assert call(application, STAMP, a_contract(seal), nonce="nonce-0003").status_code == 200
    spent = call(application, STAMP, a_contract(seal), nonce="nonce-0004")
    assert spent.status_code == 429
    assert "额度" in spent.json()["title"]
    with at(now() + timedelta(days=1)):
        assert call(application, STAMP, a_contract(seal), nonce="nonce-0005").status_code == 200
        assert recent_uses([seal.pk]) == {seal.pk: 3}


@pytest.mark.parametrize(
    "changed",
    [
        {"X_Seal_App": "nobody"},
        {"X_Seal_Signature": "00" * 32},
        {"X_Seal_Signature": "not hexadecimal"},
        {"X_Seal_Time": "1"},
        {"X_Seal_Nonce": "short"},
        {"X_Seal_Nonce": "another-nonce"},
    ],
)
def test_a_call_that_is_not_signed_as_agreed_is_refused(
    seal: Seal, application: SealApplication, changed: dict[str, str]
) -> None:
    answered = call(application, STAMP, a_contract(seal), **changed)
    assert answered.status_code == 403
    assert answered.json()["code"] == "seal-call-signature"
    assert SealUse.objects.count() == 0


def test_the_offices_page_shows_what_each_application_used_today(seal: Seal, application: SealApplication) -> None:
    call(application, STAMP, a_contract(seal))
    role = a_role("onboarding", ["documents.onboard_seal_applications"])
    officer = an_officer("钱管", unit=seal.unit, roles=[role], scope=str(seal.division_path))
    page = a_browser(officer.account).get("/office/seals/applications/").content.decode()
    assert "住房租赁合同网签" in page
    assert "1 / 2" in page
