"""Connected applications: applied for, reviewed by two, tried, put online, limited, stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from shuzheng.engines.identity import jobs
from shuzheng.engines.identity.applications.actions import (
    AmendApplication,
    ApplyForConnection,
    ApproveApplication,
    AskCapability,
    IssueCredential,
    PauseApplication,
    PutOnline,
    RecordTrial,
    RemindOfExpiry,
    ResumeApplication,
    RetireApplication,
    ReturnApplication,
    RevokeCredential,
    SetLimits,
    WithdrawCapability,
)
from shuzheng.engines.identity.applications.errors import (
    BadPublicKey,
    CodeTaken,
    LimitExceeded,
    NoSuchCapability,
    NothingToReview,
    NotInForce,
    NotInState,
    NotTried,
    SamePerson,
    TooManyCredentials,
    WouldLoosen,
)
from shuzheng.engines.identity.models import (
    Application,
    ApplicationCapability,
    ApplicationCredential,
    ApplicationEvent,
    OrgUnit,
)
from shuzheng.engines.trust.actions import ConfirmEvidence, RecordEvidence
from shuzheng.engines.trust.models import AuditRecord, LedgerEntry
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import at, now, today
from shuzheng.kernel.policy import SIGNED_IN, may
from shuzheng.testing.applications import (
    a_connected_application,
    a_reviewer,
    a_wish,
    an_application,
    the_capability,
)
from shuzheng.testing.identity import a_role, a_unit, actor_of_officer, an_officer

SYSTEM = Actor.system("test")
State = Application.State
DIGEST = "ab" * 32
pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db: None) -> OrgUnit:
    """A bureau with systems."""
    return a_unit("water-resources", name="章贡区水利局")


@pytest.fixture
def officer(unit: OrgUnit) -> Actor:
    """The bureau's officer for connections."""
    role = a_role("connecting", ["identity.apply_connection"])
    return actor_of_officer(an_officer("周联", unit=unit, roles=[role], scope=str(unit.division_path)))


def asked(officer: Actor, unit: OrgUnit, **changed: Any) -> dict[str, Any]:
    """Return an application as its form gives it."""
    from shuzheng.engines.identity.models import Officer

    given = {
        "code": "flood",
        "name": "防汛指挥系统",
        "unit_id": unit.pk,
        "contact": Officer.objects.get(pk=officer.officer_id).number,
        "purpose": "汛情通知与存证",
        "capabilities": [a_wish("evidence", things=["flood-record"], per_day=3)],
    }
    return {**given, **changed}


def test_a_system_is_applied_for_reviewed_by_two_tried_and_put_online(officer: Actor, unit: OrgUnit) -> None:
    made = ApplyForConnection.do(officer, asked(officer, unit))
    assert (made.state, made.approvals_left) == (State.APPLIED, 2)
    with pytest.raises(NotInState):
        IssueCredential.do(officer, application_id=made.pk)
    first, second = a_reviewer(), a_reviewer()
    half = ApproveApplication.do(first, application_id=made.pk, remark="同意")
    assert (half.state, half.approvals_left) == (State.APPLIED, 1)
    with pytest.raises(SamePerson):
        ApproveApplication.do(first, application_id=made.pk)
    assert ApproveApplication.do(second, application_id=made.pk).state == State.TESTING

    with pytest.raises(NotTried, match="签名自检、存证、没有有效的密钥"):
        PutOnline.do(second, application_id=made.pk)
    IssueCredential.do(officer, application_id=made.pk)
    for tried in ("signature", "evidence"):
        RecordTrial.do(SYSTEM, application_id=made.pk, capability=tried, passed=True, finding="")
    assert PutOnline.do(second, application_id=made.pk).state == State.ONLINE
    told = list(ApplicationEvent.objects.filter(application=made).order_by("at").values_list("title", flat=True))
    assert told == ["申请接入", "审核通过", "审核通过", "签发凭证", "上线"]
    assert AuditRecord.objects.filter(name="identity.put_online", subject_id=str(made.pk)).exists()


