"""Divisions and code lists over HTTP, open to everybody."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.usefixtures("vocabulary")

ROOT = "/api/vocabulary"


def test_children_are_listed_page_by_page(client: Client) -> None:
    with CaptureQueriesContext(connection) as statements:
        first = client.get(f"{ROOT}/divisions/", {"parent": "3607", "size": 10}).json()
    assert len(statements) <= 3
    rest = client.get(f"{ROOT}/divisions/", {"parent": "3607", "size": 10, "after": first["next"]}).json()
    assert len(first["items"]) == 10
    assert len(rest["items"]) == 8
    assert rest["next"] is None
    assert first["items"][0]["full_name"] == "江西省赣州市章贡区"


def test_a_division_its_ancestors_and_its_history(client: Client) -> None:
    assert client.get(f"{ROOT}/divisions/360702").json()["name"] == "章贡区"
    assert [d["name"] for d in client.get(f"{ROOT}/divisions/360702/ancestors").json()] == ["江西省", "赣州市"]
    history = client.get(f"{ROOT}/divisions/360782/history", {"on": "2010-01-01"}).json()
    assert (history["name"], history["certain"]) == ("南康市", True)
    assert history["successor"]["name"] == "南康区"
    assert [change["kind"] for change in history["changes"]] == ["city_to_district"]


def test_a_division_that_does_not_exist_is_a_problem_in_plain_words(client: Client) -> None:
    response = client.get(f"{ROOT}/divisions/999999")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert "没有代码为“999999”的行政区划" in response.json()["title"]


def test_divisions_are_found_by_name_and_by_place(client: Client) -> None:
    hits = client.get(f"{ROOT}/divisions/search", {"text": "星子县"}).json()
    assert [(hit["division"]["name"], hit["former_name"]) for hit in hits] == [("庐山市", "星子县")]
    found = client.get(f"{ROOT}/divisions/at", {"longitude": "114.935", "latitude": "25.845"}).json()
    assert found["name"] == "章贡区"
    outside = client.get(f"{ROOT}/divisions/at", {"longitude": "116.4", "latitude": "39.9"})
    assert (outside.status_code, outside.json()["code"]) == (404, "outside-boundaries")
    assert client.get(f"{ROOT}/divisions/at", {"longitude": 999, "latitude": 1}).status_code == 422


def test_boundaries_come_as_geojson(client: Client) -> None:
    collection = client.get(f"{ROOT}/divisions/boundaries?code=360702&code=360703").json()
    assert [f["properties"]["name"] for f in collection["features"]] == ["章贡区", "南康区"]
    assert collection["features"][0]["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_code_lists_and_schemas_are_served(client: Client) -> None:
    sex = client.get(f"{ROOT}/code-lists/sex").json()
    assert [code["name"] for code in sex["codes"]] == ["未知的性别", "男性", "女性", "未说明的性别"]
    assert client.get(f"{ROOT}/code-lists/none").status_code == 404
    assert client.get(f"{ROOT}/elements/mobile/schema").json()["pattern"] == r"^1[3-9]\d{9}$"
