"""Witnessing: which logs we watch, who watches ours, and cosigning."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints, field_validator

from shuzheng.engines.trust.errors import NotAKey
from shuzheng.engines.trust.ledger import cosigning
from shuzheng.engines.trust.ledger.note import LOG, LONGEST, WITNESS, BadNote, Key
from shuzheng.engines.trust.models import WatchedLog, Witness
from shuzheng.engines.trust.policies import MANAGE_LEDGER
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


def _key(text: str, type_: bytes) -> Key:
    """Return a verifier key of a type. Raises NotAKey."""
    try:
        key = Key.parse(text.strip())
    except BadNote:
        raise NotAKey from None
    if key.type != type_:
        raise NotAKey
    return key


class WatchLogInput(Input):
    """The verifier key (C2SP vkey) of a log; its name is in the key."""

    verifier_key: str = Field(max_length=1000)


class WatchLog(Action[WatchLogInput, WatchedLog]):
    """Watch another installation's log as its witness (见证他方账本), or believe a new key of a log watched already.

    Raises NotAKey.
    """

    name = "trust.watch_log"
    permission = MANAGE_LEDGER
    title = _("见证他方账本")

    def perform(self, actor: Actor, given: WatchLogInput) -> WatchedLog:
        """Keep the key."""
        key = _key(given.verifier_key, LOG)
        watched, _made = WatchedLog.objects.update_or_create(origin=key.name, defaults={"key": str(key)})
        self.about(watched, origin=key.name, key_id=key.id.hex())
        return watched


class SetWitnessInput(Input):
    """A witness of our log: its verifier key, its address, and whether it is asked."""

    verifier_key: str = Field(max_length=1000)
    url: str = Field(max_length=500)
    active: bool = True

    @field_validator("url")
    @classmethod
    def _https(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError(str(_("见证方的地址以 https:// 开头。")))
        return value.rstrip("/")


class SetWitness(Action[SetWitnessInput, Witness]):
    """Have our log witnessed by another installation (设置见证方), change where it is, or stop asking it. Raises NotAKey."""

    name = "trust.set_witness"
    permission = MANAGE_LEDGER
    title = _("设置见证方")

    def perform(self, actor: Actor, given: SetWitnessInput) -> Witness:
        """Keep the witness."""
        key = _key(given.verifier_key, WITNESS)
        defaults = {"url": given.url, "active": given.active}
        witness, _made = Witness.objects.update_or_create(key=str(key), defaults=defaults)
        self.about(witness, witness=key.name, **defaults)
        return witness


class CosignCheckpointInput(Input):
    """The body of a submission (C2SP tlog-witness)."""

    body: Annotated[str, StringConstraints(strip_whitespace=False, max_length=2 * LONGEST)]


class CosignCheckpoint(Action[CosignCheckpointInput, cosigning.Answer]):
    """Cosign the head of a log that we watch (见证签名), if it continues the head seen before.

    The page to which logs submit performs it for whatever a log has signed. A head that does not continue the last is
    refused, kept and reported; the answer says so by its status, so that the finding outlasts the refusal.
    """

    name = "trust.cosign_checkpoint"
    permission = MANAGE_LEDGER
    title = _("见证签名")

    def perform(self, actor: Actor, given: CosignCheckpointInput) -> cosigning.Answer:
        """Judge, and keep what was seen."""
        answer = cosigning.answer(given.body)
        detail: dict[str, Any] = {"status": answer.status, "size": answer.size}
        self.about(**detail)
        return answer
