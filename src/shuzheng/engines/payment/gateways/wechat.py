"""WeChat Pay v3 (微信支付), native orders: a code to scan. Signatures, certificates and encryption are wechatpayv3's."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from io import BytesIO, TextIOWrapper
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wechatpayv3 import WeChatPay, WeChatPayType

from shuzheng.engines.payment.errors import ChannelDown, ChannelRefused, Forged, StatementUnreadable
from shuzheng.engines.payment.gateways.channel import (
    FileLine,
    FileTotal,
    Notice,
    OrderReport,
    PaymentChannel,
    RefundReport,
    bounded,
)
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.engines.payment.money import fen
from shuzheng.kernel.moment import local

TRADE = {"SUCCESS": "paid", "REFUND": "paid", "CLOSED": "closed", "REVOKED": "closed", "PAYERROR": "closed"}
REFUND = {"SUCCESS": "done", "PROCESSING": "pending", "CLOSED": "failed", "ABNORMAL": "failed"}
TIME, CURRENCY = "交易时间", "货币种类"
#: Columns of its sums.
LINES, RECEIVED, REFUNDED = "总交易单数", "订单总金额", "申请退款总金额"
#: Columns of the daily file that are read.
NUMBER, TRADE_NUMBER, STATE, AMOUNT = "商户订单号", "微信订单号", "交易状态", "订单金额"
REFUND_NUMBER, REFUND_TRADE, REFUND_AMOUNT, REFUND_STATE = "商户退款单号", "微信退款单号", "申请退款金额", "退款状态"


class WeChatChannel(PaymentChannel):
    """Speaks API v3; credentials stand in the JSON file that ``SHUZHENG_WECHAT_PAY`` names."""

    name = "wechat"
    title = _("微信支付")
    icon = "message-circle"

    @cached_property
    def client(self) -> Any:
        """Return the merchant's client; the file's keys are those of wechatpayv3's ``WeChatPay``."""
        given = json.loads(settings.WECHAT_PAY.read_text("utf-8"))
        return WeChatPay(wechatpay_type=WeChatPayType.NATIVE, timeout=settings.PAYMENT_TIMEOUT, **given)

    def prepare(self, order: Order, *, subject: str, notify_url: str, return_url: str) -> str:
        """Announce an order and return the text of its code."""
        told = self._call(
            self.client.pay,
            description=subject[:120],
            out_trade_no=order.number,
            amount={"total": order.amount, "currency": "CNY"},
            time_expire=local(order.expires_at).isoformat(timespec="seconds"),
            notify_url=notify_url,
        )
        return told["code_url"]

    def query(self, number: str) -> OrderReport:
        """Ask what became of an order."""
        try:
            return _order(self._call(self.client.query, out_trade_no=number))
        except ChannelRefused as refusal:
            if refusal.params.get("code") in ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"):
                return OrderReport("unknown")
            raise

    def close(self, number: str) -> OrderReport:
        """Close an order, then ask what it came to."""
        try:
            self._call(self.client.close, out_trade_no=number)
        except ChannelRefused as refusal:
            if refusal.params.get("code") not in ("ORDERPAID", "ORDER_CLOSED", "ORDER_NOT_EXIST", "ORDERNOTEXIST"):
                raise
        return self.query(number)

    def refund(self, refund: Refund) -> RefundReport:
        """Give money back."""
        told = self._call(
            self.client.refund,
            out_refund_no=refund.number,
            out_trade_no=refund.order.number,
            amount={"refund": refund.amount, "total": refund.order.amount, "currency": "CNY"},
            notify_url=self.notify_url,
        )
        return _refund(told)

    def query_refund(self, refund: Refund) -> RefundReport:
        """Ask what became of a refund."""
        try:
            return _refund(self._call(self.client.query_refund, out_refund_no=refund.number))
        except ChannelRefused as refusal:
            if refusal.params.get("code") == "RESOURCE_NOT_EXISTS":
                return RefundReport("unknown")
            raise

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check the signature, decrypt and read. Raises Forged."""
        try:
            told = self.client.callback(dict(headers), body)
        except Exception as problem:  # the library raises bare Exceptions for what it cannot verify
            raise Forged from problem
        if not told:
            raise Forged
        resource = told["resource"]
        if told["event_type"].startswith("REFUND."):
            report = {**resource, "status": resource["refund_status"]}
            return Notice("refund", resource["out_refund_no"], refund=_refund(report))
        return Notice("order", resource["out_trade_no"], order=_order(resource))

    def acknowledgement(self) -> tuple[str, str]:
        """Say that it was taken."""
        return "application/json", '{"code": "SUCCESS"}'

    def statement(self, day: date) -> bytes | None:
        """Fetch the file of a day; it is there from ten in the morning of the next."""
        try:
            told = self._call(self.client.trade_bill, bill_date=day.isoformat(), bill_type="ALL", tar_type="")
        except ChannelRefused as refusal:
            if refusal.params.get("code") in ("NO_STATEMENT_EXIST", "STATEMENT_CREATING"):
                return None
            raise
        content = self._send(self.client.download_bill, url=told["download_url"])
        return bounded([content.encode() if isinstance(content, str) else content])

    def read_statement(self, content: bytes) -> Iterator[FileLine | FileTotal]:
        """Read the CSV: a heading, lines whose values begin with a backquote, and two lines of sums."""
        rows = enumerate(csv.reader(TextIOWrapper(BytesIO(content), "utf-8-sig", newline="")), 1)
        try:
            heading = next(rows, (0, list[str]()))[1]
            if not {NUMBER, AMOUNT, REFUND_NUMBER} <= set(heading):
                raise StatementUnreadable(str(_("表头不对，或文件是空的")))
            for place, row in rows:
                if row and row[0].startswith(LINES):
                    yield _total(row, next(rows, (0, list[str]()))[1])
                    return
                yield _line(place, dict(zip(heading, row, strict=False)))
        except (UnicodeDecodeError, csv.Error) as error:
            raise StatementUnreadable(str(_("不是 UTF-8 的 CSV"))) from error
        raise StatementUnreadable(str(_("没有合计行，文件不完整")))

    # -- wire ----------------------------------------------------------------------------------------------

    def _call(self, call: Any, **given: Any) -> dict[str, Any]:
        content = self._send(call, **given)
        return json.loads(content) if content else {}

    def _send(self, call: Any, **given: Any) -> Any:
        try:
            status, content = call(**given)
        except requests.RequestException as error:
            raise ChannelDown from error
        if status >= 500 or status == 429:
            raise ChannelDown
        if status >= 300:
            told = json.loads(content or "{}")
            raise ChannelRefused(reason=told.get("message", str(status)), code=told.get("code", ""))
        return content


def _order(told: Mapping[str, Any]) -> OrderReport:
    state: Any = TRADE.get(told["trade_state"], "pending")
    at = datetime.fromisoformat(told["success_time"]) if told.get("success_time") else None
    return OrderReport(state, told.get("transaction_id", ""), told.get("amount", {}).get("total", 0), at)


def _refund(told: Mapping[str, Any]) -> RefundReport:
    state: Any = REFUND.get(told["status"], "pending")
    return RefundReport(state, told.get("refund_id", ""), "" if state != "failed" else told["status"])


def _line(place: int, row: dict[str, str]) -> FileLine:
    clean = {name: value.lstrip("`").strip() for name, value in row.items()}
    refund, currency = clean.get(STATE) == "REFUND", clean.get(CURRENCY) or "CNY"
    names = (REFUND_NUMBER, REFUND_TRADE, REFUND_AMOUNT) if refund else (NUMBER, TRADE_NUMBER, AMOUNT)
    bad = FileLine(place, "bad", problem=",".join(row.values())[:300], currency=currency)
    try:
        number, trade, amount = clean[names[0]], clean[names[1]], fen(Decimal(clean[names[2]]))
    except (KeyError, InvalidOperation):
        return bad
    if not number or amount < 0 or currency != "CNY":
        return bad
    day = _day(clean.get(TIME, ""))
    if refund:
        state = REFUND.get(clean.get(REFUND_STATE, ""), "pending")
        return FileLine(place, "refund", number, trade, amount, state, day=day)
    return FileLine(place, "pay", number, trade, amount, TRADE.get(clean.get(STATE, ""), "pending"), day=day)


def _day(text: str) -> date | None:
    """Return the day of a line, which is in Asia/Shanghai already."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _total(heading: list[str], row: list[str]) -> FileTotal:
    """Read the sums; the order of their columns has changed over the years, so they are found by name."""
    told = {name: value.lstrip("`").strip() for name, value in zip(heading, row, strict=False)}
    try:
        received, refunded = (fen(Decimal(told[name])) if name in told else None for name in (RECEIVED, REFUNDED))
        return FileTotal(int(told[LINES]), received=received, refunded=refunded)
    except (KeyError, ValueError, InvalidOperation) as error:
        raise StatementUnreadable(str(_("合计行无法识别"))) from error
