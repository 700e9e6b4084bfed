"""The interface for other systems has the parts that GB/T 36906 names, and tells no more than each may know."""

from __future__ import annotations

from typing import Any

from django.test import Client

from shuzheng.engines.documents.credentials.actions import AuthoriseUse, HoldCredential
from shuzheng.engines.documents.credentials.actions.using import UseCredentialAsSystem
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing.applications import a_connected_application

API = "/api/documents/credentials"


def test_the_catalogue_tells_types_and_their_elements(world: Any) -> None:
    (listed,) = [one for one in Client().get(f"{API}/types").json() if one["code"] == "food-business-licence"]
    assert listed["type_code"] == "11100000MB0143028R038"
    whole = Client().get(f"{API}/types/{listed['code']}").json()
    names = {one["name"]: one for one in whole["elements"]}
    assert names["uscc"] == {
        "name": "uscc",
        "title": "统一社会信用代码",
        "element": "uscc",
        "required": True,
        "public": True,
    }
    assert Client().get(f"{API}/types/nothing").status_code == 404


def test_a_licence_is_verified_by_code_wholly_and_by_identifier_in_state_only(world: Any) -> None:
    licence = world.issue()
    whole = Client().get(f"{API}/verify/{licence.code}", {"on": "2026-01-01"}).json()
    assert (whole["standing"]["state"], whole["then"]["state"]) == ("valid", "not_yet")
    assert whole["digest"] == licence.digest
    assert whole["elements"]["经营者名称"] == "赣南人家餐饮店"
    assert "食品安全员" not in whole["elements"]
    state = Client().get(f"{API}/verify/{licence.identifier}").json()
    assert state["standing"]["state"] == "valid"
    assert (state["number"], state["holder"], state["elements"]) == ("", "", {})


def test_a_system_uses_a_licence_under_an_authorisation_and_learns_that_it_is_held(world: Any) -> None:
    licence = world.issue()
    leave = AuthoriseUse.do(
        world.holder, credential_id=licence.pk, recipient="银行", purpose="开户", hours=1, most_uses=2
    )
    officer = world.officer("documents.share_credentials", "documents.decide_credentials")
    HoldCredential.do(officer, credential_id=licence.pk, reason="违规经营", basis="《食品安全法》")
    bank = a_connected_application("bank", licences={})
    given = {"authorisation": leave.code, "purpose": "开户核验", "organisation": "某某银行"}
    answer = bank.call("POST", f"{API}/uses", given)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], answer.json()["reason"]) == ("held", "违规经营")
    assert AuditRecord.objects.filter(name=UseCredentialAsSystem.name, account_id=bank.application.account_id).exists()
    other = a_connected_application("other", evidence={}).call("POST", f"{API}/uses", given)
    assert other.status_code == 403
    refused = Client().post(f"{API}/uses", given, content_type="application/json")
    assert refused.status_code in (401, 403)
