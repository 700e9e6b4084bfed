"""Two who issue at the same moment: one licence for one case, two numbers for two."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.seals.models import SealUse
from shuzheng.kernel.id import new_id
from shuzheng.testing.credentials import World, a_world


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[World]:
    """A bureau that can issue licences, in a database that really commits; no jobs are left behind."""
    settings.HOME, settings.ANTIVIRUS = tmp_path, "none"
    yield a_world()
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


def issue_at_once(world: World, *cases: UUID) -> None:
    """Issue a licence for every case, each from a thread of its own."""

    def issue(case: UUID) -> None:
        try:
            world.issue(case_id=case)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(cases)) as threads:
        list(threads.map(issue, cases))


def test_one_case_gets_one_licence_and_two_cases_get_two_numbers(world: World) -> None:
    case = new_id()
    issue_at_once(world, case, case)
    assert Credential.objects.count() == SealUse.objects.count() == 1
    issue_at_once(world, new_id(), new_id())
    assert len(set(Credential.objects.values_list("number", flat=True))) == 3
    assert {licence.state for licence in Credential.objects.all()} == {"valid"}
