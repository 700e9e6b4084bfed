"""Ways of telling people that a message waits for them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from smtplib import SMTPException

import structlog
from django.core.mail import send_mail

from shuzheng.engines.messaging.errors import ChannelDown

log = structlog.get_logger()


class ChannelGateway(ABC):
    """Takes notices to one kind of address."""

    @abstractmethod
    def send(self, address: str, title: str, text: str) -> None:
        """Send a notice, which holds no personal data. Raises ChannelDown."""


class EmailChannel(ChannelGateway):
    """E-mail through the server of ``SHUZHENG_SMTP``."""

    def send(self, address: str, title: str, text: str) -> None:
        """Send one plain mail. Raises ChannelDown."""
        try:
            send_mail(title, text, None, [address])
        except (SMTPException, OSError) as failure:
            raise ChannelDown from failure


class ConsoleChannel(ChannelGateway):
    """Writes to the log where a real provider would send; the address stays out of it."""

    def send(self, address: str, title: str, text: str) -> None:
        """Log the notice."""
        log.info("notice", title=title, text=text)


class FailingChannel(ChannelGateway):
    """A channel that never works, for tests and drills."""

    def send(self, address: str, title: str, text: str) -> None:
        """Raise ChannelDown."""
        raise ChannelDown
