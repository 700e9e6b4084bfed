"""What people may type as their user name: user name, mobile number or id number."""

from __future__ import annotations

from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.models.person import digest


def find_account(typed: str) -> Account | None:
    """Return the account that a user name, an id number or a mobile number belongs to, in at most two statements.

    A mobile number that several accounts share belongs to none of them: families sign in by user name or id number.
    """
    typed = typed.strip()
    if not typed:
        return None
    account = Account.objects.filter(username__iexact=typed).first()
    if account is not None or not typed[:-1].isdigit():
        return account
    index = "mobile_index" if len(typed) == 11 else "id_index"
    found = Account.objects.filter(**{f"person__{index}": digest(index, typed)})[:2]
    return found[0] if len(found) == 1 else None
