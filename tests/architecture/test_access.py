"""Nothing can be reached without somebody having decided who may reach it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shuzheng.api import site_api
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import decision_for
from shuzheng.kernel.policy import OFFICER, PUBLIC, SIGNED_IN, permissions

KNOWN = {PUBLIC, SIGNED_IN, OFFICER}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the site with its address."""
    for entry in resolver.url_patterns:
        address = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, address)
        else:
            yield address, entry


def test_every_route_has_an_access_decision() -> None:
    undecided = [address for address, route in routes(get_resolver()) if decision_for(route.callback) is None]
    assert undecided == []


def test_every_decision_names_a_declared_permission() -> None:
    decisions = {address: decision_for(route.callback) for address, route in routes(get_resolver())}
    assert {a: who for a, who in decisions.items() if who not in KNOWN and who not in permissions()} == {}


def test_every_operation_of_the_api_has_an_access_decision() -> None:
    operations = [
        (f"{method} {router.prefix}{path}", operation)
        for router in site_api()._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]
    assert operations
    undecided = [
        name
        for name, operation in operations
        if not operation.auth_callbacks or not all(isinstance(who, Allow) for who in operation.auth_callbacks)
    ]
    assert undecided == []


@pytest.mark.django_db
def test_an_address_that_nobody_made_is_answered_with_a_page(client: Client) -> None:
    assert client.get("/no/such/page").status_code == 404
