"""The way of a request: correlation, actor, access, errors as pages for people and as problems for programs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from shuzheng.kernel.error import Conflict, FieldProblem, InvalidInput, ShuzhengError
from shuzheng.testing.identity import a_browser, a_resident, an_account, an_officer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.trial_urls")]
FORM = "application/x-www-form-urlencoded"
JSON = {"Accept": "application/json"}


def problem(answer: HttpResponse) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json"
    return json.loads(answer.content)


@pytest.fixture
def resident() -> Client:
    return a_browser(an_account(a_resident(account=False)))


class TestCorrelation:
    """Every request has an id, in the answer and on the error page."""

    def test_one_is_given_where_none_is_sent(self, client: Client) -> None:
        one, other = (client.get("/trial/greet")["X-Correlation-ID"] for _ in range(2))
        assert one != other
        assert len(one) == 32

    def test_a_plausible_one_is_kept_and_reaches_the_view(self, client: Client) -> None:
        answer = client.get("/trial/greet", headers={"X-Correlation-ID": "abcd-1234"})
        assert answer["X-Correlation-ID"] == "abcd-1234"
        assert answer.content == b"/abcd-1234"

    @pytest.mark.parametrize("sent", ["short", "x" * 65, "<script>alert()</script>", "with space"])
    def test_an_implausible_one_is_replaced(self, client: Client, sent: str) -> None:
        assert client.get("/trial/greet", headers={"X-Correlation-ID": sent})["X-Correlation-ID"] != sent

    def test_it_stands_on_the_error_page(self, client: Client) -> None:
        answer = client.get("/trial/fail/conflict", headers={"X-Correlation-ID": "abcd-1234"})
        assert b"abcd-1234" in answer.content


class TestAccess:
    """Who may open what."""

    def test_a_view_without_a_decision_opens_to_nobody(self, client: Client, resident: Client) -> None:
        assert client.get("/trial/undecided").status_code == 404
        assert resident.get("/trial/undecided").status_code == 404

    def test_a_person_is_led_to_sign_in_and_back(self, client: Client) -> None:
        answer = client.get("/trial/signed-in?tab=2")
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/trial/signed-in%3Ftab%3D2")

    def test_a_program_is_told_to_sign_in(self, client: Client) -> None:
        answer = client.get("/trial/signed-in", headers=JSON)
        assert answer.status_code == 401
        assert problem(answer)["code"] == "sign-in-required"

    def test_a_resident_opens_what_is_for_those_signed_in_and_no_more(self, resident: Client) -> None:
        answers = [resident.get(f"/trial/{name}").status_code for name in ("signed-in", "officer", "keep")]
        assert answers == [200, 403, 403]

    def test_an_officer_opens_what_is_for_officers(self) -> None:
        officer = an_officer()
        browser = a_browser(officer.account)
        assert [browser.get(f"/trial/{name}").status_code for name in ("officer", "keep")] == [200, 403]


class TestErrors:
    """One meaning, two forms."""

    @pytest.mark.parametrize(
        ("what", "status", "code"),
        [
            ("conflict", 409, "conflict"),
            ("invalid", 422, "invalid-input"),
            ("missing", 404, "not-found"),
            ("denied", 403, "not-permitted"),
            ("lost", 400, "unreadable"),
            ("defect", 500, "internal"),
        ],
    )
    def test_a_person_gets_a_page_and_a_program_a_problem(
        self, client: Client, what: str, status: int, code: str
    ) -> None:
        page = client.get(f"/trial/fail/{what}")
        assert page.status_code == status
        assert page["Content-Type"].startswith("text/html")
        told = client.get(f"/trial/fail/{what}", headers=JSON)
        assert told.status_code == status
        body = problem(told)
        assert body["title"] in page.content.decode()
        assert (body["code"], body["type"]) == (code, f"urn:shuzheng:problem:{code}")
        assert (body["status"], body["instance"]) == (status, f"/trial/fail/{what}")
        assert body["correlation_id"] == told["X-Correlation-ID"]
        assert b"secret" not in page.content + told.content

    def test_invalid_input_names_each_field(self, client: Client) -> None:
        body = problem(client.get("/trial/fail/invalid", headers=JSON))
        assert body["errors"] == [{"path": "day", "message": "日期不存在。"}]

    def test_a_form_beyond_every_bound_is_answered_with_a_page(self, client: Client) -> None:
        for fields in ({"text": "长" * 800_000}, {f"f{number}": "x" for number in range(2100)}):
            answer = client.post("/trial/words", urlencode(fields), content_type=FORM)
            assert answer.status_code == 413
            assert "超过大小限制" in answer.content.decode()

    def test_a_form_that_breaks_off_is_answered_with_a_page(self, client: Client) -> None:
        answer = client.post("/trial/words", b"no boundary here", content_type="multipart/form-data")
        assert answer.status_code == 400
        assert "格式有误" in answer.content.decode()

    @pytest.mark.parametrize("headers", [JSON, {}])
    def test_an_unknown_address_is_answered_in_the_same_two_forms(self, client: Client, headers: Any) -> None:
        answer = client.get("/no/such/page", headers=headers)
        assert answer.status_code == 404
        assert "没有找到" in (problem(answer)["title"] if headers else answer.content.decode())

    @pytest.mark.parametrize("address", ["/trial/greet?q=%00", "/trial/fail/%00"])
    def test_a_character_that_the_database_lacks_is_refused_in_an_address(self, client: Client, address: str) -> None:
        assert client.get(address).status_code == 400

    def test_messages_follow_the_language_of_the_reader(self, client: Client) -> None:
        body = problem(client.get("/trial/fail/conflict", headers={**JSON, "Accept-Language": "en"}))
        assert body["title"].isascii()


def test_an_error_says_its_own_message_or_another_and_fills_in_its_parameters() -> None:
    class Taken(Conflict):
        """Taken."""

        code = "taken"
        message = "{what} 已被占用。"

    assert str(Taken(what="编号")) == "编号 已被占用。"
    assert str(Conflict("别的 {话}")) == "别的 {话}"
    assert ShuzhengError().problem()["status"] == 500
    errors = InvalidInput(FieldProblem("a.0", "错")).problem()["errors"]
    assert errors == [{"path": "a.0", "message": "错"}]
