"""The HTTP API: the same validation, problem details with the same paths."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.testing.identity import an_id_number


@pytest.fixture
def program(client: Client, zhang: Any) -> Client:
    """A program that has signed in."""
    client.force_login(zhang.account)
    return client


def test_anyone_may_read_what_a_form_asks(client: Client, licence: CompiledForm) -> None:
    answer = client.get(f"/api/forms/{licence.key}")
    assert answer.status_code == 200
    assert answer.json()["properties"]["mobile"]["x-element"] == "mobile"
    assert client.get("/api/forms/nothing").status_code == 404


def test_answers_come_back_in_normal_form(
    program: Client, licence: CompiledForm, good: dict[str, Any], zhang: Any
) -> None:
    del good["applicant_name"], good["applicant_id"]
    answer = program.post(f"/api/forms/{licence.key}/validate", {"answers": good}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["answers"]["mobile"] == "13800001234"
    assert answer.json()["answers"]["applicant_id"] == zhang.id_number


def test_problems_name_fields(program: Client, licence: CompiledForm, good: dict[str, Any]) -> None:
    good["staff"][1]["staff_born"] = "2009-02-30"
    body = {"answers": {**good, "applicant_name": "王五", "applicant_id": an_id_number()}}
    answer = program.post(f"/api/forms/{licence.key}/validate", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["path"] for error in answer.json()["errors"]] == [
        "applicant_name",
        "applicant_id",
        "staff.1.staff_born",
    ]


def test_validating_needs_a_sign_in(client: Client, licence: CompiledForm) -> None:
    answer = client.post(f"/api/forms/{licence.key}/validate", {"answers": {}}, content_type="application/json")
    assert answer.status_code == 401
