"""How many processes a service should have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.resources.scaling import CALM, Decision, Policy, Readings, decide

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
POLICY = Policy(least=1, most=4, queue_seconds=30, slow_burn=6, calm_minutes=15)
seconds = st.floats(0, 10_000)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    least = draw(st.integers(1, 20))
    return Policy(least=least, most=draw(st.integers(least, 40)), calm_minutes=draw(st.integers(1, 60)))


def play(policy: Policy, loads: list[float]) -> list[Decision]:
    """Decide once a minute, each time on what the last decision left."""
    decided: list[Decision] = []
    processes, calm = policy.least, None
    for minute, load in enumerate(loads):
        at = START + timedelta(minutes=minute)
        decided.append(decide(policy, Readings(at=at, processes=processes, queue_seconds=load, calm_since=calm)))
        processes, calm = decided[-1].wanted, decided[-1].calm_since
    return decided


@given(policies(), st.integers(0, 100), seconds, seconds)
def test_a_decision_is_never_outside_the_bounds(policy: Policy, processes: int, queue: float, slow: float) -> None:
    decision = decide(policy, Readings(at=START, processes=processes, queue_seconds=queue, slow_burn=slow))
    assert policy.least <= decision.wanted <= policy.most
    assert decision.reason


@given(policies(), st.lists(seconds, min_size=1, max_size=120))
def test_it_does_not_flap(policy: Policy, loads: list[float]) -> None:
    """Between growing and giving one up lie at least the minutes of calm, whatever the load does."""
    last_pressed = -policy.calm_minutes
    for minute, (load, decision) in enumerate(zip(loads, play(policy, loads), strict=True)):
        if decision.move == "shrink":
            assert minute - last_pressed > policy.calm_minutes - 1
        if load / policy.queue_seconds > CALM:
            last_pressed = minute


@given(policies(), st.floats(15.1, 30), st.integers(1, 20))
def test_a_steady_load_near_the_limit_changes_nothing(policy: Policy, load: float, processes: int) -> None:
    held = min(max(processes, policy.least), policy.most)
    assert decide(policy, Readings(at=START, processes=processes, queue_seconds=load)).wanted == held


@given(policies(), seconds, seconds)
def test_more_waiting_never_asks_for_fewer_processes(policy: Policy, one: float, other: float) -> None:
    low, high = sorted((one, other))
    calmer = decide(policy, Readings(at=START, processes=policy.least, queue_seconds=low))
    assert decide(policy, Readings(at=START, processes=policy.least, queue_seconds=high)).wanted >= calmer.wanted


def test_a_queue_that_waits_gets_help_at_once_and_a_reason() -> None:
    decision = decide(POLICY, Readings(at=START, processes=1, queue_seconds=90))
    assert (decision.wanted, decision.move) == (2, "grow")
    assert decision.reason == "最早的任务已等待 90 秒，超过 30 秒，增加到 2 个进程。"


def test_slow_answers_get_help_too() -> None:
    decision = decide(POLICY, Readings(at=START, processes=2, slow_burn=9))
    assert (decision.wanted, decision.move) == (3, "grow")
    assert "9.0 倍" in decision.reason


def test_after_the_calm_one_process_after_the_other_is_given_up() -> None:
    moves = [decision.wanted for decision in play(POLICY, [300, 300, *[0] * 32])]
    assert moves[:2] == [2, 4]
    assert moves[-1] == 2
    assert moves.count(3) == 15
