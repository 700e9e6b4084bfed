"""Text messages (短信): the providers, and the sandbox SMS centre of a demo."""

from __future__ import annotations

from urllib.parse import urlsplit

from shuzheng.settings.environment import boolean, declare, home, words
from shuzheng.settings.keys import secret_key

_demo = declare("SHUZHENG_DEMO", boolean, "0", "Show the demo banner, demo accounts and the style guide.")
#: Name of the sandbox among the providers; its receipts come back under it.
SANDBOX = "sandbox"
SANDBOX_SMS = declare(
    "SHUZHENG_SANDBOX_SMS",
    str,
    "http://127.0.0.1:8302",
    "Address of the sandbox SMS centre; CMPP is on the port after it.",
)
HTTP_PORT = urlsplit(SANDBOX_SMS).port or 8302
CMPP_PORT = HTTP_PORT + 1
SANDBOX_SMS_SECRET = secret_key(home(), "sandbox-sms")[:40] if _demo else ""
SMS_PROVIDERS = declare(
    "SHUZHENG_SMS",
    words,
    f"http://sandbox:{SANDBOX_SMS_SECRET}@127.0.0.1:{HTTP_PORT}/sms?name={SANDBOX},"
    f"cmpp://900001:{SANDBOX_SMS_SECRET}@127.0.0.1:{CMPP_PORT}?name={SANDBOX}-cmpp&source=106900000000"
    if _demo
    else "",
    "SMS providers in the order in which they are tried: https://key:secret@host/path?name=a&sign_name=数政, "
    "cmpp://account:secret@host:7890?name=b&source=10690000; empty writes SMS to the log. In a demo, the sandbox.",
    secret=True,
)
SMS_TIMEOUT = declare(
    "SHUZHENG_SMS_TIMEOUT", float, "5", "Seconds until an SMS provider that is silent counts as down."
)