def test_who_applies_or_is_the_contact_does_not_approve(officer: Actor, unit: OrgUnit) -> None:
    both = replace(officer, grants=officer.grants | {Grant("identity.review_connection")})
    made = ApplyForConnection.do(both, asked(officer, unit))
    with pytest.raises(SamePerson):
        ApproveApplication.do(both, application_id=made.pk)
    with pytest.raises(SamePerson):
        ReturnApplication.do(both, application_id=made.pk, remark="不行")
    with pytest.raises(NotPermitted):
        ApproveApplication.do(SYSTEM, application_id=made.pk)


def amended(application: Application, officer: Actor, unit: OrgUnit) -> dict[str, Any]:
    """Return what a colleague hands in again."""
    given = {name: value for name, value in asked(officer, unit).items() if name not in ("code", "unit_id")}
    return {**given, "application_id": application.pk}


def a_colleague(unit: OrgUnit) -> Actor:
    """Return another officer of the bureau for connections, who may review too."""
    role = a_role("both", ["identity.apply_connection", "identity.review_connection"])
    return actor_of_officer(an_officer("吴联", unit=unit, roles=[role], scope=str(unit.division_path)))


def test_who_applied_first_does_not_review_what_a_colleague_amended(officer: Actor, unit: OrgUnit) -> None:
    colleague, other = a_colleague(unit), a_reviewer()
    made = ApplyForConnection.do(colleague, asked(officer, unit))
    ApproveApplication.do(other, application_id=made.pk)
    AmendApplication.do(officer, amended(made, officer, unit))
    for act in (ApproveApplication, ReturnApplication):
        with pytest.raises(SamePerson):
            act.do(colleague, application_id=made.pk, remark="同意")
    assert ApproveApplication.do(other, application_id=made.pk).approvals_left == 1


def test_who_asked_for_something_decided_long_ago_reviews_the_next_wish(officer: Actor, unit: OrgUnit) -> None:
    colleague = a_colleague(unit)
    made = ApplyForConnection.do(colleague, asked(officer, unit))
    for _round in range(2):
        ApproveApplication.do(a_reviewer(), application_id=made.pk)
    AskCapability.do(officer, application_id=made.pk, **a_wish("licences"))
    assert ApproveApplication.do(colleague, application_id=made.pk).approvals_left == 1


@pytest.mark.parametrize("looser", [{"per_day": None}, {"per_day": 4}, {"per_second": 11}, {"valid_to": "9999-12-31"}])
def test_limits_are_only_tightened_without_review(unit: OrgUnit, looser: dict[str, Any]) -> None:
    made = a_connected_application("flood", unit=unit, evidence={"per_day": 3}).application
    held = the_capability(made, "evidence")
    same = {"capability_id": held.pk, "per_second": 10, "per_day": 3, "valid_to": held.valid_to}
    with pytest.raises(WouldLoosen):
        SetLimits.do(a_reviewer(), {**same, **looser})
    assert SetLimits.do(a_reviewer(), {**same, "per_second": 1, "per_day": 1, "valid_to": today()}).per_day == 1


def test_limits_of_what_waits_for_review_or_was_withdrawn_stay(unit: OrgUnit) -> None:
    made = an_application("flood", unit=unit, evidence={})
    ApproveApplication.do(a_reviewer(), application_id=made.pk)
    held = the_capability(made, "evidence")
    given = {"capability_id": held.pk, "per_second": 1, "per_day": 1, "valid_to": held.valid_to}
    with pytest.raises(NotInForce):
        SetLimits.do(a_reviewer(), given)
    ApproveApplication.do(a_reviewer(), application_id=made.pk)
    WithdrawCapability.do(SYSTEM, capability_id=held.pk)
    with pytest.raises(NotInForce):
        SetLimits.do(a_reviewer(), given)


