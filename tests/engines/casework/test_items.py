"""Managing service items: draft, publish, retire; running cases keep the version they began with."""

from __future__ import annotations

import pytest

from shuzheng.engines.casework.actions.items import DraftItem, PublishItem, RetireItem
from shuzheng.engines.casework.actions.views import DeleteView, SaveView
from shuzheng.engines.casework.models import SavedView, ServiceItem
from shuzheng.engines.casework.queries import whole_case
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import NoDefinition, get
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.publication import VersionTaken
from tests.engines.casework.conftest import file_permit

pytestmark = pytest.mark.django_db
EDITOR = Actor.system("editor")


def body(**changes):
    return {**get("service_item", "test-permit").body.model_dump(mode="json", exclude_defaults=True), **changes}


def test_a_published_draft_is_in_force_and_a_running_case_keeps_its_version(bureau, resident) -> None:
    case = file_permit(resident)
    DraftItem.do(EDITOR, version="2.0.0", body=body(title="户外活动许可（新版）"))
    assert get("service_item", "test-permit").version == "1.0.0"
    PublishItem.do(EDITOR, code="test-permit", version="2.0.0")
    assert get("service_item", "test-permit").body.title == "户外活动许可（新版）"
    assert whole_case(case.pk).item.title == "户外活动许可"
    assert file_permit(resident).title == "户外活动许可（新版）"
    assert ServiceItem.objects.get(code="test-permit").title == "户外活动许可（新版）"
    with pytest.raises(VersionTaken):
        DraftItem.do(EDITOR, version="2.0.0", body=body(title="再改"))


def test_a_bad_draft_names_the_fields(packs) -> None:
    with pytest.raises(InvalidInput) as raised:
        DraftItem.do(EDITOR, version="2.0.0", body=body(kind="nonsense", surplus=1))
    assert {problem.path for problem in raised.value.errors} == {"kind", "surplus"}
    with pytest.raises(InvalidInput) as raised:
        DraftItem.do(EDITOR, version="2.0.0", body=body(process="generic-mater"))
    assert "generic-matter" in raised.value.errors[0].message


def test_a_promise_longer_than_the_law_is_refused(packs) -> None:
    with pytest.raises(InvalidInput) as raised:
        DraftItem.do(EDITOR, version="2.0.0", body=body(limits={"statutory": "5个工作日", "promised": "9个工作日"}))
    assert "承诺时限" in raised.value.errors[0].message


def test_a_retired_item_takes_no_new_cases(bureau, resident) -> None:
    RetireItem.do(EDITOR, code="test-permit")
    with pytest.raises(NoDefinition):
        file_permit(resident)
    with pytest.raises(NotFound):
        PublishItem.do(EDITOR, code="test-permit", version="9.9.9")


def test_only_whoever_manages_items_may(bureau) -> None:
    with pytest.raises(NotPermitted):
        RetireItem.do(bureau.handler, code="test-permit")


def test_a_view_is_saved_replaced_and_deleted_by_its_owner_only(bureau) -> None:
    view = SaveView.do(bureau.handler, name="红牌", filters={"card": "red"})
    assert SaveView.do(bureau.handler, name="红牌", filters={"card": "amber"}).pk == view.pk
    DeleteView.do(bureau.acceptor, view_id=view.pk)
    assert SavedView.objects.count() == 1
    DeleteView.do(bureau.handler, view_id=view.pk)
    assert not SavedView.objects.exists()
