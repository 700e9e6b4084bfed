"""What a form is answered in: by whom, for whom, with what government knows already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from shuzheng.kernel.actor import ANYBODY, Actor, Party
from shuzheng.kernel.moment import today


@dataclass(frozen=True)
class Prefill:
    """What government knows already (已由政府提供)."""

    #: Answers by path.
    values: Mapping[str, Any] = field(default_factory=dict)
    #: By path, who provided the answer, in words.
    provenance: Mapping[str, str] = field(default_factory=dict)


NOTHING = Prefill()


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """Everything besides the answers that a form depends on."""

    actor: Actor = ANYBODY
    #: Whom the form is for; the actor's own party unless given.
    party: Party | None = None
    prefill: Prefill = NOTHING
    audience: Literal["resident", "officer", "elder"] = "resident"
    today: date = field(default_factory=today)
    #: Paths whose masked answers the person asked to see.
    revealed: frozenset[str] = frozenset()
    #: Paths of provided or kept answers that the person asked to change.
    opened: frozenset[str] = frozenset()
    #: Search words by path, for long code lists.
    searches: Mapping[str, str] = field(default_factory=dict)
    #: Files that were accepted before; they may stay, whoever corrects the other answers.
    accepted: frozenset[str] = frozenset()

    @property
    def names(self) -> dict[str, Any]:
        """Return what expressions may read besides answers."""
        party = self.party or self.actor.party
        known = {"kind": party.kind, "division": party.division} if party else {}
        return {"party": known, "channel": self.actor.channel}
