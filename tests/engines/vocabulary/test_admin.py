"""Operator screens: looking, never changing."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import RequestFactory

from shuzheng.engines.vocabulary.models import Division, DivisionBoundary, DivisionChange


@pytest.mark.parametrize("model", [Division, DivisionBoundary, DivisionChange])
def test_facts_cannot_be_changed_by_hand(rf: RequestFactory, model: type[Division]) -> None:
    screen, request = admin.site.get_model_admin(model), rf.get("/")
    assert not screen.has_add_permission(request)
    assert not screen.has_change_permission(request)
    assert not screen.has_delete_permission(request)


@pytest.mark.usefixtures("vocabulary")
def test_divisions_are_found_by_name_and_by_the_beginning_of_the_code(rf: RequestFactory) -> None:
    screen = admin.site.get_model_admin(Division)
    for text in ("章贡区", "360702000000"):
        found, _duplicates = screen.get_search_results(rf.get("/"), Division.objects.all(), text)
        assert [division.name for division in found] == ["章贡区"]
