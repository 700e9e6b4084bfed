"""Services outside the platform: the antivirus scanner and the mail server."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from shuzheng.settings.environment import declare, words


def megabytes(text: str) -> int:
    """Read a number of megabytes as bytes."""
    return int(float(text) * 1024 * 1024)


FILE_LIMIT = declare("SHUZHENG_FILE_LIMIT", megabytes, "20", "Largest file that may be handed in, in MB.")
ANTIVIRUS = declare(
    "SHUZHENG_ANTIVIRUS",
    str,
    "none",
    "Antivirus scanner: none, tcp://host:3310 or unix:///path of clamd; failing for drills.",
)
FONTS = declare(
    "SHUZHENG_FONTS",
    str,
    "",
    "Folder with Chinese fonts of the office's own: song, hei, fang, kai (also -bold), each .ttf, .otf or .ttc.",
)

_smtp = urlsplit(
    declare(
        "SHUZHENG_SMTP",
        str,
        "",
        "Mail server, smtp://user:password@host:587; empty writes mail to the log.",
        secret=True,
    )
)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _smtp.hostname else 'console'}.EmailBackend"
EMAIL_HOST = _smtp.hostname or "localhost"
EMAIL_PORT = _smtp.port or 25
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 20
#: Channels of messages beside those provided: name → dotted path of its gateway.
MESSAGE_CHANNELS: dict[str, str] = {}
DEFAULT_FROM_EMAIL = declare("SHUZHENG_MAIL_FROM", str, "shuzheng@localhost", "Sender of mail.")

#: Seconds after which a silent target counts as down.
WEBHOOK_TIMEOUT = 10.0
WEBHOOK_PRIVATE_HOSTS = declare(
    "SHUZHENG_WEBHOOK_PRIVATE_HOSTS", words, "", "Hosts inside the network that webhooks may call, also by plain http."
)
OFFICE_TODO = declare(
    "SHUZHENG_OFFICE_TODO",
    str,
    "",
    "Office system that to-dos are pushed to, https://host/path#secret; empty leaves them to the desk.",
    secret=True,
)
#: People that one bulk may reach without a second person's approval.
BULK_APPROVAL_ABOVE = 50
