"""Alipay (支付宝), orders on a page. Signatures both ways are python-alipay-sdk's."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qsl

import requests
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig
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
    bounded,
)
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.engines.payment.money import fen
from shuzheng.kernel.moment import ZONE, local

TRADE = {"TRADE_SUCCESS": "paid", "TRADE_FINISHED": "paid", "TRADE_CLOSED": "closed", "WAIT_BUYER_PAY": "pending"}
#: Columns of the daily file that are read.
NUMBER, TRADE_NUMBER, KIND, AMOUNT = "商户订单号", "支付宝交易号", "业务类型", "订单金额（元）"
REFUND_NUMBER, TIME = "退款批次号/请求号", "完成时间"
#: How the end of a file says how many lines it has: ``#交易合计：3笔，…``.
COUNTED = re.compile(r"(?:交易|退款)合计：(\d+)笔")
#: Bytes of an unpacked daily file.
LARGEST = 200 * 1024 * 1024


class AlipayChannel(PaymentChannel):
    """Speaks the open platform's API; credentials stand in the JSON file that ``SHUZHENG_ALIPAY`` names."""

    name = "alipay"
    title = _("支付宝")
    icon = "wallet"

    @cached_property
    def client(self) -> Any:
        """Return the application's client; the file's keys are those of ``alipay.AliPay``."""
        given = json.loads(settings.ALIPAY.read_text("utf-8"))
        return AliPay(app_notify_url=None, config=AliPayConfig(timeout=settings.PAYMENT_TIMEOUT), **given)

    def prepare(self, order: Order, *, subject: str, notify_url: str, return_url: str) -> str:
        """Return the signed address of the pay page; Alipay learns of the order when the payer opens it."""
        query = self.client.api_alipay_trade_page_pay(
            subject=subject[:128],
            out_trade_no=order.number,
            total_amount=_yuan(order.amount),
            notify_url=notify_url,
            return_url=return_url,
            time_expire=f"{local(order.expires_at):%Y-%m-%d %H:%M:%S}",
        )
        return f"{self.client._gateway}?{query}"

    def query(self, number: str) -> OrderReport:
        """Ask what became of an order."""
        told = self._call(self.client.api_alipay_trade_query, out_trade_no=number)
        if told.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return OrderReport("unknown")
        return _order(_accepted(told))

    def close(self, number: str) -> OrderReport:
        """Close an order, then ask what it came to."""
        told = self._call(self.client.api_alipay_trade_close, out_trade_no=number)
        if told.get("sub_code") not in (None, "ACQ.TRADE_STATUS_ERROR", "ACQ.TRADE_NOT_EXIST"):
            _accepted(told)
        return self.query(number)

    def refund(self, refund: Refund) -> RefundReport:
        """Give money back; the same number again gives back nothing more."""
        told = self._call(
            self.client.api_alipay_trade_refund,
            refund_amount=_yuan(refund.amount),
            out_trade_no=refund.order.number,
            out_request_no=refund.number,
        )
        if _accepted(told).get("fund_change") == "N":  # nothing moved this time: done before, or not yet
            return self.query_refund(refund)
        return RefundReport("done", told.get("trade_no", ""))

    def query_refund(self, refund: Refund) -> RefundReport:
        """Ask what became of a refund."""
        told = self._call(
            self.client.api_alipay_trade_fastpay_refund_query,
            out_request_no=refund.number,
            out_trade_no=refund.order.number,
        )
        if told.get("refund_status") == "REFUND_SUCCESS":
            return RefundReport("done", told.get("trade_no", ""))
        return RefundReport("unknown")

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check the signature and read the form. Raises Forged."""
        told = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
        signature = told.pop("sign", "")
        try:
            genuine = self.client.verify(dict(told), signature)
        except (AliPayException, ValueError) as problem:
            raise Forged from problem
        if not genuine or told.get("app_id") != self.client.appid:
            raise Forged
        if told.get("out_biz_no") and told.get("gmt_refund"):
            return Notice("refund", told["out_biz_no"], refund=RefundReport("done", told.get("trade_no", "")))
        at = told.get("gmt_payment")
        return Notice("order", told["out_trade_no"], order=_order({**told, "send_pay_date": at}))

    def acknowledgement(self) -> tuple[str, str]:
        """Say that it was taken."""
        return "text/plain", "success"

    def statement(self, day: date) -> bytes | None:
        """Fetch the file of a day, a ZIP."""
        told = self._call(
            self.client.server_api,
            api_name="alipay.data.dataservice.bill.downloadurl.query",
            biz_content={"bill_type": "trade", "bill_date": day.isoformat()},
        )
        if told.get("sub_code") in ("isp.bill_not_exist", "isv.invalid-bill-not-exist"):
            return None
        try:
            with requests.get(
                _accepted(told)["bill_download_url"], timeout=settings.PAYMENT_TIMEOUT, stream=True
            ) as answer:
                return bounded(answer.iter_content(65_536))
        except requests.RequestException as error:
            raise ChannelDown from error

    def read_statement(self, content: bytes) -> Iterator[FileLine | FileTotal]:
        """Read the detail in the ZIP: comments, a heading, lines, comments. Raises StatementUnreadable."""
        heading: list[str] = []
        counted: list[int] = []
        for place, text in enumerate(_detail(content), 1):
            if text.startswith("#"):
                counted += [int(found) for found in COUNTED.findall(text)]
                if heading and "结束" in text:
                    yield FileTotal(sum(counted) if counted else None)
                    return
            elif not heading and NUMBER in text:
                heading = [name.strip() for name in text.split(",")]
            elif heading and text.strip():
                yield _line(place, dict(zip(heading, next(csv.reader([text])), strict=False)))
        raise StatementUnreadable(str(_("没有表头或结束行，文件不完整")))

    def _call(self, call: Callable[..., dict[str, Any]], **given: Any) -> dict[str, Any]:
        try:
            return call(**given)
        except AliPayValidationError as error:  # the answer is not Alipay's
            raise ChannelDown from error
        except AliPayException as error:
            raise ChannelRefused(reason=str(error)) from error
        except (URLError, OSError) as error:
            raise ChannelDown from error


def _accepted(told: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that says yes. Raises ChannelDown, ChannelRefused."""
    if told.get("code") == "10000":
        return told
    if told.get("code") == "20000" or told.get("sub_code") == "ACQ.SYSTEM_ERROR":
        raise ChannelDown
    raise ChannelRefused(reason=told.get("sub_msg") or told.get("msg", ""), code=told.get("sub_code", ""))


