"""The API against its own description: whatever is sent, the answer is one that is described, and never a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shuzheng.api import site_api
from shuzheng.kernel.action import actions
from shuzheng.kernel.policy import permissions
from shuzheng.testing.identity import a_browser, a_resident, a_role, a_unit, an_account, an_officer
from shuzheng.testing.packs import install_packs, some_divisions
from tests.engines.casework.conftest import ROOT

pytestmark = pytest.mark.django_db
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
#: Examples for each operation: of what its description allows, and of what it does not.
EXAMPLES = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 2}
#: Reads whole folders of the server.
LEFT_OUT = {"/api/actions/kernel.load_packs"}


def described() -> dict[str, Any]:
    """Return the description of what is shipped; tests register actions of their own."""
    schema = dict(site_api().get_openapi_schema(path_prefix="/api/"))
    ours = {name for name, action in actions().items() if action.__module__.startswith("shuzheng.")}
    schema["paths"] = {
        path: {method: _plain(operation) for method, operation in operations.items()}
        for path, operations in schema["paths"].items()
        if path not in LEFT_OUT and (not path.startswith("/api/actions/") or path.rpartition("/")[2] in ours)
    }
    return schema


def _plain(operation: dict[str, Any]) -> dict[str, Any]:
    """Return an operation with its statuses as text, as JSON would have them."""
    return {**operation, "responses": {str(status): answer for status, answer in operation["responses"].items()}}


def operations() -> Iterator[Any]:
    """Yield every operation of the API."""
    schema = schemathesis.openapi.from_dict(described())
    schema.app = get_wsgi_application()
    for result in schema.get_all_operations():
        yield result.ok()


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the test's own connection across requests, as Django's test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def town(db: None) -> None:
    """Some definitions, divisions and a unit, so that requests get beyond the first look-up."""
    some_divisions()
    install_packs(ROOT / "packs/base", ROOT / "packs/public-service/generic-matter")
    a_unit("government-service")


@pytest.fixture
def resident(town: None) -> Client:
    """A resident who has signed in."""
    return a_browser(an_account(a_resident(account=False)))


@pytest.fixture
def official(town: None) -> Client:
    """An officer who may do everything everywhere."""
    everything = a_role("everything", sorted(permissions()))
    return a_browser(an_officer(posts=["handler"], roles=[everything]).account)


def findings(operation: Any, client: Client, mode: GenerationMode, examples: int) -> list[str]:
    """Send examples to an operation, each undone afterwards; return what was wrong."""
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    headers = {"X-CSRFToken": cookies.get("csrftoken", "")}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        with transaction.atomic():
            response = case.call(cookies=cookies, headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:  # everything that can be sent is allowed
        return []
    except (Exception, BaseExceptionGroup) as failure:
        why = "; ".join(str(one) for one in getattr(failure, "exceptions", [failure]))
        return [f"{operation.method.upper()} {operation.path} ({mode.name}): {why}"]
    return []


@pytest.mark.parametrize("who", ["resident", "official"])
def test_whatever_is_sent_is_answered_as_described(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    found: list[str] = []
    with one_connection():
        for operation in operations():
            for mode, examples in EXAMPLES.items():
                found += findings(operation, client, mode, examples)
    assert not found, "\n".join(found)
