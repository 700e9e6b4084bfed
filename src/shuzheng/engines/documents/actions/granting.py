"""Rights to use a file (使用权): given by its holder, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents import writing
from shuzheng.engines.documents.actions.locking import take_away
from shuzheng.engines.documents.errors import NoSuchFile
from shuzheng.engines.documents.models import FileRight, StoredFile, Use
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class GrantUseInput(Input):
    """To whom, what, for what purpose, how long."""

    file_id: UUID
    #: A unit, whose officials then may; or one account by its user name together with the person's name.
    unit_id: UUID | None = None
    username: str = Field(default="", max_length=64)
    name: str = Field(default="", max_length=100)
    uses: Annotated[list[Use], Field(min_length=1, max_length=5)]
    purpose: str = Field(min_length=2, max_length=200)
    hours: int = Field(ge=1, le=24 * 366)


class GrantUse(Action[GrantUseInput, FileRight]):
    """Let somebody use one's file within bounds (授权使用文件). Raises NoSuchFile, InvalidInput."""

    name = "documents.grant_use"
    permission = SIGNED_IN
    assurance = 2
    title = _("授权使用文件")

    def perform(self, actor: Actor, given: GrantUseInput) -> FileRight:
        """Write the grant; whoever may do anything with a file may look at it."""
        file = writing.own(actor, given.file_id)
        if (given.unit_id is None) == (not given.username):
            raise InvalidInput(FieldProblem("username", str(_("请选择一个单位，或写明一个账号。"))))
        unit = identity.unit(given.unit_id) if given.unit_id else None
        account = None if unit else _account(given.username, given.name)
        right = FileRight.objects.create(
            file=file,
            unit=unit,
            account=account,
            recipient=unit.name if unit else given.name,
            uses=sorted({Use.READ, *given.uses}),
            purpose=given.purpose,
            valid_until=now() + timedelta(hours=given.hours),
            given_by=actor.name,
        )
        self.about(right, file=str(file.pk), uses=right.uses, hours=given.hours)
        return right


class WithdrawUseInput(Input):
    """Which grant."""

    right_id: UUID


class WithdrawUse(Action[WithdrawUseInput, FileRight]):
    """Take a grant back at once (收回使用权), with the lock held under it; what was read stays on record. Raises NoSuchFile."""

    name = "documents.withdraw_use"
    permission = SIGNED_IN
    title = _("收回文件使用权")

    def perform(self, actor: Actor, given: WithdrawUseInput) -> FileRight:
        """Take it back; again does no harm."""
        right = FileRight.objects.filter(pk=given.right_id).first()
        if right is None:
            raise NoSuchFile
        file = writing.own(actor, right.file_id)
        right.withdrawn_at = right.withdrawn_at or now()
        right.save(update_fields=["withdrawn_at"])
        if _locks_nobody_may_keep(file):
            take_away(self, file)
        self.about(right, file=str(file.pk))
        return right


def _locks_nobody_may_keep(file: StoredFile) -> bool:
    """Say whether a file is locked by somebody to whom the holder no longer lets it for revision by name."""
    lock = writing.lock_on(file)
    if lock is None or lock.holder_id == file.owner_account_id:
        return False
    left = FileRight.objects.filter(file=file, account_id=lock.holder_id, withdrawn_at=None, valid_until__gt=now())
    return not any(Use.REVISE in right.uses for right in left)


def _account(username: str, name: str) -> Account:
    """Return an open account whose person has this name; which of the two was wrong is not told. Raises InvalidInput."""
    found = Account.objects.filter(username__iexact=username, is_active=True, person__name=name).first()
    if found is None or not name:
        raise InvalidInput(FieldProblem("username", str(_("没有找到账号和姓名都相符的人，请向对方核对。"))))
    return found
