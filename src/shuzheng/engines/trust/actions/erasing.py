"""Erasing a person from the ledger: asked for by one administrator, carried out by another."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.trust.errors import ErasureDone, SecondPersonNeeded
from shuzheng.engines.trust.models import Erasure, PersonKey
from shuzheng.engines.trust.policies import ERASE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class AskErasureInput(Input):
    """Whom, and why it is owed."""

    person_id: UUID
    #: e.g. 个人信息保护法 §47.
    basis: str = Field(min_length=2, max_length=200)


class AskErasure(Action[AskErasureInput, Erasure]):
    """Ask that what the ledger holds about a person be erased (申请删除个人信息); somebody else has to carry it out."""

    name = "trust.ask_erasure"
    permission = ERASE
    title = _("申请删除账本中的个人信息")

    def perform(self, actor: Actor, given: AskErasureInput) -> Erasure:
        """Keep the request."""
        erasure = Erasure.objects.create(person_id=given.person_id, basis=given.basis, asked_by=_somebody(actor))
        self.about(erasure, basis=given.basis)
        return erasure


class ErasePersonInput(Input):
    """Which request."""

    erasure_id: UUID


class ErasePerson(Action[ErasePersonInput, Erasure]):
    """Destroy the key of a person (销毁个人密钥), so that the personal parts of all ledger entries become unreadable for good.

    Leaves hash what is sealed, not what was said, so every proof stays valid. A decision of two persons: whoever asked
    cannot carry it out, and no program can (个人信息保护法 §47). Raises NotFound, ErasureDone, SecondPersonNeeded.
    """

    name = "trust.erase_person"
    permission = ERASE
    title = _("销毁个人密钥")

    def perform(self, actor: Actor, given: ErasePersonInput) -> Erasure:
        """Overwrite the key and note who did it."""
        erasure = Erasure.objects.select_for_update().filter(pk=given.erasure_id).first()
        if erasure is None:
            raise NotFound
        if erasure.erased_at:
            raise ErasureDone
        if erasure.asked_by == _somebody(actor):
            raise SecondPersonNeeded
        at = now()
        keys = PersonKey.objects.filter(person_id=erasure.person_id, destroyed_at=None)
        erasure.erased_by, erasure.erased_at = actor.account_id, at
        self.about(erasure, keys=keys.update(key="", destroyed_at=at))
        erasure.save(update_fields=["erased_by", "erased_at"])
        return erasure


def _somebody(actor: Actor) -> UUID:
    """Return the account of a person. Raises NotPermitted for a program."""
    if actor.account_id is None:
        raise NotPermitted
    return actor.account_id
