"""The SMS channel: the first healthy provider takes a batch, the next takes what the first could not."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from shuzheng.engines.messaging.actions.providers import ReportProvider
from shuzheng.engines.messaging.breaker import Breaker
from shuzheng.engines.messaging.gateways.base import ChannelGateway, LogChannel, Notice, Outcome
from shuzheng.engines.messaging.gateways.sms.cmpp import CmppProvider
from shuzheng.engines.messaging.gateways.sms.http import HttpProvider
from shuzheng.engines.messaging.gateways.sms.provider import SmsProvider
from shuzheng.engines.messaging.models import ProviderHealth
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now


def providers() -> list[SmsProvider]:
    """Return the providers of ``SHUZHENG_SMS``, in the order in which they are tried."""
    return [_provider(url) for url in settings.SMS_PROVIDERS]


def provider_named(name: str) -> SmsProvider | None:
    """Return a provider by its name."""
    return next((provider for provider in providers() if provider.name == name), None)


def _provider(url: str) -> SmsProvider:
    parts = urlsplit(url)
    options = {key: values[0] for key, values in parse_qs(parts.query).items()}
    user, secret = unquote(parts.username or ""), unquote(parts.password or "")
    name = options.pop("name", parts.hostname or "")
    if parts.scheme == "cmpp":
        return CmppProvider(name, parts.hostname or "", parts.port or 7890, user, secret, **options)
    address = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
    return HttpProvider(name, address, user, secret, **options)


class SmsChannel(ChannelGateway):
    """Fails over from provider to provider; without any, notices are written to the log."""

    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Offer what is left to each provider whose circuit is closed; what none took is tried again later.

        A provider that falls silent may still have taken the last notice; handed to the next one, that notice can
        reach the phone twice. Not reaching it at all would be worse.
        """
        everyone = providers()
        if not everyone:
            return LogChannel().send(notices)
        outcomes = {notice.id: Outcome("retry", reason="no provider") for notice in notices}
        health = {row.name: row for row in ProviderHealth.objects.filter(pk__in=[p.name for p in everyone])}
        left = list(notices)
        for provider in everyone:
            if left and _breaker(health.get(provider.name)).allows(now()):
                found = provider.submit(left)
                outcomes.update({notice.id: outcome for notice, outcome in zip(left, found, strict=True)})
                _report(provider.name, found, known=health.get(provider.name))
                left = [notice for notice in left if outcomes[notice.id].state == "retry"]
        return [outcomes[notice.id] for notice in notices]


def _breaker(row: ProviderHealth | None) -> Breaker:
    return Breaker(row.failures, row.open_until) if row else Breaker()


def _report(name: str, outcomes: Sequence[Outcome], known: ProviderHealth | None) -> None:
    """Note that a provider failed, or that it works again; that it still works is no news."""
    failed = next((outcome for outcome in outcomes if outcome.state == "retry"), None)
    if failed is not None or (known is not None and known.failures):
        reason = failed.reason if failed else ""
        ReportProvider.do(Actor.system("messaging"), provider=name, failed=failed is not None, reason=reason)
