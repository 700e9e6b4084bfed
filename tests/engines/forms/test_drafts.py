"""Drafts: saved by themselves, resumed anywhere, never lost and never readable in the database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from shuzheng.engines.forms import queries
from shuzheng.engines.forms.actions import DiscardDraft, PurgeDrafts, RestoreDraft, SaveDraft
from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import bind, draft_answers, validate
from shuzheng.engines.forms.errors import NoDraft, TooManyDrafts
from shuzheng.engines.forms.jobs import purge_drafts
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import ANYBODY, Actor
from shuzheng.kernel.error import InvalidInput, NotPermitted, SignInRequired, TooLarge
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_firm, a_resident, actor_of_person

ID = "360702196003020040"


def save(actor: Actor, form: CompiledForm, on: Draft | None = None, **answers: Any) -> Draft:
    place = {"draft_id": on.pk, "revision": on.revision} if on else {}
    return SaveDraft.do(actor, subject="food", form_id=form.id, answers=answers, **place)


def test_a_draft_is_resumed_with_everything_valid_or_not(
    actor: Actor, licence: CompiledForm, good: dict[str, Any]
) -> None:
    draft = save(actor, licence, **{**good, "mobile": "1380", "stranger": "x", "wages": "9"})
    found = queries.draft_for(actor, "food")
    assert found == draft
    answers = draft_answers(licence, found)
    assert answers["mobile"] == "1380"
    assert answers["staff"] == validate(licence, good).values["staff"]
    assert not {"stranger", "wages"} & answers.keys()
    assert 80 < found.progress < 100
    assert bind(licence, answers, held=answers).field("mobile") is not None


def test_saving_again_raises_the_revision_and_saving_the_same_changes_nothing(
    actor: Actor, licence: CompiledForm
) -> None:
    first = save(actor, licence, applicant_id=ID)
    assert save(actor, licence, first, applicant_id=ID).revision == 1
    assert save(actor, licence, first, applicant_id=ID, sex="2").revision == 2
    assert Draft.objects.count() == 1


def test_a_double_click_makes_one_draft(actor: Actor, licence: CompiledForm) -> None:
    assert save(actor, licence, sex="2") == save(actor, licence, sex="2")


class TestTwoPages:
    """Two tabs or devices fill in the same form: both are kept and each is told."""

    def test_the_later_one_is_kept_as_a_copy(self, actor: Actor, licence: CompiledForm) -> None:
        first = save(actor, licence, sex="1")
        stale = Draft.objects.get(pk=first.pk)
        save(actor, licence, first, sex="2")
        copy = save(actor, licence, stale, sex="9")
        assert copy.is_copy
        assert copy.copy_of == first
        kept = {draft_answers(licence, draft)["sex"] for draft in Draft.objects.all()}
        assert kept == {"2", "9"}

    def test_a_page_goes_on_with_its_copy(self, actor: Actor, licence: CompiledForm) -> None:
        first = save(actor, licence, sex="1")
        copy = save(actor, licence, sex="2")
        again = save(actor, licence, copy, sex="9")
        assert (again.pk, again.revision) == (copy.pk, 2)
        assert Draft.objects.get(pk=first.pk).revision == 1

    def test_repeating_a_stale_save_makes_no_second_copy(self, actor: Actor, licence: CompiledForm) -> None:
        save(actor, licence, applicant_id=ID)
        assert save(actor, licence, applicant_id="x") == save(actor, licence, applicant_id="x")
        assert Draft.objects.count() == 2

    def test_copies_are_bounded(self, actor: Actor, licence: CompiledForm) -> None:
        for number in range(11):
            save(actor, licence, remark=f"第{number}稿")
        with pytest.raises(TooManyDrafts):
            save(actor, licence, remark="又一稿")


def test_a_draft_is_its_accounts_and_its_partys_own(actor: Actor, licence: CompiledForm, zhang: Any) -> None:
    draft = save(actor, licence, sex="2")
    stranger = actor_of_person(a_resident("王五"))
    for_firm = actor_of_person(zhang, party=a_firm(representative=zhang))
    for other in (stranger, for_firm):
        assert queries.draft_for(other, "food") is None
        with pytest.raises(NoDraft):
            save(other, licence, draft, sex="1")
        with pytest.raises(NoDraft):
            queries.draft(other, draft.pk)
    with pytest.raises(SignInRequired):
        save(ANYBODY, licence)
    with pytest.raises(NotPermitted):
        save(Actor.system("x"), licence)


def test_nothing_sensitive_is_readable_in_the_table_or_in_the_audit(
    actor: Actor, licence: CompiledForm, good: dict[str, Any]
) -> None:
    save(actor, licence, **{**good, "applicant_id": "36070219600302004"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers::text FROM forms_draft")
        stored = cursor.fetchone()[0]
    record = AuditRecord.objects.filter(name="forms.save_draft").get()
    for text in (stored, json.dumps(record.detail)):
        assert "36070219600302004" not in text
        assert "JK2026001" not in text
    assert "章贡区" in stored


def test_discarding_can_be_undone_for_seven_days(actor: Actor, licence: CompiledForm) -> None:
    draft = save(actor, licence, sex="2")
    DiscardDraft.do(actor, draft_id=draft.pk)
    assert queries.draft_for(actor, "food") is None
    assert not RestoreDraft.do(actor, draft_id=draft.pk).is_copy
    assert queries.draft_for(actor, "food") == draft
    DiscardDraft.do(actor, draft_id=draft.pk)
    with at(now() + timedelta(days=8)), pytest.raises(NoDraft):
        RestoreDraft.do(actor, draft_id=draft.pk)


def test_a_draft_restored_beside_a_new_one_becomes_its_copy(actor: Actor, licence: CompiledForm) -> None:
    old = save(actor, licence, sex="1")
    DiscardDraft.do(actor, draft_id=old.pk)
    new = save(actor, licence, sex="2")
    assert RestoreDraft.do(actor, draft_id=old.pk).copy_of == new


def test_saving_onto_a_discarded_draft_keeps_the_content(actor: Actor, licence: CompiledForm) -> None:
    draft = save(actor, licence, sex="1")
    DiscardDraft.do(actor, draft_id=draft.pk)
    saved = save(actor, licence, draft, sex="2")
    assert saved.discarded_at is None
    assert draft_answers(licence, saved)["sex"] == "2"


def test_drafts_nobody_came_back_to_are_deleted(actor: Actor, licence: CompiledForm) -> None:
    old = save(actor, licence, sex="1")
    with at(now() + timedelta(days=89)):
        PurgeDrafts.do(Actor.system("test"), {})
        assert Draft.objects.filter(pk=old.pk).exists()
    with at(now() + timedelta(days=91)):
        purge_drafts(0)
        purge_drafts(0)
    assert not Draft.objects.exists()
    with pytest.raises(NotPermitted):
        PurgeDrafts.do(actor, {})


def test_what_is_too_large_is_refused(actor: Actor, licence: CompiledForm) -> None:
    with pytest.raises(TooLarge):
        save(actor, licence, remark="长" * 10_001)
    with pytest.raises(TooLarge):
        save(actor, licence, staff=[{}] * 201)
    with pytest.raises(TooLarge):
        SaveDraft.do(actor, subject="food", form_id=licence.id, materials={"a": "b" * 70_000})
    with pytest.raises(InvalidInput):
        SaveDraft.do(actor, subject="", form_id=licence.id)


@pytest.mark.parametrize("value", ["坏\x00字", "\ud800", {"a": {"b": 1}}, [[["x"]]], 10**400, float("nan"), True])
def test_whatever_a_program_sends_can_be_stored(actor: Actor, licence: CompiledForm, value: Any) -> None:
    draft = save(actor, licence, remark=value, mobile=value, staff=[{"staff_name": value}], site=value, sex=value)
    draft.refresh_from_db()
    draft_answers(licence, draft)


def test_a_list_of_drafts_costs_one_statement(
    actor: Actor, licence: CompiledForm, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        save(actor, licence, remark=f"第{number}稿")
    with django_assert_num_queries(1):
        assert [draft.progress for draft in queries.drafts(actor).items] == [0, 0, 0]
