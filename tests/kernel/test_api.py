"""The API: every action documented and callable, problems for everything that goes wrong, no foreign page's form."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.api import site_api
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.action import actions
from shuzheng.kernel.definition import get
from shuzheng.kernel.publication import draft, publish
from shuzheng.testing.identity import a_browser, a_resident, an_account
from shuzheng.testing.packs import install_packs
from tests.engines.casework.conftest import ROOT

SHIPPED = {name: action for name, action in actions().items() if action.__module__.startswith("shuzheng.")}
DESCRIBED = json.loads((ROOT / "docs/reference/openapi.json").read_text("utf-8"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return an_account(a_resident(account=False))


@pytest.fixture
def browser(account: Account) -> Client:
    return a_browser(account)


@pytest.fixture
def form_id() -> str:
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter")
    return str(get("form", "generic-matter").id)


def call(client: Client, name: str, data: Any, **headers: str) -> Any:
    body = data if isinstance(data, bytes) else json.dumps(data)
    return client.post(f"/api/actions/{name}", body, content_type="application/json", headers=headers)


def save(client: Client, form_id: str, text: str = "路灯坏了", **headers: str) -> Any:
    given = {"subject": "generic-matter", "form_id": form_id, "answers": {"application_content": text}}
    return call(client, "forms.save_draft", given, **headers)


class TestDescription:
    """What OpenAPI says."""

    def test_every_action_is_described_with_input_result_key_and_problems(self) -> None:
        paths = site_api().get_openapi_schema(path_prefix="/api/")["paths"]
        for name, action in SHIPPED.items():
            operation = paths[f"/api/actions/{name}"]["post"]
            assert operation["summary"] == str(action.title)
            assert operation["description"]
            assert operation["requestBody"]["content"]["application/json"]["schema"]
            assert [p["name"] for p in operation["parameters"]] == ["Idempotency-Key"]
            assert set(map(str, operation["responses"])) == {"200", "default"}

    def test_a_problem_is_described_as_rfc_9457(self) -> None:
        content = site_api().get_openapi_schema(path_prefix="/api/")["components"]["responses"]["Problem"]["content"]
        assert list(content) == ["application/problem+json"]

    def test_every_name_in_the_description_means_one_thing(self) -> None:
        from pydantic import BaseModel

        seen: dict[str, type[BaseModel]] = {}
        for action in SHIPPED.values():
            for model in (action.input, action.output):
                if isinstance(model, type) and issubclass(model, BaseModel):
                    assert seen.setdefault(model.__name__, model) is model


class TestCalling:
    """An action called by a program."""

    def test_the_result_is_what_the_action_keeps_of_it(self, browser: Client, account: Account, form_id: str) -> None:
        answer = save(browser, form_id)
        assert answer.status_code == 200
        assert answer.json() == {"id": str(Draft.objects.get(account=account).pk)}

    def test_a_repetition_under_the_same_key_returns_the_first_result(self, browser: Client, form_id: str) -> None:
        first, again = (save(browser, form_id, **{"Idempotency-Key": "k1"}) for _ in range(2))
        assert first.json() == again.json()
        other = save(browser, form_id, "别的", **{"Idempotency-Key": "k1"})
        assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
        assert AuditRecord.objects.filter(subject_id=first.json()["id"], name="forms.save_draft").count() == 1

    def test_a_key_too_long_is_refused(self, browser: Client, form_id: str) -> None:
        assert save(browser, form_id, **{"Idempotency-Key": "k" * 201}).status_code == 422

    def test_who_may_is_asked_before_the_input_is_looked_at(self, client: Client, browser: Client) -> None:
        answer = call(client, "casework.accept_case", {"nonsense": 1})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-required")
        answer = call(browser, "casework.accept_case", {"nonsense": 1})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
        refused = AuditRecord.objects.filter(correlation_id=answer["X-Correlation-ID"])
        assert [(record.name, record.result) for record in refused] == [("casework.accept_case", "refused")]

    def test_wrong_input_is_named_by_field(self, browser: Client) -> None:
        answer = call(browser, "forms.save_draft", {"form_id": "7", "extra": 1})
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert {e["path"]: e["message"] for e in answer.json()["errors"]} == {
            "subject": "这一项必须填写。",
            "form_id": "编号格式不对，请从页面上重新选择。",
            "extra": "没有这一项，请删去。",
        }

    def test_characters_that_cannot_be_stored_are_named_by_field(self, browser: Client, form_id: str) -> None:
        answer = call(browser, "forms.save_draft", {"subject": "坏\x00字", "form_id": form_id})
        assert answer.status_code == 422
        assert [e["path"] for e in answer.json()["errors"]] == ["subject"]

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 5000, b'"text"', b"[]", b"null"])
    def test_what_is_no_json_object_is_refused(self, browser: Client, body: bytes) -> None:
        answer = call(browser, "forms.save_draft", body)
        assert answer.status_code in (400, 422)
        assert answer["Content-Type"] == "application/problem+json"

    def test_what_is_too_large_is_refused(self, browser: Client) -> None:
        answer = call(browser, "forms.save_draft", {"subject": "x" * 3_000_000})
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")

    def test_an_unknown_action_and_a_wrong_method_are_problems_too(self, browser: Client) -> None:
        assert call(browser, "no.such", {}).status_code == 404
        assert browser.get("/api/actions/forms.save_draft").status_code == 405


class TestForeignPages:
    """Another site's page cannot act with the session of somebody signed in here."""

    def test_a_call_without_the_token_is_refused_and_one_with_it_is_not(self, browser: Client, form_id: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.cookies
        refused = save(strict, form_id)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")
        assert not Draft.objects.exists()
        token = strict.cookies["csrftoken"].value
        assert save(strict, form_id, **{"X-CSRFToken": token}).status_code == 200

    def test_reading_needs_no_token(self, account: Account) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.get("/api/vocabulary/divisions/360702000000").status_code in (200, 404)


def test_definitions_are_reached_by_their_version(form_id: str) -> None:
    stored = get("form", "generic-matter")
    newer = draft("form", stored.body, "9.0.0")
    publish([newer], by="test", effective=stored.valid_from)
    assert str(get("form", "generic-matter", version=stored.version).id) == form_id
    assert uuid4() != newer.pk == get("form", "generic-matter").id
