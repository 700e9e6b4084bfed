"""Other installations' witnesses (C2SP tlog-witness)."""

from __future__ import annotations

import http.client
from abc import ABC, abstractmethod
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT = 10.0
LONGEST_ANSWER = 64 * 1024


class WitnessAway(Exception):
    """The witness cannot be reached; the next run tries again."""


class WitnessGateway(ABC):
    """A way to submit a checkpoint."""

    @abstractmethod
    def submit(self, url: str, body: str) -> tuple[int, str]:
        """Post to ``<url>/add-checkpoint``; return status and body. Raises WitnessAway."""


class HttpWitness(WitnessGateway):
    """A witness reached over HTTPS, or over HTTP inside a protected network."""

    def submit(self, url: str, body: str) -> tuple[int, str]:
        """Post; redirections are not followed."""
        parts = urlsplit(f"{url.rstrip('/')}/add-checkpoint")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        link = kind(parts.netloc, timeout=TIMEOUT)
        try:
            link.request("POST", parts.path, body.encode(), {"Content-Type": "text/plain; charset=utf-8"})
            answer = link.getresponse()
            return answer.status, answer.read(LONGEST_ANSWER).decode()
        except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
            raise WitnessAway(str(error)) from error
        finally:
            link.close()


def witness_gateway() -> WitnessGateway:
    """Return the gateway that ``SHUZHENG_WITNESS_GATEWAY`` names."""
    return import_string(settings.SHUZHENG_WITNESS_GATEWAY)()
