"""The sandbox acquirer (演示收单机构): a program of its own that behaves as acquirers do; no money moves."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from typing import Any, NoReturn

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.errors import ChannelDown, ChannelRefused, Forged, StatementUnreadable
from shuzheng.engines.payment.gateways.channel import (
    FileLine,
    FileTotal,
    Notice,
    OrderReport,
    PaymentChannel,
    RefundReport,
    Transfer,
    TransferReport,
    bounded,
)
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.kernel.moment import ZONE, now

#: Seconds by which a signed message may be old or early.
SKEW = 300
COLUMNS = ["kind", "number", "trade_number", "amount", "state", "at", "currency"]
#: Bytes of an answer that are taken at a time.
CHUNK = 65_536


class SandboxChannel(PaymentChannel):
    """Talks JSON over HTTP, each message signed with HMAC-SM3."""

    name = "sandbox"
    title = _("演示收单机构")
    icon = "building-bank"

    def prepare(self, order: Order, *, subject: str, notify_url: str, return_url: str) -> str:
        """Announce an order and return its pay page."""
        told = self._call(
            "POST",
            "/api/orders",
            number=order.number,
            amount=order.amount,
            subject=subject,
            notify_url=notify_url,
            return_url=return_url,
            expires_at=order.expires_at.isoformat(),
            at=now().isoformat(),
        )
        return told["pay_url"]

    def query(self, number: str) -> OrderReport:
        """Ask what became of an order."""
        return _order(self._call("GET", f"/api/orders/{number}"))

    def close(self, number: str) -> OrderReport:
        """Close an order."""
        return _order(self._call("POST", f"/api/orders/{number}/close", at=now().isoformat()))

    def refund(self, refund: Refund) -> RefundReport:
        """Give money back."""
        told = self._call(
            "POST",
            "/api/refunds",
            number=refund.number,
            order=refund.order.number,
            amount=refund.amount,
            notify_url=self.notify_url,
            at=now().isoformat(),
        )
        return _refund(told)

    def query_refund(self, refund: Refund) -> RefundReport:
        """Ask what became of a refund."""
        return _refund(self._call("GET", f"/api/refunds/{refund.number}"))

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check the signature and read. Raises Forged."""
        stamp, signature = headers.get("X-Sandbox-Timestamp", ""), headers.get("X-Sandbox-Signature", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > SKEW:
            raise Forged
        if not hmac.compare_digest(sign(stamp, "NOTIFY", body), signature):
            raise Forged
        told = json.loads(body)
        if told["kind"] == "refund":
            return Notice("refund", told["number"], refund=_refund(told))
        return Notice("order", told["number"], order=_order(told))

    def acknowledgement(self) -> tuple[str, str]:
        """Say that it was taken."""
        return "text/plain", "SUCCESS"

    def statement(self, day: date) -> bytes | None:
        """Fetch the file of a day."""
        try:
            return self._send("GET", f"/api/statements/{day.isoformat()}", b"")
        except ChannelRefused as refusal:
            if refusal.params.get("status") == 404:
                return None
            raise

    def read_statement(self, content: bytes) -> Iterator[FileLine | FileTotal]:
        """Read the CSV: a heading, lines, and a last line with their number and sum. Raises StatementUnreadable."""
        rows = enumerate(TextIOWrapper(BytesIO(content), "utf-8"), 1)
        try:
            if next(rows, (0, ""))[1].rstrip("\n").split(",") != COLUMNS:
                raise StatementUnreadable(str(_("表头不对，或文件是空的")))
            for place, text in rows:
                row = text.rstrip("\n").split(",")
                if row[0] == "total":
                    yield _total(row)
                    return
                yield _line(place, row)
        except UnicodeDecodeError as error:
            raise StatementUnreadable(str(_("不是 UTF-8 文本"))) from error
        raise StatementUnreadable(str(_("没有合计行，文件不完整")))

    def transfer(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferReport]:
        """Pay a batch out."""
        lines = [{"number": t.number, "payee": t.payee, "account": t.account, "amount": t.amount} for t in transfers]
        told = self._call("POST", "/api/transfers", batch=batch, lines=lines, at=now().isoformat())
        return [_transfer(line) for line in told["lines"]]

    def query_transfers(self, numbers: Iterable[str]) -> list[TransferReport]:
        """Ask what became of payments."""
        told = self._call("POST", "/api/transfers/query", numbers=list(numbers))
        return [_transfer(line) for line in told["lines"]]

    # -- wire ----------------------------------------------------------------------------------------------

    def _call(self, method: str, path: str, **data: Any) -> dict[str, Any]:
        body = json.dumps(data).encode() if method == "POST" else b""
        try:
            return json.loads(self._send(method, path, body))
        except ValueError as error:
            raise ChannelDown from error

    def _send(self, method: str, path: str, body: bytes) -> bytes:
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Sandbox-Timestamp": stamp,
            "X-Sandbox-Signature": sign(stamp, f"{method} {path}", body),
        }
        address = settings.SANDBOX_ACQUIRER + path
        try:
            with requests.request(
                method, address, data=body, headers=headers, timeout=settings.PAYMENT_TIMEOUT, stream=True
            ) as response:
                content = bounded(response.iter_content(CHUNK))
        except requests.RequestException as error:
            raise ChannelDown from error
        if response.status_code != 200:
            _refused(response.status_code, content)
        return content


def _refused(status: int, body: bytes) -> NoReturn:
    """Raise what an answer other than 200 means."""
    if status >= 500:
        raise ChannelDown
    try:
        reason = json.loads(body)["reason"]
    except (ValueError, KeyError):
        reason = str(status)
    raise ChannelRefused(reason=reason, status=status)


def sign(stamp: str, what: str, body: bytes) -> str:
    """Return the HMAC-SM3 of a message in hexadecimal."""
    message = f"{stamp}\n{what}\n".encode() + body
    return hmac.new(settings.SANDBOX_SECRET.encode(), message, "sm3").hexdigest()


def _order(told: dict[str, Any]) -> OrderReport:
    at = datetime.fromisoformat(told["at"]) if told.get("at") else None
    return OrderReport(told["state"], told.get("trade_number", ""), told.get("amount", 0), at)


def _refund(told: dict[str, Any]) -> RefundReport:
    return RefundReport(told["state"], told.get("trade_number", ""), told.get("reason", ""))


def _transfer(told: dict[str, Any]) -> TransferReport:
    return TransferReport(told["number"], told["state"], told.get("trade_number", ""), told.get("reason", ""))


def _line(place: int, row: list[str]) -> FileLine:
    wrong = len(row) != len(COLUMNS) or row[0] not in ("pay", "refund") or not row[3].isdigit() or not row[1]
    if wrong or row[6] != "CNY":
        return FileLine(place, "bad", problem=",".join(row)[:300], currency=row[6] if not wrong else "CNY")
    return FileLine(
        place, "refund" if row[0] == "refund" else "pay", row[1], row[2], int(row[3]), row[4], day=_day(row[5])
    )


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).astimezone(ZONE).date()
    except ValueError:
        return None


def _total(row: list[str]) -> FileTotal:
    if len(row) != len(COLUMNS) or not row[1].isdigit() or not row[3].isdigit():
        raise StatementUnreadable(str(_("合计行无法识别")))
    try:
        return FileTotal(int(row[1]), amount=int(row[3]), day=date.fromisoformat(row[5]))
    except ValueError as error:
        raise StatementUnreadable(str(_("合计行无法识别"))) from error
