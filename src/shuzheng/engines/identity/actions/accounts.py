"""What officers do to accounts: lock, unlock, end sessions, prove identity face to face, set a new password."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.identity import authority, failures, sessions
from shuzheng.engines.identity.actions.registration import set_password
from shuzheng.engines.identity.errors import IdentityNotConfirmed
from shuzheng.engines.identity.inputs import IdNumber, Name
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.policies import CONFIRM_IDENTITY, MANAGE_ACCOUNTS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN, require


class AccountInput(Input):
    """Which account."""

    account_id: UUID


class LockAccountInput(AccountInput):
    """Which account is locked, and why."""

    reason: str = Field(min_length=2, max_length=200)


class LockAccount(Action[LockAccountInput, Account]):
    """Lock an account until it is unlocked and end its sessions (锁定账户); nobody locks their own."""

    name = "identity.lock_account"
    permission = MANAGE_ACCOUNTS
    title = _("锁定账户")

    def perform(self, actor: Actor, given: LockAccountInput) -> Account:
        """Lock it; the next request of any session finds nobody signed in."""
        if given.account_id == actor.account_id:
            raise NotPermitted(_("不能锁定自己的账户，请由另一位安全管理员办理。"))
        account = _account(given.account_id)
        account.locked_at, account.lock_reason = now(), given.reason
        account.save(update_fields=["locked_at", "lock_reason"])
        self.about(account, sessions=sessions.end(account.pk))
        return account


class UnlockAccount(Action[AccountInput, Account]):
    """Unlock an account, and forget its failed sign-ins (解锁账户)."""

    name = "identity.unlock_account"
    permission = MANAGE_ACCOUNTS
    title = _("解锁账户")

    def perform(self, actor: Actor, given: AccountInput) -> Account:
        """Unlock it."""
        account = _account(given.account_id)
        account.locked_at, account.lock_reason = None, ""
        account.save(update_fields=["locked_at", "lock_reason"])
        failures.clear(failures.target_of(account))
        self.about(account)
        return account


class EndSessionsInput(AccountInput):
    """Whose sessions end: one of them by its handle, or all."""

    handle: UUID | None = None


class SessionsEnded(BaseModel):
    """How many sessions ended."""

    count: int


class EndSessions(Action[EndSessionsInput, SessionsEnded]):
    """End sessions (结束会话): one's own, or those of any account for whoever manages accounts."""

    name = "identity.end_sessions"
    permission = SIGNED_IN
    title = _("结束会话")

    def check(self, actor: Actor, given: EndSessionsInput) -> None:
        """Refuse other people's sessions to all but those who manage accounts."""
        if given.account_id != actor.account_id:
            require(actor, MANAGE_ACCOUNTS)

    def perform(self, actor: Actor, given: EndSessionsInput) -> SessionsEnded:
        """End them."""
        account = _account(given.account_id)
        ended = SessionsEnded(count=sessions.end(account.pk, handle=given.handle))
        self.about(account, sessions=ended.count)
        return ended


class ConfirmIdentityInput(AccountInput):
    """Whom the officer has before them, by the document shown."""

    name: Name
    id_number: IdNumber = Field(min_length=18)


class ConfirmIdentity(Action[ConfirmIdentityInput, Account]):
    """Raise an account to the highest level of assurance, the person standing at the window (当面核验).

    Raises IdentityNotConfirmed if name and number are not those of the account's person; NotPermitted for one's own.
    """

    name = "identity.confirm_identity"
    permission = CONFIRM_IDENTITY
    title = _("当面核验身份")

    def perform(self, actor: Actor, given: ConfirmIdentityInput) -> Account:
        """Compare and raise the level."""
        account = _face_to_face(actor, given)
        account.assurance = Assurance.FACE_TO_FACE
        account.save(update_fields=["assurance"])
        self.about(account, assurance=account.assurance)
        return account


class ResetPasswordInput(ConfirmIdentityInput):
    """The person at the window and the new password they typed."""

    password: str = Field(min_length=1, max_length=128, repr=False)


class ResetPassword(Action[ResetPasswordInput, Account]):
    """Set the new password that a person types at the window after showing a document (窗口重置密码).

    Ends every session and lifts the lock from failed sign-ins. Raises IdentityNotConfirmed, InvalidInput.
    """

    name = "identity.reset_password"
    permission = CONFIRM_IDENTITY
    title = _("窗口重置密码")

    def perform(self, actor: Actor, given: ResetPasswordInput) -> Account:
        """Compare, set the password, end the sessions."""
        account = _face_to_face(actor, given)
        set_password(account, given.password)
        account.save(update_fields=["password", "password_changed_at"])
        authority.changed([account.pk])
        failures.clear(failures.target_of(account))
        self.about(account, sessions=sessions.end(account.pk))
        return account


def _account(account_id: UUID) -> Account:
    account = Account.objects.select_for_update(of=("self",)).select_related("person").filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def _face_to_face(actor: Actor, given: ConfirmIdentityInput) -> Account:
    if given.account_id == actor.account_id:
        raise NotPermitted(_("不能核验本人，请由其他工作人员办理。"))
    account = _account(given.account_id)
    person = account.person
    if person is None or (person.name, person.id_number) != (given.name, given.id_number):
        raise IdentityNotConfirmed
    return account
