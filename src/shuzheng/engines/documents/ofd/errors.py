"""What can be wrong with an OFD file or with what is to be written into one."""

from __future__ import annotations


class OfdUnreadable(ValueError):
    """The bytes are no OFD that can be opened safely; ``reason`` says why, in a sentence for a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OfdUnwritable(ValueError):
    """What was given cannot be expressed in an OFD file; ``reason`` says what and where."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
