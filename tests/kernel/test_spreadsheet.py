"""Cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from shuzheng.kernel.spreadsheet import csv_file, harmless

SOURCE = Path(__file__).parents[2] / "src/shuzheng"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        " =1+1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠A1",
        "-2-3.5",
    ],
)
def test_what_would_be_a_formula_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "李四", "12.50", "-12.50", "-3", "2026-11-22", "a=1", "13812345678"])
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_long_number_keeps_its_digits_and_nothing_is_empty() -> None:
    assert harmless("360702202611220001") == "\t360702202611220001"
    assert harmless(None) == ""


def test_a_file_is_read_as_it_was_written() -> None:
    answer = csv_file("bills.csv", ["单位", "金额"], [["=赣州,公司", -3], ["甲\n乙", None]])
    text = answer.content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text, newline=""))) == [["单位", "金额"], ["'=赣州,公司", "-3"], ["甲\n乙", ""]]
    assert answer["Content-Disposition"] == 'attachment; filename="bills.csv"'


def test_no_page_writes_a_table_of_its_own() -> None:
    own = [path for path in SOURCE.joinpath("portals").rglob("*.py") if "csv.writer" in path.read_text("utf-8")]
    assert not own
