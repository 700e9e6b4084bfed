"""The sandbox acquirer as a program of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from shuzheng.cli.console import say
from shuzheng.settings.environment import home


def sandbox() -> None:
    """Run the sandbox acquirer (演示收单机构): pay pages, notifications, refunds and daily files, without real money."""
    from shuzheng.sandbox.acquirer import serve
    from shuzheng.settings import payments

    place = urlsplit(payments.SANDBOX_ACQUIRER)
    say(f"Sandbox acquirer on {payments.SANDBOX_ACQUIRER}")
    serve(home() / "sandbox", payments.SANDBOX_SECRET, place.hostname or "127.0.0.1", place.port or 8301)


def takes_sandbox_money() -> bool:
    """Say whether the sandbox acquirer is a channel of this installation, and on this machine."""
    from shuzheng.settings import payments

    local = urlsplit(payments.SANDBOX_ACQUIRER).hostname in ("127.0.0.1", "localhost")
    return local and "sandbox" in payments.PAYMENT_CHANNELS
