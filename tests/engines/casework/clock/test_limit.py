"""Limits as offices write them."""

from __future__ import annotations

import pytest

from shuzheng.engines.casework.clock import Unit, parse_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("20(工作日)", (20, Unit.WORKING_DAY)),
        ("20（工作日）", (20, Unit.WORKING_DAY)),
        ("5个工作日", (5, Unit.WORKING_DAY)),
        ("5 个工作日内", (5, Unit.WORKING_DAY)),
        ("自受理之日起20个工作日内", (20, Unit.WORKING_DAY)),
        ("二十个工作日", (20, Unit.WORKING_DAY)),
        ("60天", (60, Unit.CALENDAR_DAY)),
        ("91(自然日)", (91, Unit.CALENDAR_DAY)),
        ("一百二十天", (120, Unit.CALENDAR_DAY)),
        ("2周", (14, Unit.CALENDAR_DAY)),
        ("3个月", (3, Unit.MONTH)),
        ("3(月)", (3, Unit.MONTH)),
        ("三个月内", (3, Unit.MONTH)),
        ("1年", (12, Unit.MONTH)),
        ("两年以内", (24, Unit.MONTH)),
        ("半年", (6, Unit.MONTH)),
        ("24小时以内", (24, Unit.HOUR)),
        ("2个工作小时", (2, Unit.WORKING_HOUR)),
        ("即办", (1, Unit.WORKING_HOUR)),
        ("当场", (1, Unit.WORKING_HOUR)),
        ("当场办结", (1, Unit.WORKING_HOUR)),
        ("立等可取", (1, Unit.WORKING_HOUR)),
        ("0(工作日)", (1, Unit.WORKING_HOUR)),
        ("无", None),
        ("", None),
        ("尽快", None),
        ("半个月", None),
        ("十百天", None),
        ("三月三日", None),
    ],
)
def test_limits_are_read_as_offices_write_them(text: str, limit: tuple[int, Unit] | None) -> None:
    assert parse_limit(text) == limit