def _order(told: Mapping[str, Any]) -> OrderReport:
    state: Any = TRADE.get(told["trade_status"], "pending")
    paid = told.get("send_pay_date")
    at = datetime.fromisoformat(paid).replace(tzinfo=ZONE) if paid else None
    return OrderReport(state, told.get("trade_no", ""), fen(Decimal(told["total_amount"])), at)


def _yuan(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def _detail(content: bytes) -> Iterator[str]:
    """Return the lines of the detail in a ZIP one after the other, bounded. Raises StatementUnreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            names = [info for info in pack.infolist() if info.filename.endswith(".csv") and "汇总" not in _name(info)]
            if len(names) != 1 or names[0].file_size > LARGEST:
                raise StatementUnreadable(str(_("压缩包里没有业务明细")))
            with pack.open(names[0]) as packed:
                for line in io.TextIOWrapper(packed, "gb18030"):
                    yield line.rstrip("\r\n")
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, OSError, EOFError) as error:
        raise StatementUnreadable(str(_("压缩包无法打开"))) from error


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name in a ZIP that was written in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    return info.filename.encode("cp437", "replace").decode("gb18030", "replace")


def _line(place: int, row: dict[str, str]) -> FileLine:
    clean = {name: value.strip() for name, value in row.items()}
    refund = clean.get(KIND) == "退款"
    number = clean.get(REFUND_NUMBER if refund else NUMBER, "")
    try:
        amount = abs(fen(Decimal(clean.get(AMOUNT, ""))))
    except InvalidOperation:
        number = ""
        amount = 0
    if not number:
        return FileLine(place, "bad", problem=",".join(row.values())[:300])
    kind, done = ("refund", "done") if refund else ("pay", "paid")
    return FileLine(place, kind, number, clean.get(TRADE_NUMBER, ""), amount, done, day=_day(clean.get(TIME, "")))


def _day(text: str) -> date | None:
    """Return the day of a line, which is in Asia/Shanghai already."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
