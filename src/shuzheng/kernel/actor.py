"""Who acts: as whom, through which channel, with which grants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid4

#: The grant that the platform itself holds.
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission in one part of the division tree."""

    #: Name of a permission, or ``*``.
    permission: str
    #: Path of a division; empty means everywhere.
    scope: str = ""
    #: Codes of the things that it is for (templates, seals, kinds of evidence); empty for all.
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Party:
    """The natural or legal person on whose behalf something is done (当事人)."""

    kind: Literal["person", "legal"]
    id: UUID
    name: str
    #: Code of the division where the party is registered.
    division: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """The one who performs an action, with everything that decides whether it is allowed."""

    #: Name to show and to log.
    name: str
    account_id: UUID | None = None
    person_id: UUID | None = None
    officer_id: UUID | None = None
    #: Units in which the officer holds a post.
    unit_ids: frozenset[UUID] = frozenset()
    #: Posts held: (unit, post code).
    posts: frozenset[tuple[UUID, str]] = frozenset()
    #: On whose behalf; ``None`` for an officer on duty.
    party: Party | None = None
    #: The mandate under which a party other than oneself is represented.
    mandate_id: UUID | None = None
    #: Level of assurance of the sign-in, 1 (self-asserted) to 4 (face to face).
    assurance: int = 1
    #: web, window, app, api, cli or system.
    channel: str = "web"
    #: Network address of the client.
    address: str = ""
    #: Joins log lines, audit records and error pages of one request.
    correlation_id: str = field(default_factory=lambda: uuid4().hex)
    grants: frozenset[Grant] = frozenset()
    #: The connected application that calls (接入应用), and its code; its grants are metered.
    application_id: UUID | None = None
    application: str = ""
    #: Why personal data is read, when a page asks for it.
    purpose: str = ""

    @classmethod
    def system(cls, name: str) -> Actor:
        """Return the platform itself, acting through a job, an importer or the command line."""
        return cls(name=name, channel="system", assurance=4, grants=frozenset({Grant(EVERYTHING)}))

    @property
    def anonymous(self) -> bool:
        """Say whether nobody has signed in."""
        return self.account_id is None and self.channel != "system"

    @property
    def is_officer(self) -> bool:
        """Say whether the actor is an official."""
        return self.officer_id is not None


#: Somebody who has not signed in.
ANYBODY = Actor(name="", correlation_id="")
