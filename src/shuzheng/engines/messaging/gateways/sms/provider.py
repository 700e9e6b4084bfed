"""What an SMS provider (短信服务商) must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from shuzheng.engines.messaging.gateways.base import Notice, Outcome, Receipt

#: Says which of some receipts were recorded; only those are acknowledged to the provider.
Recorder = Callable[[Sequence[Receipt]], Sequence[bool]]


class SmsProvider(ABC):
    """Takes SMS to the operators."""

    #: Unique among the providers of a site; receipts and health are kept under it.
    name: str

    @abstractmethod
    def submit(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Hand notices over, in bounded time, and return an outcome for each; once it is silent it is left alone."""

    def collect(self, record: Recorder) -> int:
        """Fetch receipts that wait at the provider, have them recorded, and return how many; none where it calls us."""
        return 0
