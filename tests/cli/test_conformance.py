"""The conformance kit tried on ourselves, on a good receiver and on a careless one."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from typer.testing import CliRunner

from shuzheng.cli.conformance.application import APPLICATION, RECEIVER, Application
from shuzheng.cli.conformance.installation import INSTALLATION, PROVOKING
from shuzheng.cli.conformance.kit import Answer, Result, Verdict, over_http, try_all
from shuzheng.cli.main import app
from shuzheng.engines.messaging.gateways import webhook
from shuzheng.testing.applications import a_connected_application

SECRET = "a-receiver's-secret"


def ourselves(method: str, path: str, headers: Mapping[str, str] = {}, body: bytes = b"") -> Answer:
    """Send a request to this site, in this process."""
    kind = headers.get("Content-Type", "application/octet-stream")
    found = Client(enforce_csrf_checks=True, headers=dict(headers)).generic(method, path, body, content_type=kind)
    content = b"".join(found.streaming_content) if found.streaming else found.content
    told = {name.lower(): value for name, value in found.headers.items()}
    return Answer(
        found.status_code, {"date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()), **told}, content
    )


def failed(results: list[Result]) -> dict[str, str]:
    """Return what failed, by check."""
    return {result.check.name: result.finding for result in results if result.verdict is Verdict.FAILED}


@pytest.mark.django_db
def test_this_site_conforms() -> None:
    results = try_all(INSTALLATION, ourselves)
    assert failed(results) == {}
    assert sum(result.verdict is Verdict.PASSED for result in results) >= 9
    assert all(result.check.standard for result in results)


@pytest.mark.django_db
def test_whoever_asks_too_often_is_told_when_to_come_again() -> None:
    cache.clear()
    assert failed(try_all(PROVOKING, ourselves)) == {}
    cache.clear()


@pytest.mark.django_db
def test_an_onboarded_application_signs_as_we_ask() -> None:
    flood = a_connected_application("flood", notices={"things": ["verification-code"]})
    good = try_all(APPLICATION, Application(ourselves, flood.key_id, flood.secret))
    assert failed(good) == {}
    assert set(failed(try_all(APPLICATION, Application(ourselves, flood.key_id, "guessed")))) == {"own signature"}


def receiver(check: Callable[[Mapping[str, str], bytes], int]) -> Any:
    """Return a receiver that answers what a function decides."""

    def fetch(method: str, path: str, headers: Mapping[str, str] = {}, body: bytes = b"") -> Answer:
        return Answer(check(headers, body), {}, b"")

    return fetch


def careful(headers: Mapping[str, str], body: bytes) -> int:
    """Accept what is signed and fresh."""
    stamp = headers["webhook-timestamp"]
    expected = webhook.signature(SECRET, headers["webhook-id"], stamp, body)
    signed = hmac.compare_digest(expected, headers["webhook-signature"])
    return 204 if signed and abs(time.time() - int(stamp)) < 300 else 401


def test_a_careful_receiver_passes_and_a_careless_one_is_told_what_it_takes() -> None:
    assert failed(try_all(RECEIVER, Application(receiver(careful), "", SECRET))) == {}
    careless = failed(try_all(RECEIVER, Application(receiver(lambda _headers, _body: 200), "", SECRET)))
    assert set(careless) == {"refuses forged events", "refuses stale events"}
    assert "forged signature is answered with 200" in careless["refuses forged events"]


def test_a_site_that_does_not_answer_fails_every_check_with_a_reason() -> None:
    results = try_all(INSTALLATION, over_http("http://127.0.0.1:9"))
    assert len(failed(results)) == len(results)
    assert "no answer" in results[0].finding


def test_a_site_that_answers_nonsense_fails_without_a_crash() -> None:
    nonsense = receiver(lambda _headers, _body: 200)
    assert len(failed(try_all(INSTALLATION, nonsense))) >= len(INSTALLATION) - 3


def test_the_command_writes_a_report_and_leaves_with_1(tmp_path: Any) -> None:
    report = tmp_path / "report.json"
    done = CliRunner().invoke(app, ["conformance", "http://127.0.0.1:9", "--report", str(report)])
    assert done.exit_code == 1
    assert '"verdict": "failed"' in report.read_text("utf-8")
    assert CliRunner().invoke(app, ["conformance", "http://127.0.0.1:9", "--application", "x"]).exit_code == 2
