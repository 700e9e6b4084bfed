"""Sessions in the database, by account; idle and absolute time limits are part of the expiry."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from shuzheng.engines.identity.models.account import Account
from shuzheng.engines.identity.models.session import AccountSession
from shuzheng.kernel.moment import now
from shuzheng.kernel.rows import find_with

#: Where the store's own facts lie among the session's data.
ORIGIN = "origin"
#: The account of the session read last in this context, until it is asked for.
_read_along: ContextVar[Account | None] = ContextVar("account_read_along", default=None)


def account_read_along(account_id: UUID) -> Account | None:
    """Return once the account that the session now in use was read with, if it is this one."""
    account = _read_along.get()
    _read_along.set(None)
    return account if account is not None and account.pk == account_id else None


class SessionStore(DatabaseStore):
    """Keeps sessions in ``AccountSession``.

    A session ends after ``SESSION_IDLE`` without use and after ``SESSION_ABSOLUTE`` in any case (ASVS 3.3).
    """

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        """Return the table."""
        return AccountSession

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return when the session ends unless it is used again."""
        moment = now()
        origin = self.get(ORIGIN)
        idle = moment + timedelta(seconds=settings.SESSION_IDLE)
        if origin is None:
            return idle
        return min(idle, datetime.fromisoformat(origin["started"]) + timedelta(seconds=settings.SESSION_ABSOLUTE))

    def get_expire_at_browser_close(self) -> bool:
        """Let the cookie live as long as the browser; the server decides when the session ends."""
        return True

    def create_model_instance(self, data: dict[str, Any]) -> AccountSession:
        """Return the row, with the columns that lists of sessions show."""
        row = cast(AccountSession, super().create_model_instance(data))
        row.seen_at = now()
        if account_id := data.get("_auth_user_id"):
            row.account_id = UUID(account_id)
        if origin := data.get(ORIGIN):
            row.handle = UUID(origin["handle"])
            row.started_at = datetime.fromisoformat(origin["started"])
            row.address, row.agent = origin["address"], origin["agent"]
        return row

    def _get_session_from_db(self) -> AccountSession | None:
        """Return the row unless it has expired, by the platform's own clock."""
        row, account = find_with(AccountSession, Account, "account_id", session_key=self.session_key)
        _read_along.set(account)
        if row is None or row.expire_date <= now():
            self._session_key = None
            return None
        return row
