"""Licences while applying: the page of materials shows what is held, and how it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shuzheng.engines.documents.credentials.actions import ReportLoss
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.queries import parties_for
from shuzheng.kernel.definition import get
from shuzheng.portals.citizen.application import Application, begin, open_application
from shuzheng.testing.credentials import World, a_world
from shuzheng.testing.packs import install_packs

PACK = Path(__file__).parents[2] / "engines/documents/credentials/pack"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """A bureau with its seal, a restaurant and its owner, and a matter that asks for the restaurant's licence."""
    settings.HOME, settings.ANTIVIRUS = tmp_path, "none"
    found = a_world()
    install_packs(PACK)
    return found


def materials_page(world: World) -> str:
    """Return the page of materials of an application that the owner began for the restaurant."""
    draft = begin(world.holder, get("service_item", "takeaway-filing").body, "360702000000", None)
    application: Application = open_application(world.holder, draft.pk)
    application.save(None, answers={"application_content": "入驻外卖平台，申请备案。"})
    client, account = Client(), Account.objects.get(person=world.owner)
    client.force_login(account)
    key = next(choice.key for choice in parties_for(account) if choice.party and choice.party.id == world.firm.pk)
    client.post(reverse("identity:acting"), {"choice": key})
    answer = client.get(f"/apply/{application.draft.pk}/materials/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_licence_that_is_held_need_not_be_handed_in(world: World) -> None:
    licence = world.issue()
    page = materials_page(world)
    assert licence.number in page
    assert "不用上传" in page


def test_a_licence_out_of_force_is_shown_with_its_state_and_a_paper_may_be_handed_in(world: World) -> None:
    ReportLoss.do(world.holder, credential_id=world.issue().pk, reason="怀疑被冒用")
    page = materials_page(world)
    assert "中止使用" in page
    assert 'name="m.licence"' in page


def test_without_a_licence_the_paper_is_asked_for(world: World) -> None:
    assert 'name="m.licence"' in materials_page(world)
