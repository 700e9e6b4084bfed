"""How a licence stands at a moment, by what was known at another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.documents.credentials.standing import FINAL, Change, standing

START = datetime(2026, 1, 1, 4, tzinfo=UTC)
FROM, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


ISSUED = Change("valid", START, START)


def test_a_licence_holds_from_its_first_day_to_the_end_of_its_last() -> None:
    assert standing([ISSUED], FROM, UNTIL, day(100)).good
    # 23:59 of the last day in Ganzhou is 15:59 UTC.
    assert standing([ISSUED], FROM, UNTIL, datetime(2026, 12, 31, 15, 59, tzinfo=UTC)).good
    assert standing([ISSUED], FROM, UNTIL, datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).state == "expired"
    early = standing([ISSUED], date(2026, 3, 1), UNTIL, day(10))
    assert (early.state, early.since and early.since.date()) == ("not_yet", date(2026, 3, 1))
    assert standing([ISSUED], FROM, None, day(100_000)).good


def test_without_a_change_it_is_being_made() -> None:
    assert standing([], FROM, UNTIL, day(1)).state == "issuing"


def test_a_hold_ends_when_it_is_resumed() -> None:
    changes = [ISSUED, Change("held", day(10), day(10), "违规"), Change("valid", day(20), day(20))]
    assert [standing(changes, FROM, UNTIL, day(n)).state for n in (9, 10, 19, 20)] == ["valid", "held", "held", "valid"]


def test_a_decision_backwards_changes_the_past_but_not_what_was_known_then() -> None:
    changes = [ISSUED, Change("revoked", day(0), day(50), "骗取许可")]
    assert standing(changes, FROM, UNTIL, day(10)).state == "revoked"
    assert standing(changes, FROM, UNTIL, day(10), known=day(49)).state == "valid"
    assert standing(changes, FROM, UNTIL, day(60)).reason == "骗取许可"


@given(
    st.lists(st.tuples(st.sampled_from(["valid", "held", "suspended"]), st.integers(0, 300)), max_size=8),
    st.integers(0, 400),
)
def test_what_has_ended_never_comes_back(changes: list[tuple[str, int]], later: int) -> None:
    history = [ISSUED, *(Change(state, day(n), day(n)) for state, n in changes), Change("revoked", day(5), day(5))]
    assert (standing(history, FROM, UNTIL, day(5 + later)).state in FINAL) is True
