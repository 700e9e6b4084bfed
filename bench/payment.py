"""How fast payments are taken in and days reconciled, beside raw inserts of the same rows in the same run.

``python -m bench.payment`` starts a database of its own in a temporary folder and removes it afterwards. Each notification
goes through the view: signature, lock, order, bill, ledger, receipt, audit, events, one commit. A daily file of the same
payments is then checked and matched in one go, as at night. ``--quick`` takes 60.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.database import database

NOTIFICATIONS, QUICK = 2_000, 60
#: Notifications a second with one connection; a city's busiest day of fees is under ten.
GOAL = 100
#: Lines of a daily file that are settled in a second.
LINES_GOAL = 500
#: Rows that one payment changes or adds: two updates, then these.
TABLES = {
    "payment_journalentry": 1,
    "payment_posting": 2,
    "payment_receipt": 1,
    "trust_auditrecord": 1,
    "kernel_eventrecord": 1,
    "procrastinate_jobs": 3,
}


def seed(count: int) -> list[Any]:
    """Return so many orders waiting for their money."""
    from datetime import timedelta
    from uuid import uuid4

    from shuzheng.engines.payment.models import Bill, BillLine, Order
    from shuzheng.engines.payment.numbers import bill_number
    from shuzheng.kernel.moment import now, today

    bills = [
        Bill(
            number=bill_number("360702000000", today()), title="占用道路", key=f"bench:{n}", payer_kind="person",
            payer_id=uuid4(), payer_name=f"居民{n}", division_code="360702000000", division_path="36.3607.360702",
            amount=100_00, due_on=today(),
        )
        for n in range(count)
    ]  # fmt: skip
    Bill.objects.bulk_create(bills)
    common = {
        "sequence": 1,
        "code": "c",
        "title": "费",
        "unit_code": "u1",
        "unit_name": "城管局",
        "standard": "s",
        "basis": "b",
    }
    amounts = {"quantity": 1, "price": 100, "full_amount": 100_00, "amount": 100_00}
    BillLine.objects.bulk_create([BillLine(bill=bill, **common, **amounts) for bill in bills])
    later = now() + timedelta(hours=1)
    orders = [
        Order(bill=bill, channel="sandbox", number=f"B{n:031d}", amount=100_00, expires_at=later)
        for n, bill in enumerate(bills)
    ]
    return Order.objects.bulk_create(orders)


def notify(orders: list[Any]) -> list[float]:
    """Let the acquirer notify of every order, and return the seconds that each took."""
    from django.test import Client

    from shuzheng.engines.payment.gateways.sandbox import sign
    from shuzheng.kernel.moment import now

    client, times = Client(), []
    for order in orders:
        told = {"kind": "order", "number": order.number, "state": "paid", "amount": order.amount}
        body = json.dumps({**told, "trade_number": f"T{order.number[1:]}", "at": now().isoformat()}).encode()
        stamp = str(int(time.time()))
        headers = {"X-Sandbox-Timestamp": stamp, "X-Sandbox-Signature": sign(stamp, "NOTIFY", body)}
        started = time.perf_counter()
        answer = client.post("/payment/notify/sandbox", body, content_type="application/json", headers=headers)
        times.append(time.perf_counter() - started)
        assert answer.content == b"SUCCESS", answer.content
    return times


def reconcile() -> tuple[int, float]:
    """Check and match a file of all payments that were taken in; return its lines and the seconds that it took."""
    from shuzheng.engines.payment import statements
    from shuzheng.engines.payment.actions.reconciling import KeepStatement, MatchStatement
    from shuzheng.engines.payment.gateways import channel
    from shuzheng.engines.payment.models import Order, Statement
    from shuzheng.engines.payment.reconciling import PLATFORM
    from shuzheng.kernel.moment import today
    from shuzheng.sandbox.acquirer.files import written

    orders = Order.objects.filter(state="received").values("number", "trade_number", "amount", "received_at")
    lines = [{**o, "kind": "pay", "state": "paid", "at": o["received_at"].isoformat()} for o in orders]
    content = written(lines, {}, today().isoformat())
    assert content is not None
    started = time.perf_counter()
    statements.check(channel("sandbox"), content, today())
    kept = KeepStatement.do(PLATFORM, channel="sandbox", day=today(), state="different", content=content)
    matched = MatchStatement.do(PLATFORM, statement_id=kept.pk)
    spent = time.perf_counter() - started
    assert (matched.state, matched.matched) == (Statement.State.MATCHED, len(lines)), matched.state
    return len(lines), spent


def raw_settlement() -> tuple[int, float]:
    """Insert the entries and postings of that day once more, bare and in one commit; return lines and seconds."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE day_entries AS SELECT * FROM payment_journalentry WHERE key LIKE 'settle:%'")
        cursor.execute(
            "CREATE TEMP TABLE day_postings AS SELECT * FROM payment_posting WHERE entry_id IN (SELECT id FROM day_entries)"
        )
        cursor.execute("TRUNCATE raw_payment_journalentry, raw_payment_posting")
        started = time.perf_counter()
        with transaction.atomic():
            cursor.execute("INSERT INTO raw_payment_journalentry SELECT * FROM day_entries")
            lines = cursor.rowcount
            cursor.execute("INSERT INTO raw_payment_posting SELECT * FROM day_postings")
        return lines, time.perf_counter() - started


