"""How a licence stands at a moment: pure, from its history and its dates.

The stored state is an index for lists; whoever relies on a licence asks here, so that an expiry needs no job to have run,
and a decision that takes effect backwards (撤销) is seen by whoever looks at the past again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.moment import ZONE

VALID, ISSUING, EXPIRED, NOT_YET = "valid", "issuing", "expired", "not_yet"
HELD, SUSPENDED, REVOKED, VOID, REPLACED = "held", "suspended", "revoked", "void", "replaced"
#: States in words, and the colour and sign that go with them; a state is never told by colour alone.
TITLES: dict[str, Any] = {
    ISSUING: _("制证中"),
    VALID: _("有效"),
    NOT_YET: _("尚未生效"),
    EXPIRED: _("已过期"),
    HELD: _("暂扣"),
    SUSPENDED: _("中止使用"),
    REVOKED: _("已吊销或撤销"),
    VOID: _("已作废"),
    REPLACED: _("已由新证代替"),
}
TONES = {VALID: "green", ISSUING: "blue", NOT_YET: "blue", EXPIRED: "amber", HELD: "amber", SUSPENDED: "amber"}
#: States that no later act leaves.
FINAL = frozenset({REVOKED, VOID, REPLACED})


@dataclass(frozen=True)
class Change:
    """A change of state: from when it holds, and when it became known."""

    state: str
    effective: datetime
    recorded: datetime
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """How a licence stands, and why."""

    state: str
    #: From when; of one that is not in force yet, from when it will be.
    since: datetime | None = None
    reason: str = ""

    @property
    def good(self) -> bool:
        """Say whether one may rely on the licence."""
        return self.state == VALID

    @property
    def title(self) -> Any:
        """Return the state in words."""
        return TITLES[self.state]

    @property
    def tone(self) -> str:
        """Return the colour of the state."""
        return TONES.get(self.state, "red")


def standing(
    changes: Iterable[Change],
    valid_from: date | None,
    valid_until: date | None,
    at: datetime,
    *,
    known: datetime | None = None,
) -> Standing:
    """Return how a licence stood at a moment, by what is known at another (default: everything).

    Both days of the period are inside it. A change counts from when it takes effect; of those, the one recorded last holds.
    """
    seen = sorted((c for c in changes if known is None or c.recorded <= known), key=lambda c: c.recorded)
    in_effect = [change for change in seen if change.effective <= at]
    last = next((c for c in reversed(in_effect) if c.state in FINAL), in_effect[-1] if in_effect else None)
    if last is None:
        return Standing(NOT_YET if seen else ISSUING)
    if last.state != VALID:
        return Standing(last.state, last.effective, last.reason)
    day = at.astimezone(ZONE).date()
    if valid_from is not None and day < valid_from:
        return Standing(NOT_YET, datetime.combine(valid_from, time(), ZONE))
    if valid_until is not None and day > valid_until:
        return Standing(EXPIRED, last.effective)
    return Standing(VALID, last.effective, last.reason)
