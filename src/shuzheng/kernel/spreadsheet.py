"""Tables that people take away as CSV: cells that no spreadsheet takes for a formula, and files it opens as they are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

#: What begins a formula, also in the full width of Chinese input.
FORMULA = tuple("=+-@＝＋－＠")
#: A control character that comes first makes some programs look at what follows it.
CONTROL = ("\t", "\r", "\n")
AMOUNT = re.compile(r"-\d+(\.\d+)?")
#: A spreadsheet keeps fifteen digits of a number and writes longer than eleven as 1.2E+11.
LONG_NUMBER = re.compile(r"\d{12,}", re.ASCII)


def harmless(value: Any) -> str:
    """Return a value as a cell: no formula, and a long number whole."""
    text = "" if value is None else str(value)
    if LONG_NUMBER.fullmatch(text):
        return f"\t{text}"
    begins = text.startswith(CONTROL) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if begins and not AMOUNT.fullmatch(text) else text


def csv_file(name: str, heading: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """Return a table as a CSV file to download, which spreadsheets read as UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    writer = csv.writer(response)
    writer.writerow([harmless(title) for title in heading])
    writer.writerows([harmless(value) for value in row] for row in rows)
    return response
