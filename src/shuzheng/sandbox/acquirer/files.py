"""The acquirer's daily file, and the ways in which it can be wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

HEADING = "kind,number,trade_number,amount,state,at,currency"


def written(lines: list[dict[str, Any]], fault: dict[str, Any], today: str) -> bytes | None:
    """Return the CSV of a day, with the faults wanted; ``None`` while it is not there.

    Faults: ``absent``; ``garbage``; ``empty``; ``truncated`` (its end is missing); ``cut``: bytes that arrive of it;
    ``wrong_total``; ``day``: another day that the file says it is of; ``currency`` of every line; ``missing`` and
    ``doubled``: lists of numbers; ``amounts``, ``states`` and ``currencies``: number → what it says instead; ``extra``: lines
    of orders that the merchant does not know; ``mangled``: lists of numbers whose line cannot be read; ``flood``: so many
    lines of strangers.
    """
    if fault.get("absent"):
        return None
    if fault.get("garbage"):
        return bytes(range(256))
    if fault.get("empty"):
        return b""
    day = fault.get("day", today)
    strangers = [{"number": f"F{n:031d}", "trade_number": f"SF{n}", "amount": 1} for n in range(fault.get("flood", 0))]
    common = {"kind": "pay", "state": "paid", "at": f"{day}T12:00:00+08:00", "currency": fault.get("currency", "CNY")}
    rows = [row for line in lines for row in _rows(line, fault)]
    rows += [{**common, **line} for line in [*fault.get("extra", []), *strangers]]
    total = sum(row["amount"] for row in rows) + int(bool(fault.get("wrong_total")))
    texts = [_text(row, fault) for row in rows]
    ending = [] if fault.get("truncated") else [f"total,{len(rows)},,{total},,{day},CNY"]
    return "\n".join([HEADING, *texts, *ending, ""]).encode()[: fault.get("cut")]


def _rows(line: dict[str, Any], fault: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a line as often as it is written."""
    number = line["number"]
    if number in fault.get("missing", []):
        return []
    told = {
        **line,
        "amount": fault.get("amounts", {}).get(number, line["amount"]),
        "state": fault.get("states", {}).get(number, line["state"]),
        "currency": fault.get("currencies", {}).get(number, fault.get("currency", "CNY")),
    }
    return [told, told] if number in fault.get("doubled", []) else [told]


def _text(row: dict[str, Any], fault: dict[str, Any]) -> str:
    at = datetime.fromisoformat(row["at"]).isoformat()
    amount = "十二块" if row["number"] in fault.get("mangled", []) else row["amount"]
    return f"{row['kind']},{row['number']},{row['trade_number']},{amount},{row['state']},{at},{row['currency']}"
