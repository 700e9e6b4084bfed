"""How Django finds and checks an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from shuzheng.engines.identity.identifiers import find_account
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.session_store import account_read_along
from shuzheng.kernel.rows import find


class IdentifierBackend(ModelBackend):
    """Checks a password for a user name, an id number or a mobile number.

    An unknown name costs as much time as a wrong password. A closed or locked account is nobody from the next
    request on.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Account | None:
        """Return the account if the password is right and the account is open."""
        if username is None or password is None:
            return None
        account = find_account(username)
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and self.user_can_authenticate(account) else None

    def get_user(self, user_id: Any) -> Account | None:
        """Return the account of a session, unless it is closed or locked; every request asks."""
        account = account_read_along(user_id) or find(Account, pk=user_id)
        return account if account is not None and self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether the account is neither closed nor locked."""
        return user.is_active and not user.locked
