"""Reading the sources of the divisions: units keep their names when codes change hands."""

from __future__ import annotations

from typing import Any

from tools.build_divisions import Change, _changes_of_year, began


def event(kind: str, old: tuple[str, str] | None, new: tuple[str, str] | None) -> dict[str, Any]:
    """Return an event as the source has it."""
    sides = [
        {"code": code + "000000", "name": name} if code else None for code, name in (old or ("", ""), new or ("", ""))
    ]
    return {"type": kind, "old": sides[0], "new": sides[1], "doc_no": None}


def rows(year: int, *events: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return (kind, old code, new code) of a year's changes."""
    return {(change.kind, change.old_code, change.new_code) for change in _changes_of_year(year, list(events))}


def test_two_units_that_swap_codes_are_renumbered_not_renamed() -> None:
    swapped = rows(
        1982,
        event("码位改派", ("360121", "新建县"), ("360121", "南昌县")),
        event("码位改派", ("360122", "南昌县"), ("360122", "新建县")),
    )
    assert swapped == {("renumbered", "360121", "360122"), ("renumbered", "360122", "360121")}


def test_a_unit_whose_new_code_was_anothers_is_not_abolished() -> None:
    found = rows(
        1982,
        event("撤销", ("362632", "南康县"), None),
        event("码位改派", ("362122", "永修县"), ("362122", "南康县")),
        event("新设", None, ("362625", "永修县")),
    )
    assert found == {("renumbered", "362632", "362122"), ("renumbered", "362122", "362625")}


def test_an_abolished_county_that_a_new_district_replaces_became_it() -> None:
    found = rows(
        2017, event("撤销", ("360421", "九江县"), ("360404", "柴桑区")), event("新设", None, ("360404", "柴桑区"))
    )
    assert found == {("county_to_district", "360421", "360404")}


def test_an_abolished_unit_keeps_the_one_that_took_it_over() -> None:
    assert rows(2019, event("撤销", ("360105", "湾里区"), ("360112", "新建区"))) == {("abolished", "360105", "360112")}


def test_a_correction_by_hand_wins_over_the_source() -> None:
    found = rows(
        1998, event("撤销", ("362101", "赣州市"), ("360700", "赣州市")), event("新设", None, ("360702", "章贡区"))
    )
    assert found == {("city_to_district", "362101", "360702")}


def test_a_code_names_its_unit_since_the_last_change_into_it() -> None:
    changes = [
        Change(1983, "created", "", "", "360402", "庐山区"),
        Change(2016, "renamed", "360402", "庐山区", "360402", "濂溪区"),
    ]
    abolished = Change(2019, "abolished", "360105", "湾里区", "360112", "新建区")
    assert began([*changes, abolished]) == {"360402": "2016-12-31"}
