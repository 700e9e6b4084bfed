"""Who acts: a resident, an officer, a browser."""

from __future__ import annotations

from django.test import Client

from shuzheng.engines.identity.actors import actor_for_account
from shuzheng.engines.identity.models import Account, LegalPerson, Officer, Person
from shuzheng.engines.identity.parties import legal_party, person_party
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity.people import PASSWORD


def actor_of_person(person: Person, party: Person | LegalPerson | None = None, *, channel: str = "web") -> Actor:
    """Return a resident acting for themselves, or for a firm or relative they may represent. Raises NoSuchParty."""
    chosen = person if party is None else party
    reference = person_party(chosen) if isinstance(chosen, Person) else legal_party(chosen)
    return actor_for_account(Account.objects.get(person=person), reference, channel)


def actor_of_officer(officer: Officer, *, channel: str = "web") -> Actor:
    """Return an officer on duty."""
    return actor_for_account(officer.account, channel=channel)


def a_browser(account: Account, password: str = PASSWORD) -> Client:
    """Return a fresh browser that has tried to sign in through the page."""
    browser = Client()
    browser.post("/accounts/login/", {"login": account.username, "password": password})
    return browser
