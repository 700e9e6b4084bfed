"""Shares, budgets and burn rates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.resources import objectives
from shuzheng.engines.resources.definitions import FAST, Objective
from shuzheng.engines.resources.objectives import Burn
from shuzheng.kernel.outcomes import BOUNDS, Count

AVAILABLE = Objective(code="available", title="正常应答", target=0.999)
FAST_ENOUGH = Objective(code="fast", title="1 秒内应答", target=0.99, within=1)
counts = st.builds(
    lambda buckets, bad: Count(max(sum(buckets) - bad, 0), sum(buckets), buckets),
    st.lists(st.integers(0, 1000), min_size=len(BOUNDS) + 1, max_size=len(BOUNDS) + 1),
    st.integers(0, 100),
)


@given(st.lists(counts, max_size=6))
def test_counts_add_up_in_any_order(found: list[Count]) -> None:
    assert objectives.total(found) == objectives.total(reversed(found))
    assert objectives.total(found).total == sum(count.total for count in found)


@given(counts)
def test_a_share_is_a_share_and_a_budget_is_never_more_than_whole(count: Count) -> None:
    for objective in (AVAILABLE, FAST_ENOUGH):
        share = objectives.share(objective, count)
        assert share is None or 0 <= share <= 1
        assert objectives.budget_left(objective, count) <= 1
        assert objectives.burn(objective, count) >= 0


def test_one_failure_in_a_thousand_spends_the_whole_budget_of_three_nines() -> None:
    assert objectives.budget_left(AVAILABLE, Count(999, 1000)) == pytest.approx(0)
    assert objectives.burn(AVAILABLE, Count(985, 1000)) == pytest.approx(15)


def test_an_answer_in_just_a_second_is_in_time_and_a_later_one_is_not() -> None:
    in_time = Count(0, 10, [0] * 7 + [10] + [0] * 4)
    late = Count(10, 10, [0] * 8 + [10] + [0] * 3)
    assert objectives.share(FAST_ENOUGH, in_time) == 1
    assert objectives.share(FAST_ENOUGH, late) == 0


def test_nothing_is_alerted_on_a_handful_of_outcomes_or_on_what_is_over() -> None:
    assert Burn(FAST, long=20, short=20, outcomes=20).firing
    assert not Burn(FAST, long=1000, short=1000, outcomes=19).firing
    assert not Burn(FAST, long=20, short=1, outcomes=500).firing
    assert Burn(FAST, long=20, short=1, outcomes=500).over


def test_the_worst_objective_speaks_for_the_service() -> None:
    assert objectives.worst(["ok", "no-data", "page", "ticket"]) == "page"
    assert objectives.worst([]) == "no-data"
    assert objectives.state(0.5, [], seen=False) == "no-data"
    assert objectives.state(-0.1, [], seen=True) == "spent"
    assert objectives.state(-0.1, [], seen=True, enough=False) == "ok"
