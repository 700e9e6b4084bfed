"""Headers, logs, health and metrics."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shuzheng.kernel.actor import ANYBODY
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.health import metrics
from shuzheng.kernel.security import SecurityHeadersMiddleware
from shuzheng.settings.logging import hide_personal_data


def test_no_page_may_run_inline_scripts_or_be_framed() -> None:
    response = SecurityHeadersMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "camera=()" in response["Permissions-Policy"]


def test_what_a_signed_in_person_sees_is_kept_in_no_shared_cache(settings) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    assert "no-store" in SecurityHeadersMiddleware(lambda _: HttpResponse())(request)["Cache-Control"]


@pytest.mark.parametrize(
    ("event", "hidden"),
    [
        ({"event": "身份证 36010219800101001X 不符"}, "36010219800101001X"),
        ({"event": "call 13800001234"}, "13800001234"),
        ({"event": "x", "detail": {"to": "13800001234"}}, "13800001234"),
        ({"event": "x", "password": "secret"}, "secret"),
        ({"event": "x", "id_number": "any"}, "any"),
    ],
)
def test_personal_data_does_not_reach_the_log(event: dict[str, object], hidden: str) -> None:
    assert hidden not in repr(hide_personal_data(None, "info", dict(event)))


def test_ordinary_numbers_stay_readable_in_the_log() -> None:
    event = {"event": "case 360702-20261122-000123 took 1380000 ms", "correlation_id": "a" * 32}
    assert hide_personal_data(None, "info", dict(event)) == event


@pytest.mark.parametrize(
    ("token", "address", "headers"),
    [
        ("", "10.0.0.9", {}),
        ("", "127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}),
        ("right", "127.0.0.1", {}),
        ("right", "10.0.0.9", {"Authorization": "Bearer wrong"}),
    ],
)
def test_metrics_are_for_the_token_or_for_this_machine(
    settings, token: str, address: str, headers: dict[str, str]
) -> None:
    settings.METRICS_TOKEN = token
    request = RequestFactory().get("/metrics", REMOTE_ADDR=address, headers=headers)
    request.actor = ANYBODY
    with pytest.raises(NotPermitted):
        metrics(request)
