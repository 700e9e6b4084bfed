"""Actions: permission, then validation, then one transaction with audit, events and jobs; all or nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import new_class
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.action import Action, AssuranceTooLow, BadKey, KeyReused, actions, perform_action
from shuzheng.kernel.actor import ANYBODY, Actor
from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted, SignInRequired
from shuzheng.kernel.event import subscribe, subscribers
from shuzheng.kernel.input import Input
from shuzheng.kernel.models import EventRecord, IdempotencyRecord, PackRelease
from shuzheng.kernel.refusals import MOST, worth_recording
from shuzheng.kernel.registry import DuplicateName, UnknownName
from tests.kernel.trial import GANZHOU, JIUJIANG, Keep, KeepMany, Kept, Wave, a_party, follow_up, somebody


def kept() -> list[str]:
    return sorted(PackRelease.objects.values_list("code", flat=True))


def traces(actor: Actor) -> dict[str, int]:
    """Return how many rows of each sort the actions of one request left behind."""
    return {
        "audit": AuditRecord.objects.filter(correlation_id=actor.correlation_id, result="done").count(),
        "events": EventRecord.objects.filter(correlation_id=actor.correlation_id).count(),
        "jobs": ProcrastinateJob.objects.filter(task_name="trial.follow_up").count(),
    }


def refusals(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    found = AuditRecord.objects.filter(correlation_id=actor.correlation_id, result="refused")
    return [(record.name, record.detail) for record in found]


@pytest.mark.django_db
class TestOneAction:
    """What one action leaves behind, and what it refuses."""

    def test_leaves_its_row_audit_event_and_job(self) -> None:
        actor = somebody()
        row = Keep.do(actor, code="a", division=GANZHOU)
        record = AuditRecord.objects.get(correlation_id=actor.correlation_id)
        assert (record.name, record.subject_id, str(record.division)) == ("trial.keep", str(row.pk), GANZHOU)
        assert record.detail == {"code": "a"}
        event = EventRecord.objects.get(correlation_id=actor.correlation_id)
        assert (event.type, event.subject, event.data) == ("trial.kept", str(row.pk), {"code": "a"})
        assert ProcrastinateJob.objects.get(task_name="trial.follow_up").args == {"code": "a"}

    def test_asks_for_the_permission_before_it_looks_at_the_input(self) -> None:
        with pytest.raises(SignInRequired):
            Keep.do(ANYBODY, {"nonsense": 1})
        with pytest.raises(NotPermitted):
            Keep.do(somebody(held=False), {"nonsense": 1})
        with pytest.raises(InvalidInput) as raised:
            Keep.do(somebody(), {"nonsense": 1})
        assert {problem.path for problem in raised.value.errors} == {"code", "nonsense"}
        assert kept() == []

    def test_asks_for_the_permission_in_the_division_concerned(self) -> None:
        actor = somebody(scope=GANZHOU)
        Keep.do(actor, code="a", division=f"{GANZHOU}.360702")
        with pytest.raises(NotPermitted):
            Keep.do(actor, code="b", division=JIUJIANG)
        assert kept() == ["a"]

    def test_records_every_refusal_and_nothing_else_of_it(self) -> None:
        for actor in (somebody(held=False), somebody(scope=GANZHOU), somebody()):
            with pytest.raises(NotPermitted):
                Keep.do(actor, code="secret", division=JIUJIANG)
            assert refusals(actor) == [("trial.keep", {"code": "not-permitted"})]
        assert kept() == []

    def test_asks_for_the_assurance_it_needs(self) -> None:
        actor = somebody(assurance=1)
        with pytest.raises(AssuranceTooLow):
            KeepMany.do(actor, code="a")
        assert refusals(actor) == [("trial.keep_many", {"code": "assurance-too-low"})]

    def test_may_be_open_to_anybody_and_return_nothing(self) -> None:
        assert Wave.do(ANYBODY) is None

    def test_is_found_by_its_name(self) -> None:
        assert perform_action("trial.keep", somebody(), {"code": "a"}).code == "a"
        with pytest.raises(UnknownName, match=r"did you mean 'trial\.keep'"):
            perform_action("trial.kep", somebody(), {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
class TestAllOrNothing:
    """What happens when the work fails after everything was written."""

    @pytest.mark.parametrize(("end", "error"), [("conflict", Conflict), ("defect", RuntimeError)])
    def test_nothing_stays_when_the_work_fails_at_its_end(self, end: str, error: type[Exception]) -> None:
        actor = somebody()
        with pytest.raises(error):
            Keep.do(actor, code="a", inner=["b"], end=end, key="once")
        assert traces(actor) == {"audit": 0, "events": 0, "jobs": 0}
        assert not IdempotencyRecord.objects.exists()
        assert kept() == []

    def test_after_a_failure_the_same_key_may_be_used_again(self) -> None:
        actor = somebody()
        for _attempt in range(2):
            with pytest.raises(Conflict):
                Keep.do(actor, code="a", end="conflict", key="once")
        assert kept() == []

    def test_nested_actions_share_the_transaction_and_each_has_its_own_record(self) -> None:
        actor = somebody(assurance=2)
        assert KeepMany.do(actor, code="a", inner=["b", "c"]).codes == ["a", "b", "c"]
        assert kept() == ["a", "b", "c"]
        assert traces(actor) == {"audit": 4, "events": 3, "jobs": 3}

    def test_records_only_so_many_refusals_of_strangers_and_how_many_it_left_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stranger = replace(ANYBODY, address="203.0.113.9", correlation_id="flood")
        for _ in range(MOST + 5):
            with pytest.raises(SignInRequired):
                Keep.do(stranger, {})
        assert len(refusals(stranger)) == MOST
        with pytest.raises(SignInRequired):
            Keep.do(replace(stranger, address="203.0.113.10"), {})
        assert len(refusals(stranger)) == MOST + 1
        monkeypatch.setattr("shuzheng.kernel.refusals.WINDOW", 0.0)
        with pytest.raises(SignInRequired):
            Keep.do(stranger, {})
        assert ("trial.keep", {"code": "sign-in-required", "left_out": 5}) in refusals(stranger)

    def test_strangers_of_one_network_share_their_bound_and_memory_stays_bounded(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counted = [worth_recording(f"2001:db8:1:2::{n:x}") for n in range(MOST + 1)]
        assert counted == [0] * MOST + [None]
        monkeypatch.setattr("shuzheng.kernel.refusals.ADDRESSES", 2)
        for n in range(5):
            assert worth_recording(f"198.51.100.{n}") == 0
        assert worth_recording("2001:db8:1:2::1") == 0

    def test_a_refusal_inside_undoes_the_outer_action_and_is_recorded_once(self) -> None:
        actor = somebody(assurance=2)
        with pytest.raises(NotPermitted):
            KeepMany.do(actor, code="a", inner=["secret"])
        assert kept() == []
        assert refusals(actor) == [("trial.keep_many", {"code": "not-permitted"})]
        assert traces(actor) == {"audit": 0, "events": 0, "jobs": 0}


@pytest.mark.django_db
class TestIdempotency:
    """A key makes a repetition return the first result."""

    def test_a_repetition_returns_the_first_row_and_leaves_no_second_trace(self) -> None:
        actor = somebody()
        first, again = (Keep.do(actor, code="a", key="once") for _ in range(2))
        assert first == again
        assert traces(actor) == {"audit": 1, "events": 1, "jobs": 1}

    def test_a_result_that_is_no_row_and_no_result_at_all_are_recalled(self) -> None:
        actor = somebody(assurance=2)
        assert KeepMany.do(actor, code="a", key="k") == KeepMany.do(actor, code="a", key="k") == Kept(codes=["a"])
        assert Wave.do(actor, key="k") is Wave.do(actor, key="k") is None
        assert kept() == ["a"]

    def test_the_same_key_for_something_else_is_refused(self) -> None:
        actor = somebody()
        Keep.do(actor, code="a", key="once")
        with pytest.raises(KeyReused):
            Keep.do(actor, code="b", key="once")
        assert kept() == ["a"]

    def test_the_same_key_on_behalf_of_somebody_else_is_refused(self) -> None:
        actor = somebody(party=a_party("王桂英"))
        Keep.do(actor, code="a", key="once")
        other = somebody(account_id=actor.account_id, party=a_party("李梅"))
        with pytest.raises(KeyReused):
            Keep.do(other, code="a", key="once")

    def test_another_account_and_another_action_may_use_the_same_key(self) -> None:
        actor = somebody(assurance=2)
        Keep.do(actor, code="a", key="once")
        KeepMany.do(actor, code="a", key="once")
        Keep.do(somebody(), code="a", key="once")
        assert kept() == ["a", "a", "a"]

    def test_an_empty_key_is_no_key(self) -> None:
        actor = somebody()
        Keep.do(actor, code="a", key="")
        Keep.do(actor, code="b", key="")
        assert kept() == ["a", "b"]

    @pytest.mark.parametrize("key", ["x" * 201, "a\x00b", "a\nb"])
    def test_a_key_that_cannot_be_kept_is_refused(self, key: str) -> None:
        with pytest.raises(BadKey):
            Keep.do(somebody(), code="a", key=key)

    def test_a_first_result_that_was_deleted_since_is_not_found(self) -> None:
        actor = somebody()
        Keep.do(actor, code="a", key="once").delete()
        with pytest.raises(NotFound):
            Keep.do(actor, code="a", key="once")
        assert kept() == []

    def test_somebody_may_ask_what_became_of_a_key(self) -> None:
        actor = somebody()
        assert Keep.done_before(actor, "once") is None
        row = Keep.do(actor, code="a", key="once")
        assert Keep.done_before(actor, "once") == row
        assert Keep.done_before(somebody(), "once") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_of_many_requests_at_once_with_one_key_one_does_the_work() -> None:
    actor = somebody()
    start, results = threading.Barrier(6), []

    def press() -> None:
        start.wait(10)
        results.append(Keep.do(actor, code="a", key="double-click").pk)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert len(set(results)) == 1
    assert kept() == ["a"]
    assert traces(actor) == {"audit": 1, "events": 1, "jobs": 1}


def test_two_actions_of_one_name_are_refused_at_start_up() -> None:
    with pytest.raises(DuplicateName, match=r"trial\.keep"):
        new_class("Again", (Action[Input, None],), exec_body=lambda body: body.update(name="trial.keep"))
    assert actions()["trial.keep"] is Keep


def test_an_action_knows_its_input_and_output_from_its_declaration() -> None:
    assert (KeepMany.input.__name__, KeepMany.output) == ("KeepInput", Kept)


@pytest.mark.django_db
def test_an_events_subscribers_are_queued_with_the_commit_once_each() -> None:
    for _twice in range(2):
        subscribe("trial.kept", follow_up)
    try:
        row = Keep.do(somebody(), code="a")
    finally:
        subscribers("trial.kept").clear()
    jobs = ProcrastinateJob.objects.filter(task_name=follow_up.name)
    followed = [job.args["event"] for job in jobs if "event" in job.args]
    assert [(event["type"], event["subject"], event["data"]) for event in followed] == [
        ("trial.kept", str(row.pk), {"code": "a"})
    ]
    assert {"specversion", "id", "source", "time", "datacontenttype"} <= followed[0].keys()
    assert subscribers("trial.unknown") == []
