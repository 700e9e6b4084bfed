"""What every channel keeps to: WeChat Pay and Alipay against answers of recorded shape, signed with keys of tests."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode, urlsplit

import alipay as alipay_module
import pytest
import requests
import wechatpayv3.core as wechat_core
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuzheng.engines.payment.errors import ChannelDown, ChannelRefused, Forged, StatementUnreadable
from shuzheng.engines.payment.gateways import FileLine, FileTotal, OrderReport, PaymentChannel
from shuzheng.engines.payment.gateways.alipay import AlipayChannel
from shuzheng.engines.payment.gateways.wechat import WeChatChannel
from shuzheng.engines.payment.models import Order, Refund
from shuzheng.kernel.moment import now

THEIRS, OURS = (rsa.generate_private_key(65537, 2048) for _key in range(2))
APIV3, SERIAL = "k" * 32, "PUB_KEY_ID_0000000000000024101100397200000006"
ORDER = Order(number="P1", amount=936000, channel="x", expires_at=now() + timedelta(minutes=30))
BACK = Refund(number="R1", amount=36000, order=ORDER)
PLACES = {"subject": "占用道路", "notify_url": "https://site.example/n", "return_url": "https://site.example/r"}


def pem(key: Any) -> str:
    """Return a key as PEM."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def signed(text: str) -> str:
    """Return the acquirer's signature."""
    return base64.b64encode(THEIRS.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


@pytest.fixture
def wechat(tmp_path: Path, settings: Any) -> WeChatChannel:
    """Return the channel of a merchant of tests."""
    given = {
        "mchid": "1900000109", "private_key": pem(OURS), "cert_serial_no": "ABCDEF", "appid": "wx1", "apiv3_key": APIV3,
        "public_key": pem(THEIRS.public_key()), "public_key_id": SERIAL,
    }  # fmt: skip
    settings.WECHAT_PAY = tmp_path / "wechat.json"
    settings.WECHAT_PAY.write_text(json.dumps(given), "utf-8")
    return WeChatChannel()


@pytest.fixture
def alipay(tmp_path: Path, settings: Any) -> AlipayChannel:
    """Return the channel of an application of tests."""
    given = {"appid": "2021", "app_private_key_string": pem(OURS), "alipay_public_key_string": pem(THEIRS.public_key())}
    settings.ALIPAY = tmp_path / "alipay.json"
    settings.ALIPAY.write_text(json.dumps(given), "utf-8")
    return AlipayChannel()


Answers = Callable[..., list[dict[str, Any]]]


def wechat_headers(body: str) -> dict[str, str]:
    """Return the headers of a message that WeChat Pay signed."""
    stamp, nonce = str(int(time.time())), "n0nce"
    return {
        "Wechatpay-Signature": signed(f"{stamp}\n{nonce}\n{body}\n"), "Wechatpay-Timestamp": stamp, "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": SERIAL, "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }  # fmt: skip


@pytest.fixture
def wechat_says(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Return a function that sets WeChat Pay's answers, in order, and the list of what it was asked."""
    asked: list[dict[str, Any]] = []

    def say(*answers: Any) -> list[dict[str, Any]]:
        waiting = list(answers)

        def answer(url: str = "", **given: Any) -> Any:
            asked.append({"url": url, **given})
            status, told = waiting.pop(0)
            if isinstance(told, Exception):
                raise told
            body = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
            headers = {
                **wechat_headers(body),
                "Content-Type": "text/plain" if isinstance(told, str) else "application/json",
            }
            return SimpleNamespace(status_code=status, headers=headers, text=body, content=body.encode())

        for verb in ("get", "post"):
            monkeypatch.setattr(wechat_core.requests, verb, answer)
        return asked

    return say


@pytest.fixture
def alipay_says(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Return a function that sets Alipay's answers, in order, and the list of what it was asked."""
    asked: list[dict[str, Any]] = []

    def say(*answers: Any) -> list[dict[str, Any]]:
        waiting = list(answers)

        def answer(url: str, **given: Any) -> io.BytesIO:
            query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            asked.append(query)
            told = waiting.pop(0)
            if isinstance(told, Exception):
                raise told
            plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            name = query["method"].replace(".", "_") + "_response"
            return io.BytesIO(f'{{"{name}":{plain},"sign":"{signed(plain)}"}}'.encode())

        monkeypatch.setattr(alipay_module, "urlopen", answer)
        return asked

    return say


PAID = {
    "trade_state": "SUCCESS",
    "transaction_id": "42",
    "amount": {"total": 936000},
    "success_time": "2026-11-22T10:00:00+08:00",
}
ALI_PAID = {
    "code": "10000", "trade_status": "TRADE_SUCCESS", "trade_no": "42", "total_amount": "9360.00",
    "send_pay_date": "2026-11-22 10:00:00",
}  # fmt: skip


def is_paid(report: OrderReport) -> bool:
    """Say whether a report is that of the paid order."""
    return (report.state, report.trade_number, report.amount) == ("paid", "42", 936000) and str(report.at).startswith(
        "2026-11-22 10:00:00+08:00"
    )


def test_wechat_takes_an_order_and_tells_what_became_of_it(wechat: WeChatChannel, wechat_says: Answers) -> None:
    asked = wechat_says(
        (200, {"code_url": "weixin://wxpay/bizpayurl?pr=1"}), (200, PAID), (404, {"code": "ORDER_NOT_EXIST", "message": "无"}),
        (204, ""), (200, {"trade_state": "CLOSED"}), (400, {"code": "ORDERPAID", "message": "已付"}), (200, PAID),
    )  # fmt: skip
    assert wechat.prepare(ORDER, **PLACES) == "weixin://wxpay/bizpayurl?pr=1"
    assert asked[0]["json"]["amount"] == {"total": 936000, "currency": "CNY"}
    assert asked[0]["headers"]["Authorization"].startswith("WECHATPAY2-SHA256-RSA2048 mchid=")
    assert is_paid(wechat.query("P1"))
    assert wechat.query("P1").state == "unknown"
    assert wechat.close("P1").state == "closed"
    assert is_paid(wechat.close("P1"))


def test_wechat_gives_money_back_by_our_number(wechat: WeChatChannel, wechat_says: Answers) -> None:
    asked = wechat_says(
        (200, {"status": "PROCESSING", "refund_id": "50"}), (200, {"status": "SUCCESS", "refund_id": "50"}),
        (404, {"code": "RESOURCE_NOT_EXISTS"}), (403, {"code": "NOT_ENOUGH", "message": "余额不足"}),
    )  # fmt: skip
    assert wechat.refund(BACK).state == "pending"
    assert asked[0]["json"]["out_refund_no"] == "R1"
    assert wechat.query_refund(BACK).state == "done"
    assert wechat.query_refund(BACK).state == "unknown"
    with pytest.raises(ChannelRefused, match="余额不足"):
        wechat.refund(BACK)


@pytest.mark.parametrize(
    "answer", [(500, {"code": "SYSTEM_ERROR"}), (429, {}), (200, requests.Timeout()), (200, requests.ConnectionError())]
)
def test_wechat_that_does_not_answer_is_down(wechat: WeChatChannel, wechat_says: Answers, answer: Any) -> None:
    wechat_says(answer)
    with pytest.raises(ChannelDown):
        wechat.query("P1")


def wechat_notice(resource: dict[str, Any], event: str) -> str:
    """Return an encrypted notification."""
    nonce = "a" * 12
    sealed = AESGCM(APIV3.encode()).encrypt(nonce.encode(), json.dumps(resource).encode(), b"transaction")
    held = {"algorithm": "AEAD_AES_256_GCM", "ciphertext": base64.b64encode(sealed).decode(), "nonce": nonce}
    return json.dumps(
        {
            "event_type": event,
            "resource_type": "encrypt-resource",
            "resource": {**held, "associated_data": "transaction"},
        }
    )


def test_wechats_notifications_are_verified_and_decrypted(wechat: WeChatChannel) -> None:
    body = wechat_notice({**PAID, "out_trade_no": "P1"}, "TRANSACTION.SUCCESS")
    notice = wechat.read_notice(wechat_headers(body), body.encode())
    assert notice.order is not None
    assert (notice.number, is_paid(notice.order)) == ("P1", True)
    back = wechat_notice({"out_refund_no": "R1", "refund_id": "50", "refund_status": "SUCCESS"}, "REFUND.SUCCESS")
    refund = wechat.read_notice(wechat_headers(back), back.encode()).refund
    assert refund is not None
    assert refund.state == "done"
    for headers, forged in ((wechat_headers(body), back), ({}, body), (wechat_headers("x"), body)):
        with pytest.raises(Forged):
            wechat.read_notice(headers, forged.encode())


WECHAT_FILE = """\ufeff交易时间,微信订单号,商户订单号,交易状态,应结订单金额,微信退款单号,商户退款单号,退款状态,订单金额,申请退款金额
`2026-11-22 10:00:00,`42,`P1,`SUCCESS,`9360.00,`0,`0,`,`9360.00,`0.00
`2026-11-22 11:00:00,`42,`P1,`REFUND,`0.00,`50,`R1,`SUCCESS,`0.00,`360.00
`2026-11-22 12:00:00,`43,`P2,`SUCCESS,`1.00,`0,`0,`,`many,`0.00
总交易单数,应结订单总金额,退款总金额
`3,`9361.00,`360.00
"""


def test_wechats_daily_file_is_read_line_by_line(wechat: WeChatChannel, wechat_says: Answers) -> None:
    wechat_says(
        (200, {"download_url": "https://api.mch.weixin.qq.com/v3/billdownload/file?token=1"}), (200, WECHAT_FILE)
    )
    content = wechat.statement(date(2026, 11, 22))
    assert content is not None
    pay, refund, bad, total = wechat.read_statement(content)
    assert pay == FileLine(2, "pay", "P1", "42", 936000, "paid", day=date(2026, 11, 22))
    assert refund == FileLine(3, "refund", "R1", "50", 36000, "done", day=date(2026, 11, 22))
    assert isinstance(bad, FileLine)
    assert bad.kind == "bad"
    assert total == FileTotal(3)
    for broken in (b"", b"\xff\xfe", content[:200], b"a,b\n1,2\n"):
        with pytest.raises(StatementUnreadable):
            list(wechat.read_statement(broken))
    wechat_says((400, {"code": "NO_STATEMENT_EXIST"}))
    assert wechat.statement(date(2026, 11, 22)) is None


def test_alipay_signs_the_address_of_its_pay_page(alipay: AlipayChannel) -> None:
    query = {name: values[0] for name, values in parse_qs(urlsplit(alipay.prepare(ORDER, **PLACES)).query).items()}
    content = json.loads(query["biz_content"])
    assert (content["out_trade_no"], content["total_amount"]) == ("P1", "9360.00")
    plain = "&".join(f"{name}={query[name]}" for name in sorted(query) if name != "sign")
    OURS.public_key().verify(base64.b64decode(query["sign"]), plain.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_alipay_tells_what_became_of_an_order(alipay: AlipayChannel, alipay_says: Answers) -> None:
    gone = {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST", "sub_msg": "交易不存在"}
    closed = {**ALI_PAID, "trade_status": "TRADE_CLOSED"}
    alipay_says(
        ALI_PAID, gone, {"code": "10000"}, closed, {"code": "40004", "sub_code": "ACQ.TRADE_STATUS_ERROR"}, ALI_PAID
    )
    assert is_paid(alipay.query("P1"))
    assert alipay.query("P1").state == "unknown"
    assert alipay.close("P1").state == "closed"
    assert is_paid(alipay.close("P1"))


def test_alipay_gives_money_back_by_our_number(alipay: AlipayChannel, alipay_says: Answers) -> None:
    refused = {"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH", "sub_msg": "余额不足"}
    asked = alipay_says(
        {"code": "10000", "trade_no": "42"},
        {"code": "10000", "refund_status": "REFUND_SUCCESS"},
        {"code": "10000"},
        refused,
    )
    assert alipay.refund(BACK).state == "done"
    assert json.loads(asked[0]["biz_content"])["out_request_no"] == "R1"
    assert alipay.query_refund(BACK).state == "done"
    assert alipay.query_refund(BACK).state == "unknown"
    with pytest.raises(ChannelRefused, match="余额不足"):
        alipay.refund(BACK)


def test_alipay_that_moved_no_money_is_asked_what_became_of_the_refund(
    alipay: AlipayChannel, alipay_says: Answers
) -> None:
    nothing = {"code": "10000", "trade_no": "42", "fund_change": "N"}
    alipay_says(nothing, {"code": "10000", "refund_status": "REFUND_SUCCESS"}, nothing, {"code": "10000"})
    assert alipay.refund(BACK).state == "done"
    assert alipay.refund(BACK).state == "unknown"


@pytest.mark.parametrize(
    "answer", [URLError("no route"), TimeoutError(), {"code": "20000", "msg": "Service Currently Unavailable"}]
)
def test_alipay_that_does_not_answer_is_down(alipay: AlipayChannel, alipay_says: Answers, answer: Any) -> None:
    alipay_says(answer)
    with pytest.raises(ChannelDown):
        alipay.query("P1")


def test_alipays_notifications_are_verified(alipay: AlipayChannel) -> None:
    told = {
        "app_id": "2021", "out_trade_no": "P1", "trade_no": "42", "trade_status": "TRADE_SUCCESS",
        "total_amount": "9360.00", "gmt_payment": "2026-11-22 10:00:00",
    }  # fmt: skip

    def body(told: dict[str, str], sign: str = "") -> bytes:
        plain = "&".join(f"{name}={told[name]}" for name in sorted(told))
        return urlencode({**told, "sign_type": "RSA2", "sign": sign or signed(plain)}).encode()

    back = {**told, "refund_fee": "360.00", "out_biz_no": "R1", "gmt_refund": "2026-11-22 11:00:00.123"}
    returned = alipay.read_notice({}, body(back))
    assert (returned.kind, returned.number, returned.order) == ("refund", "R1", None)
    assert returned.refund is not None
    assert returned.refund.state == "done"
    notice = alipay.read_notice({}, body(told))
    assert notice.order is not None
    assert (notice.number, is_paid(notice.order)) == ("P1", True)
    genuine = parse_qs(body(told).decode())["sign"][0]
    for forged in (
        body({**told, "total_amount": "0.01"}, genuine),
        body({**told, "app_id": "9"}),
        urlencode(told).encode(),
        b"",
    ):
        with pytest.raises(Forged):
            alipay.read_notice({}, forged)


def alipay_file(text: str) -> bytes:
    """Return a ZIP as Alipay sends it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        pack.writestr("2021_20261122_业务明细.csv", text.encode("gb18030"))
        pack.writestr("2021_20261122_业务明细(汇总).csv", b"")
    return packed.getvalue()


def test_alipays_daily_file_is_read_line_by_line(alipay: AlipayChannel) -> None:
    text = (
        "#支付宝业务明细查询\n#账号：[2021]\n"
        "支付宝交易号,商户订单号,业务类型,商品名称,订单金额（元）,退款批次号/请求号\n"
        "42\t,P1\t,交易,占道,9360.00,\n42\t,P1\t,退款,占道,-360.00,R1\n43\t,P2\t,交易,占道,?,\n"
        "#交易合计：2笔，商家实收共9360.00元\n#退款合计：1笔，商家实收退款共-360.00元\n#-----业务明细列表结束-----\n"
    )
    pay, refund, bad, total = alipay.read_statement(alipay_file(text))
    assert isinstance(bad, FileLine)
    assert total == FileTotal(3)
    assert pay == FileLine(4, "pay", "P1", "42", 936000, "paid")
    assert refund == FileLine(5, "refund", "R1", "42", 36000, "done")
    assert bad.kind == "bad"
    for broken in (b"", b"PK", alipay_file(""), alipay_file(text.split("#-----")[0]), alipay_file(text)[:-60]):
        with pytest.raises(StatementUnreadable):
            list(alipay.read_statement(broken))


@pytest.mark.parametrize("channel", [WeChatChannel, AlipayChannel])
def test_a_channel_that_cannot_pay_out_says_so(channel: type[PaymentChannel]) -> None:
    with pytest.raises(ChannelRefused):
        channel().transfer("B1", [])
    with pytest.raises(ChannelRefused):
        channel().query_transfers([])
