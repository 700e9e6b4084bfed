"""Who serves documents: the officials of the unit that gave them, and for the letters of cases the platform alone."""

from __future__ import annotations

from typing import Any

import pytest

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging.actions import RecordService, ServeDocument
from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.messaging.policies import SERVE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.testing.identity import a_role, a_unit, actor_of_officer, an_officer
from shuzheng.testing.packs import some_divisions
from tests.engines.messaging.conftest import SYSTEM

DOCUMENT: dict[str, Any] = {"title": "行政处罚决定书", "digest": "a" * 64}
TRY: dict[str, Any] = {"way": "mail", "outcome": "started"}


@pytest.fixture
def unit(resident: Actor) -> OrgUnit:
    """Return the bureau whose document is served."""
    some_divisions()
    return a_unit("market-supervision")


def _server(unit: OrgUnit) -> Actor:
    name = f"送达人{unit.code}"
    return actor_of_officer(an_officer(name, unit=unit, posts=["handler"], roles=[a_role(f"serve-{unit.pk}", [SERVE])]))


@pytest.fixture
def service(unit: OrgUnit, resident: Actor) -> LegalService:
    """Return an open service of the bureau."""
    return ServeDocument.do(SYSTEM, person_id=resident.person_id, unit_id=unit.pk, **DOCUMENT)


def test_an_official_records_tries_for_the_own_unit_only(service: LegalService, unit: OrgUnit) -> None:
    neighbour = _server(a_unit("education"))
    with pytest.raises(NotPermitted):
        RecordService.do(neighbour, service_id=service.pk, **TRY)
    assert not ServiceStep.objects.exists()
    assert RecordService.do(_server(unit), service_id=service.pk, **TRY).status == LegalService.Status.UNDER_WAY


def test_a_service_of_no_unit_is_the_platforms(resident: Actor, unit: OrgUnit) -> None:
    service = ServeDocument.do(SYSTEM, person_id=resident.person_id, **DOCUMENT)
    with pytest.raises(NotPermitted):
        RecordService.do(_server(unit), service_id=service.pk, **TRY)
    with pytest.raises(NotFound):
        RecordService.do(_server(unit), service_id=new_id(), **TRY)


def test_an_official_serves_documents_of_the_own_unit_and_of_no_case(resident: Actor, unit: OrgUnit) -> None:
    server, person = _server(unit), resident.person_id
    elsewhere = a_unit("education").pk
    refused: list[dict[str, Any]] = [
        {"unit_id": elsewhere},
        {"unit_id": None},
        {"unit_id": unit.pk, "case_id": new_id()},
    ]
    for wrong in refused:
        with pytest.raises(NotPermitted):
            ServeDocument.do(server, person_id=person, **DOCUMENT, **wrong)
    assert not LegalService.objects.exists()
    assert ServeDocument.do(server, person_id=person, unit_id=unit.pk, **DOCUMENT).status == LegalService.Status.OPEN
