"""Evidence for other systems (存证服务): depositing and confirming the digest of a document."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field, field_validator

from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.errors import NothingToConfirm
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.engines.trust.policies import RECORD_EVIDENCE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import may_with

RECORDED = ledger.entitle("trust.evidence_recorded", _("存证"))
CONFIRMED = ledger.entitle("trust.evidence_confirmed", _("另一方确认存证"))
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$")]


class RecordEvidenceInput(Input):
    """The digest of a document and codes for what it is; there is no place for text, so that nothing personal gets in."""

    digest: Digest
    algorithm: Literal["sm3", "sha256"] = "sm3"
    #: What kind of document it is, e.g. ``contract``; a connected application may be held to some kinds.
    kind: Code = "document"
    #: Code of the system that deposits; of a connected application it is known.
    application: Code | None = None
    #: The document's number there.
    label: Code
    #: The entry of the version before, so that its history can be traced (溯源).
    follows: UUID | None = None

    @field_validator("application", "label", "kind")
    @classmethod
    def _nothing_personal(cls, value: str | None) -> str | None:
        if value and _PERSONAL.search(value):
            raise ValueError(str(_("编号里不能有手机号、身份证号等个人信息，存证内容人人可查。")))
        return value


class Deposited(BaseModel):
    """The entry under which the evidence stands; its proof can be fetched a second later."""

    entry_id: UUID


class RecordEvidence(Action[RecordEvidenceInput, Deposited]):
    """Put the digest of a document into the ledger (存证), where anyone can check that it existed then and has not changed.

    Raises NotFound where ``follows`` names no such evidence, NotPermitted for a kind that was not granted.
    """

    name = "trust.record_evidence"
    permission = RECORD_EVIDENCE
    title = _("存证")

    def check(self, actor: Actor, given: RecordEvidenceInput) -> None:
        """Hold a connected application to the kinds that it was granted."""
        if not may_with(actor, RECORD_EVIDENCE, given.kind):
            raise NotPermitted

    def perform(self, actor: Actor, given: RecordEvidenceInput) -> Deposited:
        """Append the entry."""
        application = _system(actor, given.application)
        content = {**given.model_dump(mode="json", exclude_none=True), "application": application}
        if given.follows and not LedgerEntry.objects.filter(id=given.follows, kind=RECORDED).exists():
            raise NotFound
        entry = ledger.append(RECORDED, f"{application}/{given.label}", content)
        self.about(entry, application=application)
        return Deposited(entry_id=entry.id)


class ConfirmEvidenceInput(Input):
    """Which evidence, and which system confirms it."""

    entry_id: UUID
    application: Code | None = None


class ConfirmEvidence(Action[ConfirmEvidenceInput, Deposited]):
    """Confirm another system's evidence as the second party (多方确认), which is itself evidence. Raises NothingToConfirm."""

    name = "trust.confirm_evidence"
    permission = RECORD_EVIDENCE
    title = _("确认存证")

    def perform(self, actor: Actor, given: ConfirmEvidenceInput) -> Deposited:
        """Append the confirmation under the same digest."""
        application = _system(actor, given.application)
        first = LedgerEntry.objects.filter(id=given.entry_id, kind=RECORDED).first()
        if first is None or first.content["application"] == application:
            raise NothingToConfirm
        content = {
            "digest": first.digest,
            "algorithm": first.content["algorithm"],
            "application": application,
            "confirms": str(first.id),
        }
        entry = ledger.append(CONFIRMED, first.subject, content)
        self.about(entry, application=application)
        return Deposited(entry_id=entry.id)


def _system(actor: Actor, told: str | None) -> str:
    """Return the code of the system that deposits; no connected application speaks in another's name.

    Raises NotPermitted; InvalidInput where nobody says which system it is.
    """
    if actor.application and told not in (None, actor.application):
        raise NotPermitted
    system = actor.application or told
    if not system:
        raise InvalidInput(FieldProblem("application", str(_("请写明存证的系统。"))))
    return system