def test_a_system_that_only_tries_needs_one_approval_unless_it_wants_to_seal(officer: Actor, unit: OrgUnit) -> None:
    tries = ApplyForConnection.do(officer, asked(officer, unit, environment="test"))
    assert tries.approvals_left == 1
    seals = asked(officer, unit, environment="test", code="seals", capabilities=[a_wish("stamp")])
    assert ApplyForConnection.do(officer, seals).approvals_left == 2
    ApproveApplication.do(a_reviewer(), application_id=tries.pk)
    with pytest.raises(NotTried, match="须先申请转为生产"):
        PutOnline.do(a_reviewer(), application_id=tries.pk)
    given = {k: v for k, v in asked(officer, unit).items() if k not in ("code", "unit_id")}
    again = AmendApplication.do(officer, {**given, "application_id": tries.pk})
    assert (again.state, again.approvals_left, again.environment) == (State.APPLIED, 2, "production")


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_both_count_and_a_third_comes_too_late() -> None:
    made = an_application("flood", evidence={})
    reviewers, outcomes, start = [a_reviewer() for _ in range(3)], list[str](), Barrier(3)

    def approve(reviewer: Actor) -> None:
        start.wait()
        try:
            ApproveApplication.do(reviewer, application_id=made.pk)
            outcomes.append("approved")
        except NothingToReview:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [Thread(target=approve, args=(reviewer,)) for reviewer in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["approved", "approved", "late"]
    made.refresh_from_db()
    assert (made.state, made.approvals_left) == (State.TESTING, 0)


def test_what_is_returned_is_mended_and_handed_in_again(officer: Actor, unit: OrgUnit) -> None:
    made = ApplyForConnection.do(officer, asked(officer, unit))
    ReturnApplication.do(a_reviewer(), application_id=made.pk, remark="请写明用途")
    made.refresh_from_db()
    assert made.state == State.RETURNED
    given = {
        k: v for k, v in asked(officer, unit, purpose="汛情存证，供应急局核验").items() if k not in ("code", "unit_id")
    }
    assert AmendApplication.do(officer, {**given, "application_id": made.pk}).state == State.APPLIED
    assert ApplicationCapability.objects.filter(application=made, withdrawn_at=None).count() == 1


def test_a_capability_that_is_unticked_is_asked_for_no_more(officer: Actor, unit: OrgUnit) -> None:
    both = [a_wish("evidence"), a_wish("stamp")]
    made = ApplyForConnection.do(officer, asked(officer, unit, environment="test", capabilities=both))
    facts = asked(officer, unit, environment="test")
    given = {k: v for k, v in facts.items() if k not in ("code", "unit_id", "capabilities")}
    same = AmendApplication.do(officer, {**given, "application_id": made.pk})
    waiting = ApplicationCapability.objects.filter(application=made, withdrawn_at=None)
    assert (same.approvals_left, waiting.count()) == (2, 2)
    less = AmendApplication.do(officer, {**given, "application_id": made.pk, "capabilities": [a_wish("evidence")]})
    assert less.approvals_left == 1
    ApproveApplication.do(a_reviewer(), application_id=made.pk)
    assert list(waiting.values_list("capability", flat=True)) == ["evidence"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "Flood Control"}, InvalidInput),
        ({"contact": "nobody"}, InvalidInput),
        ({"networks": ["10.36.7.0/99"]}, InvalidInput),
        ({"capabilities": []}, InvalidInput),
        ({"capabilities": [a_wish("fly")]}, NoSuchCapability),
        ({"capabilities": [a_wish("notices")]}, NoSuchCapability),
        ({"capabilities": [a_wish("notices", things=["no-such-template"])]}, NoSuchCapability),
        ({"capabilities": [a_wish("evidence"), a_wish("evidence")]}, NoSuchCapability),
        ({"capabilities": [a_wish("evidence", valid_to="2020-01-01")]}, InvalidInput),
        ({"capabilities": [a_wish("evidence", per_second=0)]}, InvalidInput),
    ],
)
def test_strange_applications_are_refused_with_the_reason(
    officer: Actor, unit: OrgUnit, changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ApplyForConnection.do(officer, asked(officer, unit, **changed))
    assert not Application.objects.exists()


def test_a_code_belongs_to_one_application(officer: Actor, unit: OrgUnit) -> None:
    ApplyForConnection.do(officer, asked(officer, unit))
    with pytest.raises(CodeTaken):
        ApplyForConnection.do(officer, asked(officer, unit))


def test_another_bureaus_officer_touches_nothing(officer: Actor, unit: OrgUnit) -> None:
    theirs = a_connected_application("tax", evidence={}).application
    key = ApplicationCredential.objects.get(application=theirs)
    for attempt in (
        lambda: IssueCredential.do(officer, application_id=theirs.pk),
        lambda: RevokeCredential.do(officer, credential_id=key.pk),
        lambda: PauseApplication.do(officer, application_id=theirs.pk, reason="试试"),
        lambda: RetireApplication.do(officer, application_id=theirs.pk, reason="试试"),
        lambda: AskCapability.do(officer, application_id=theirs.pk, **a_wish("licences")),
        lambda: WithdrawCapability.do(officer, capability_id=the_capability(theirs, "evidence").pk),
        lambda: PutOnline.do(officer, application_id=theirs.pk),
        lambda: SetLimits.do(
            officer, capability_id=the_capability(theirs, "evidence").pk, per_second=1, valid_to=today()
        ),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_keys_are_rotated_with_an_overlap_and_are_bounded(officer: Actor, unit: OrgUnit) -> None:
    made = a_connected_application("flood", unit=unit, evidence={}).application
    issued = IssueCredential.do(officer, application_id=made.pk, others_end_in=24)
    assert len(issued.secret) >= 40
    assert IssueCredential.summarise(issued)["secret"] == ""
    old = ApplicationCredential.objects.exclude(pk=issued.id).get()
    assert old.standing == "live"
    with at(now() + timedelta(hours=25)):
        assert old.standing == "expired"
    with pytest.raises(BadPublicKey):
        IssueCredential.do(officer, application_id=made.pk, kind="ed25519", public_key="nonsense")
    for _ in range(3):
        IssueCredential.do(officer, application_id=made.pk)
    with pytest.raises(TooManyCredentials):
        IssueCredential.do(officer, application_id=made.pk)
    RevokeCredential.do(officer, credential_id=issued.id, reason="泄露")
    assert ApplicationCredential.objects.get(pk=issued.id).standing == "revoked"


def test_a_change_of_a_capability_waits_for_two_while_the_old_one_holds(officer: Actor, unit: OrgUnit) -> None:
    made = a_connected_application("flood", unit=unit, evidence={"things": ["a"]}).application
    AskCapability.do(officer, application_id=made.pk, **a_wish("evidence", things=["a", "b"]))
    made.refresh_from_db()
    assert (made.state, made.approvals_left) == (State.ONLINE, 2)
    held = ApplicationCapability.objects.filter(application=made, withdrawn_at=None, approved_at__isnull=False)
    assert held.get().things == ["a"]
    ReturnApplication.do(a_reviewer(), application_id=made.pk, remark="不需要")
    assert ApplicationCapability.objects.filter(application=made, withdrawn_at=None).get().things == ["a"]
    AskCapability.do(officer, application_id=made.pk, **a_wish("evidence", things=["a", "b"]))
    for _round in range(2):
        ApproveApplication.do(a_reviewer(), application_id=made.pk)
    assert held.get().things == ["a", "b"]
    made.refresh_from_db()
    assert made.state == State.ONLINE


def test_pausing_resuming_and_ending(officer: Actor, unit: OrgUnit) -> None:
    connected = a_connected_application("flood", unit=unit, evidence={})
    PauseApplication.do(officer, application_id=connected.application.pk, reason="升级")
    assert not may(connected.actor, "trust.record_evidence")
    with pytest.raises(NotPermitted):
        ResumeApplication.do(officer, application_id=connected.application.pk)
    ResumeApplication.do(a_reviewer(), application_id=connected.application.pk)
    assert may(connected.actor, "trust.record_evidence")
    RetireApplication.do(officer, application_id=connected.application.pk, reason="停用")
    assert not ApplicationCredential.objects.filter(revoked_at=None).exists()
    with pytest.raises(NotInState):
        ResumeApplication.do(a_reviewer(), application_id=connected.application.pk)


def test_an_application_may_what_it_was_granted_and_is_no_person(unit: OrgUnit) -> None:
    actor = a_connected_application("flood", unit=unit, evidence={"things": ["flood-record"]}).actor
    assert may(actor, "trust.record_evidence", str(unit.division_path))
    assert not may(actor, "trust.record_evidence", "36.3601")
    assert not may(actor, SIGNED_IN)
    assert not may(actor, "messaging.submit_notices")
    with at(now() + timedelta(days=91)):
        assert not may(a_connected_application_again("flood"), "trust.record_evidence")


def a_connected_application_again(code: str) -> Actor:
    """Return an application as it acts now."""
    from shuzheng.engines.identity.applications.authentication import actor_of

    return actor_of(Application.objects.get(code=code))


def test_evidence_is_deposited_in_ones_own_name_within_kinds_and_days(unit: OrgUnit) -> None:
    actor = a_connected_application("flood", unit=unit, evidence={"things": ["flood-record"], "per_day": 2}).actor
    given = {"digest": DIGEST, "kind": "flood-record", "label": "2026-1"}
    made = RecordEvidence.do(actor, given)
    assert LedgerEntry.objects.get(pk=made.entry_id).content["application"] == "flood"
    with pytest.raises(NotPermitted):
        RecordEvidence.do(actor, {**given, "kind": "contract"})
    with pytest.raises(NotPermitted):
        RecordEvidence.do(actor, {**given, "application": "tax"})
    with pytest.raises(InvalidInput):
        RecordEvidence.do(SYSTEM, given)
    with pytest.raises(NotFound):
        RecordEvidence.do(actor, {**given, "follows": new_id()})
    RecordEvidence.do(actor, {**given, "label": "2026-2"})
    with pytest.raises(LimitExceeded) as spent:
        RecordEvidence.do(actor, {**given, "label": "2026-3"})
    assert 0 < (spent.value.retry_after or 0) <= 86400
    with at(now() + timedelta(days=1)):
        RecordEvidence.do(actor, {**given, "label": "2026-3"})
    other = a_connected_application("bank", unit=unit, evidence={}).actor
    assert ConfirmEvidence.do(other, entry_id=made.entry_id).entry_id


def test_what_failed_costs_nothing_of_the_day(unit: OrgUnit) -> None:
    actor = a_connected_application("flood", unit=unit, evidence={"per_day": 1}).actor
    given = {"digest": DIGEST, "label": "2026-1"}
    with pytest.raises(NotFound):
        RecordEvidence.do(actor, {**given, "follows": new_id()})
    RecordEvidence.do(actor, given)


@pytest.mark.django_db(transaction=True)
def test_the_day_is_counted_at_the_end_so_that_long_work_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two act at once, each waiting in the midst of its work until the other is there too; of the last unit one gets it."""
    connected = a_connected_application("flood", evidence={"per_day": 3, "per_second": 100})
    actor, meeting, outcomes = connected.actor, Barrier(2), list[str]()
    perform = RecordEvidence.perform

    def slow(self: RecordEvidence, actor: Actor, given: Any) -> Any:
        done = perform(self, actor, given)
        meeting.wait(timeout=10)
        return done

    def record(label: str) -> None:
        try:
            RecordEvidence.do(actor, digest=DIGEST, label=label)
            outcomes.append("recorded")
        except LimitExceeded:
            outcomes.append("spent")
        finally:
            connection.close()

    monkeypatch.setattr(RecordEvidence, "perform", slow)
    for _round in range(2):
        threads = [Thread(target=record, args=(f"{_round}-{number}",)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert sorted(outcomes) == ["recorded", "recorded", "recorded", "spent"]
    with pytest.raises(LimitExceeded):  # before any work, or it would wait in vain
        RecordEvidence.do(actor, digest=DIGEST, label="2-0")


def test_keys_that_end_soon_are_announced_at_each_step_once(unit: OrgUnit) -> None:
    a_connected_application("flood", unit=unit, evidence={})
    ApplicationCredential.objects.update(valid_to=now() + timedelta(days=29))
    assert RemindOfExpiry.do(SYSTEM, {}).count == 1
    assert RemindOfExpiry.do(SYSTEM, {}).count == 0
    with at(now() + timedelta(days=23)):
        assert RemindOfExpiry.do(SYSTEM, {}).count == 1
        assert RemindOfExpiry.do(SYSTEM, {}).count == 0
    with at(now() + timedelta(days=28)):
        jobs.remind_of_expiry()
    with at(now() + timedelta(days=40)):
        assert RemindOfExpiry.do(SYSTEM, {}).count == 0
