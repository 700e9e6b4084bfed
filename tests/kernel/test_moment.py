"""The present time and short memories."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shuzheng.kernel import caching
from shuzheng.kernel.caching import forget_remembered, remembered
from shuzheng.kernel.moment import ZONE, at, local, now, today

EVENING = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


def test_a_day_begins_in_shanghai() -> None:
    with at(EVENING):
        assert now() == EVENING
        assert today() == date(2026, 11, 23)
        assert local(now()).hour == 1


def test_simulated_time_ends_with_its_block_and_may_be_nested() -> None:
    before = now()
    with at(EVENING):
        with at(datetime(2020, 1, 1, tzinfo=ZONE)):
            assert now() == datetime(2019, 12, 31, 16, tzinfo=UTC)
        assert now() == EVENING
    assert before <= now() != EVENING


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), at(datetime.fromisoformat("2026-11-22")):
        pass


class TestRemembering:
    """Results are kept by every argument, for so many seconds."""

    def test_a_result_is_kept_for_its_seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock, calls = [100.0], []
        monkeypatch.setattr(caching.time, "monotonic", lambda: clock[0])
        look = remembered(5)(lambda code: calls.append(code) or code.upper())
        assert [look("a"), look("a"), look("b")] == ["A", "A", "B"]
        assert calls == ["a", "b"]
        clock[0] = 105.0
        assert look("a") == "A"
        assert calls == ["a", "b", "a"]

    def test_named_arguments_count(self) -> None:
        @remembered(60)
        def add(one: int, other: int = 0) -> int:
            return one + other

        assert [add(1, other=5), add(1), add(1, other=7)] == [6, 1, 8]

    def test_forgetting_and_a_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(caching, "MOST", 2)
        calls: list[int] = []

        @remembered(60)
        def see(number: int) -> int:
            calls.append(number)
            return number

        for number in (1, 2, 3, 4, 1):
            see(number)
        assert calls == [1, 2, 3, 4, 1], "beyond the bound everything is forgotten"
        forget_remembered()
        see(1)
        assert calls[-1] == 1
        assert len(calls) == 6
