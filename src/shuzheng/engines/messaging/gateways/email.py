"""E-mail through the server of ``SHUZHENG_SMTP``."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import EmailMessage, get_connection

from shuzheng.engines.messaging.gateways.base import ChannelGateway, Notice, Outcome

#: Answers from here on are for good (RFC 5321 §4.2.1); those below ask to try again later.
PERMANENT = 500


class EmailChannel(ChannelGateway):
    """Plain mails, a whole batch through one connection."""

    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Send one plain mail for each notice; its Message-ID is the delivery's, so that a repetition is recognised."""
        connection = get_connection()
        try:
            connection.open()
        except (SMTPException, OSError) as failure:
            return [_again(failure) for _notice in notices]
        try:
            return [self._send(connection, notice) for notice in notices]
        finally:
            connection.close()

    def _send(self, connection: Any, notice: Notice) -> Outcome:
        identity = f"<{notice.id}@shuzheng>"
        mail = EmailMessage(
            notice.title, notice.text, None, [notice.address], headers={"Message-ID": identity}, connection=connection
        )
        try:
            mail.send()
        except SMTPRecipientsRefused as failure:
            code = min((code for code, _text in failure.recipients.values()), default=PERMANENT)
            return _again(failure) if code < PERMANENT else Outcome("refused", "smtp", reason=f"smtp {code}")
        except SMTPResponseException as failure:
            if failure.smtp_code >= PERMANENT:
                return Outcome("refused", "smtp", reason=f"smtp {failure.smtp_code}")
            return _again(failure)
        except (SMTPException, OSError) as failure:
            return _again(failure)
        return Outcome("sent", "smtp", identity)


def _again(failure: Exception) -> Outcome:
    return Outcome("retry", "smtp", reason=type(failure).__name__)
