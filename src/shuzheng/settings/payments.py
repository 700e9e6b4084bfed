"""Channels of payment: which there are, and with which credentials."""

from __future__ import annotations

from pathlib import Path

from shuzheng.settings.environment import boolean, declare, home, words
from shuzheng.settings.keys import secret_key

_demo = declare("SHUZHENG_DEMO", boolean, "0", "Show the demo banner, demo accounts and the style guide.")
PAYMENT_CHANNELS = declare(
    "SHUZHENG_PAYMENT_CHANNELS",
    words,
    "sandbox" if _demo else "",
    "Ways to pay, in the order shown: sandbox, wechat, alipay. In a demo, sandbox.",
)
PAYMENT_ADDRESS = declare(
    "SHUZHENG_PAYMENT_ADDRESS",
    str,
    "http://127.0.0.1:8000",
    "Address of this site as acquirers reach it for notifications.",
)
PAYMENT_TIMEOUT = declare("SHUZHENG_PAYMENT_TIMEOUT", float, "5", "Seconds that an acquirer may take to answer.")
SANDBOX_ACQUIRER = declare(
    "SHUZHENG_SANDBOX_ACQUIRER", str, "http://127.0.0.1:8301", "Address of the sandbox acquirer, a program of its own."
)
SANDBOX_SECRET = declare(
    "SHUZHENG_SANDBOX_SECRET",
    str,
    "",
    "Key shared with the sandbox acquirer; made under SHUZHENG_HOME/keys when empty.",
    secret=True,
) or secret_key(home(), "sandbox-acquirer")
WECHAT_PAY = declare(
    "SHUZHENG_WECHAT_PAY",
    Path,
    "",
    "JSON file of the WeChat Pay v3 merchant; see docs/howto/connect-a-payment-channel.md.",
)
ALIPAY = declare(
    "SHUZHENG_ALIPAY", Path, "", "JSON file of the Alipay application; see docs/howto/connect-a-payment-channel.md."
)
REFUND_SECOND = declare(
    "SHUZHENG_REFUND_SECOND", int, "500000", "Refunds above this, in fen, are approved by two people."
)
STATEMENT_LARGEST = declare(
    "SHUZHENG_STATEMENT_LARGEST",
    int,
    "67108864",
    "Bytes of an acquirer's daily file at most; a larger one is not read.",
)
PAYOUT_LIMITS = {
    "line": declare("SHUZHENG_PAYOUT_LINE", int, "1000000", "Largest payout to one person, in fen."),
    "batch": declare("SHUZHENG_PAYOUT_BATCH", int, "500000000", "Largest batch of payouts, in fen."),
    "day": declare("SHUZHENG_PAYOUT_DAY", int, "1000000000", "Most that one programme pays out a day, in fen."),
}
