"""Time stamps of signed requests: near enough to now, so that none can be sent again later."""

from __future__ import annotations

import re

from shuzheng.kernel.moment import now

#: Seconds by which the clocks of the two may differ.
SKEW = 300
_SECONDS = re.compile(r"[0-9]{1,12}")


def fresh(timestamp: str) -> bool:
    """Say whether a text is a number of seconds since 1970 that is near enough to now."""
    return bool(_SECONDS.fullmatch(timestamp)) and abs(int(timestamp) - now().timestamp()) <= SKEW
