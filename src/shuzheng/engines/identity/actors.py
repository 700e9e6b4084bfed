"""Putting an actor together from an account, what it may do, and on whose behalf it acts."""

from __future__ import annotations

from uuid import UUID

from shuzheng.engines.identity import authority as authorities
from shuzheng.engines.identity.authority import Authority
from shuzheng.engines.identity.errors import NoSuchParty
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.parties import DUTY, SELF, PartyChoice, parties_for
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.id import new_id


def own_choice(authority: Authority) -> PartyChoice:
    """Return how an account acts unless it has chosen otherwise: officers on duty, others for themselves."""
    if authority.officer_id:
        return PartyChoice(DUTY, None, "duty")
    return self_choice(authority)


def self_choice(authority: Authority) -> PartyChoice:
    """Return acting for oneself; an account without a person has no party."""
    if not authority.person_id:
        return PartyChoice(SELF, None, "self")
    party = Party("person", UUID(authority.person_id), authority.name, authority.division)
    return PartyChoice(SELF, party, "self")


def compose(
    account: Account,
    authority: Authority,
    choice: PartyChoice,
    *,
    channel: str,
    address: str = "",
    correlation_id: str = "",
) -> Actor:
    """Return the actor. Powers of office are held on duty only: nobody decides while acting for a party."""
    on_duty = choice.ground == "duty"
    posts = authority.held_posts() if on_duty else frozenset()
    return Actor(
        name=authority.name,
        account_id=account.pk,
        person_id=UUID(authority.person_id) if authority.person_id else None,
        officer_id=UUID(authority.officer_id) if on_duty and authority.officer_id else None,
        unit_ids=frozenset(unit for unit, _code in posts),
        posts=posts,
        party=choice.party,
        mandate_id=choice.mandate_id,
        assurance=account.assurance,
        channel=channel,
        address=address,
        grants=authority.held_grants() if on_duty else frozenset(),
        correlation_id=correlation_id or new_id().hex,
    )


def actor_for_account(account: Account, party: Party | None = None, channel: str = "web") -> Actor:
    """Return an actor for an account outside a web session: importers, the demo story, tests.

    ``party`` is whom to act for; the account must be allowed to. Raises NoSuchParty.
    """
    authority = authorities.load(account)
    choice = own_choice(authority) if party is None else _choice_for(account, party)
    return compose(account, authority, choice, channel=channel)


def _choice_for(account: Account, party: Party) -> PartyChoice:
    for choice in parties_for(account):
        if choice.party is not None and choice.party.id == party.id:
            return choice
    raise NoSuchParty
