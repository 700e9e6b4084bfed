"""The acquirer's daily file, and the ways in which it can be wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

HEADING = "kind,number,trade_number,amount,state,at"


def written(lines: list[dict[str, Any]], fault: dict[str, Any], today: str) -> bytes | None:
    """Return the CSV of a day, with the faults wanted; ``None`` while it is not there.

    Faults: ``absent``; ``garbage``; ``truncated``; ``missing``, ``doubled`` and ``carried`` (moved to the next day's
    file): lists of numbers; ``amounts`` and ``states``: number → what it says instead; ``extra``: lines of orders that
    the merchant does not know; ``mangled``: lists of numbers whose line cannot be read.
    """
    if fault.get("absent"):
        return None
    if fault.get("garbage"):
        return bytes(range(256))
    rows = [text for line in lines for text in _line(line, fault)]
    rows += [
        f"pay,{e['number']},{e['trade_number']},{e['amount']},paid,{today}T12:00:00+08:00"
        for e in fault.get("extra", [])
    ]
    total = f"total,{len(rows)},,{sum(line['amount'] for line in lines)},,"
    ending = [] if fault.get("truncated") else [total]
    return "\n".join([HEADING, *rows, *ending, ""]).encode()


def _line(line: dict[str, Any], fault: dict[str, Any]) -> list[str]:
    number = line["number"]
    if number in fault.get("missing", []):
        return []
    amount = fault.get("amounts", {}).get(number, line["amount"])
    state = fault.get("states", {}).get(number, line["state"])
    at = datetime.fromisoformat(line["at"]).isoformat()
    text = f"{line['kind']},{number},{line['trade_number']},{amount},{state},{at}"
    if number in fault.get("mangled", []):
        text = text.replace(str(amount), "十二块")
    return [text, text] if number in fault.get("doubled", []) else [text]
