"""What the acquirer keeps: orders, refunds, transfers, and how it shall misbehave."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from shuzheng.sandbox.acquirer.database import Database

_PLACE = """
INSERT INTO orders (number, token, trade_number, amount, subject, notify_url, return_url, expires_at, state, created_at)
VALUES (:number, :token, '', :amount, :subject, :notify_url, :return_url, :expires_at, 'pending', :at)
"""
SHANGHAI = timezone(timedelta(hours=8))


class Refused(Exception):
    """The acquirer will not do this; the message says why."""

    def __init__(self, reason: str, status: int = 409) -> None:
        """Say why, with the HTTP status."""
        self.status = status
        super().__init__(reason)


class Store(Database):
    """What is kept, each thing under its number, so that doing it twice does it once."""

    # -- orders --------------------------------------------------------------------------------------------

    def order(self, number: str) -> dict[str, Any] | None:
        """Return an order by the merchant's number."""
        return self.one("SELECT * FROM orders WHERE number = ?", number)

    def place(self, told: dict[str, Any]) -> dict[str, Any]:
        """Take an order; the same number again returns the first. Raises Refused if it differs from the first."""
        with self.changing() as database:
            before = self.order(told["number"])
            if before is not None:
                if before["amount"] != told["amount"]:
                    raise Refused("同一订单号的金额前后不同")
                return before
            row = {
                **{
                    name: told[name]
                    for name in ("number", "amount", "subject", "notify_url", "return_url", "expires_at")
                },
                "token": secrets.token_urlsafe(18),
                "at": told["at"],
            }
            database.execute(_PLACE, row)
            return {**row, "state": "pending", "trade_number": "", "at": None}

    def pay(self, token: str, at: str | None = None) -> dict[str, Any]:
        """Take the payer's money, once. Raises Refused if the order was closed or has expired."""
        moment = at or datetime.now(SHANGHAI).isoformat()
        with self.changing() as database:
            order = self.one("SELECT * FROM orders WHERE token = ?", token)
            if order is None:
                raise Refused("没有这个订单", 404)
            if order["state"] == "paid":
                return order
            if order["state"] == "closed" or datetime.fromisoformat(order["expires_at"]) < datetime.fromisoformat(
                moment
            ):
                raise Refused("订单已关闭或已过期，没有扣款")
            trade = f"SB{datetime.fromisoformat(moment):%Y%m%d}{secrets.randbelow(10**12):012d}"
            database.execute(
                "UPDATE orders SET state = 'paid', trade_number = ?, at = ? WHERE token = ?", (trade, moment, token)
            )
        paid = self.order(order["number"])
        assert paid is not None
        return paid

    def close_order(self, number: str) -> dict[str, Any]:
        """Close an order that was not paid, and return it."""
        with self.changing() as database:
            database.execute("UPDATE orders SET state = 'closed' WHERE number = ? AND state = 'pending'", (number,))
        order = self.order(number)
        if order is None:
            raise Refused("没有这个订单", 404)
        return order

    # -- refunds and transfers -----------------------------------------------------------------------------

    def refund(self, told: dict[str, Any]) -> dict[str, Any]:
        """Give money back, once per number. Raises Refused if more would be given back than was paid."""
        with self.changing() as database:
            before = self.one("SELECT * FROM refunds WHERE number = ?", told["number"])
            if before is not None:
                return before
            order = self.order(told["order"])
            if order is None or order["state"] != "paid":
                raise Refused("原订单没有支付")
            back = self.one('SELECT coalesce(sum(amount), 0) AS sum FROM refunds WHERE "order" = ?', told["order"])
            assert back is not None
            if told["amount"] <= 0 or back["sum"] + told["amount"] > order["amount"]:
                raise Refused("退款金额超过可退金额")
            trade = f"SR{secrets.randbelow(10**20):020d}"
            values = (told["number"], told["order"], trade, told["amount"], "done", told["at"])
            database.execute("INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?)", values)
        done = self.one("SELECT * FROM refunds WHERE number = ?", told["number"])
        assert done is not None
        return done

    def transfer(self, batch: str, line: dict[str, Any], at: str) -> dict[str, Any]:
        """Pay one line of a batch, once per number; an account that ends in 0000 is closed and fails."""
        with self.changing() as database:
            before = self.one("SELECT * FROM transfers WHERE number = ?", line["number"])
            if before is not None:
                return before
            closed = line["account"].endswith("0000")
            state, reason = ("failed", "账户已销户") if closed else ("paid", "")
            trade = "" if closed else f"ST{secrets.randbelow(10**20):020d}"
            values = (
                line["number"], batch, line["payee"], line["account"], line["amount"], trade, state, reason, at
            )  # fmt: skip
            database.execute("INSERT INTO transfers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        done = self.one("SELECT * FROM transfers WHERE number = ?", line["number"])
        assert done is not None
        return done

    # -- the daily file ------------------------------------------------------------------------------------

    def statement(self, day: str) -> list[dict[str, Any]]:
        """Return what was paid and given back on a day in Asia/Shanghai, in order."""
        orders = self.rows(
            "SELECT 'pay' AS kind, number, trade_number, amount, state, at FROM orders WHERE state = 'paid'"
        )
        refunds = self.rows("SELECT 'refund' AS kind, number, trade_number, amount, state, at FROM refunds")
        lines = [row for row in (*orders, *refunds) if _day(row["at"]) == day]
        return sorted(lines, key=lambda row: (row["at"], row["number"]))

    # -- faults and notifications --------------------------------------------------------------------------

    def faults(self) -> dict[str, Any]:
        """Return how the acquirer shall misbehave."""
        return {row["name"]: json.loads(row["value"]) for row in self.rows("SELECT * FROM faults")}

    def set_faults(self, faults: dict[str, Any]) -> None:
        """Misbehave like this from now on."""
        with self.changing() as database:
            database.execute("DELETE FROM faults")
            database.executemany("INSERT INTO faults VALUES (?, ?)", [(n, json.dumps(v)) for n, v in faults.items()])

    def keep_notice(self, url: str, body: str, due: float) -> None:
        """Keep a notification until the merchant has taken it, also over a restart."""
        with self.changing() as database:
            database.execute("INSERT INTO notices (url, body, due) VALUES (?, ?, ?)", (url, body, due))

    def due_notices(self, now: float) -> list[dict[str, Any]]:
        """Return the notifications that are due."""
        return self.rows(
            "SELECT * FROM notices WHERE taken = 0 AND attempts < 12 AND due <= ? ORDER BY id LIMIT 50", now
        )

    def notified(self, id: int, *, taken: bool, due: float) -> None:
        """Note an attempt: taken, or when to try again."""
        with self.changing() as database:
            database.execute(
                "UPDATE notices SET taken = ?, attempts = attempts + 1, due = ? WHERE id = ?", (int(taken), due, id)
            )


def _day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(SHANGHAI).date().isoformat()
