"""The report of an import: every row left out and why, and what had to be assumed."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from shuzheng.engines.casework.importing.entry import Entry
from shuzheng.kernel.spreadsheet import harmless

COLUMNS = ("row", "outcome", "code", "title", "field", "message")


def write_report(entries: Iterable[Entry], path: Path) -> int:
    """Write a CSV file that spreadsheets open, a line a finding, those of rows left out first; return how many lines."""
    found = [(entry, finding) for entry in entries for finding in entry.findings]
    found.sort(key=lambda pair: (pair[1].level != "rejected", pair[0].row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for entry, finding in found:
            row = (entry.row, finding.level, entry.code, entry.title, finding.field, finding.message)
            writer.writerow([harmless(value) for value in row])
    return len(found)