def raw(count: int) -> list[float]:
    """Insert the same rows into tables with the same indexes, one commit a payment; return the seconds of each."""
    from django.db import connection, transaction

    times = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
            cursor.execute(
                f"CREATE TEMP TABLE rows_{table} AS SELECT *, row_number() OVER () - 1 AS place FROM {table}"
            )
            cursor.execute(f"CREATE INDEX ON rows_{table} (place)")
            cursor.execute("SELECT string_agg(quote_ident(column_name), ',' ORDER BY ordinal_position)"
                           " FROM information_schema.columns WHERE table_name = %s", [table])  # fmt: skip
            TABLES_COLUMNS[table] = cursor.fetchone()[0]
        for place in range(count):
            started = time.perf_counter()
            with transaction.atomic():
                for table, rows in TABLES.items():
                    names = TABLES_COLUMNS[table]
                    cursor.execute(
                        f"INSERT INTO raw_{table} SELECT {names} FROM rows_{table} WHERE place BETWEEN %s AND %s",
                        [place * rows, place * rows + rows - 1],
                    )
            times.append(time.perf_counter() - started)
    return times


TABLES_COLUMNS: dict[str, str] = {}


def p99(times: list[float]) -> float:
    """Return the 99th percentile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))] * 1000


def main() -> None:
    """Measure and print."""
    count = QUICK if "--quick" in sys.argv else NOTIFICATIONS
    table = Table(title=f"{count:,} notifications of payment, one connection")
    for column in ("what", "ours", "raw inserts", "ratio", "goal"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with database():
        from django.conf import settings

        settings.PAYMENT_CHANNELS = ["sandbox"]
        settings.ALLOWED_HOSTS = ["*"]
        orders = seed(count)
        notify(orders[:10])
        ours, limit = notify(orders[10:]), raw(count - 10)
        mine, theirs = len(ours) / sum(ours), len(limit) / sum(limit)
        table.add_row("notifications/s", f"{mine:,.0f}/s", f"{theirs:,.0f}/s", f"{mine / theirs:.2f}", f"≥ {GOAL}/s")
        (lines, spent), (bare_lines, bare_spent) = reconcile(), raw_settlement()
        matched, bare = lines / spent, bare_lines / bare_spent
        table.add_row("p99", f"{p99(ours):.1f} ms", f"{p99(limit):.1f} ms", f"{p99(limit) / p99(ours):.2f}", "≤ 100 ms")
        table.add_row(
            "reconciled lines/s", f"{matched:,.0f}/s", f"{bare:,.0f}/s", f"{matched / bare:.2f}", f"≥ {LINES_GOAL}/s"
        )
    Console().print(table)


if __name__ == "__main__":
    main()
