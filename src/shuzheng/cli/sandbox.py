"""The sandbox: what stands in for the world outside in a demo, as one program beside the platform."""

from __future__ import annotations

from functools import partial
from threading import Thread
from urllib.parse import urlsplit

from shuzheng.cli.console import say
from shuzheng.settings.environment import home

HERE = ("127.0.0.1", "localhost")


def sandbox() -> None:
    """Run what a demo needs of the world outside (演示沙箱): an acquirer without money, an SMS centre without phones."""
    from shuzheng.sandbox.acquirer import serve
    from shuzheng.settings import payments

    if sends_sandbox_texts():
        Thread(target=_texts(), daemon=True).start()
    place = urlsplit(payments.SANDBOX_ACQUIRER)
    say(f"Sandbox acquirer on {payments.SANDBOX_ACQUIRER}")
    serve(home() / "sandbox", payments.SANDBOX_SECRET, place.hostname or HERE[0], place.port or 8301)


def _texts() -> partial[None]:
    """Return what serves the SMS centre; its receipts go to the site that is served here."""
    from shuzheng.sandbox.smsc.centre import serve
    from shuzheng.settings import payments, texts

    folder = home() / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    say(f"Sandbox SMS centre on {texts.SANDBOX_SMS}")
    return partial(
        serve,
        str(folder / "smsc.sqlite3"),
        http=texts.HTTP_PORT,
        cmpp=texts.CMPP_PORT,
        callback=f"{payments.PAYMENT_ADDRESS}/api/messaging/receipts/{texts.SANDBOX}",
        secret=texts.SANDBOX_SMS_SECRET,
    )


def takes_sandbox_money() -> bool:
    """Say whether the sandbox acquirer is a channel of this installation, and on this machine."""
    from shuzheng.settings import payments

    return urlsplit(payments.SANDBOX_ACQUIRER).hostname in HERE and "sandbox" in payments.PAYMENT_CHANNELS


def sends_sandbox_texts() -> bool:
    """Say whether the sandbox SMS centre is a provider of this installation, and on this machine."""
    from shuzheng.settings import texts

    places = [urlsplit(provider) for provider in texts.SMS_PROVIDERS]
    return any((place.hostname, place.port) == (HERE[0], texts.HTTP_PORT) for place in places)
