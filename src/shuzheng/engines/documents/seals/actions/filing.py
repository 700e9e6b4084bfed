"""File a seal (备案)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.seals.actions.base import record
from shuzheng.engines.documents.seals.errors import SealKnown
from shuzheng.engines.documents.seals.models import Seal, SealKind, SealState
from shuzheng.engines.documents.seals.policies import MANAGE
from shuzheng.engines.identity import queries as identity
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class FileSealInput(Input):
    """What the filing with public security says."""

    #: 印章编码: the county's six digits, then seven.
    code: str = Field(pattern=r"^\d{13}$")
    police_record: str = Field(min_length=4, max_length=40, pattern=r"^[0-9A-Za-z\-]+$")
    name: str = Field(min_length=2, max_length=60)
    kind: SealKind
    purpose: str = Field(default="", max_length=14)
    unit_id: UUID
    key_seal: bool = False


class FileSeal(Action[FileSealInput, Seal]):
    """Enter a seal that was filed with public security (国务院关于国家行政机关印章管理的规定 §22); it is made afterwards.

    Raises SealKnown.
    """

    name = "documents.file_seal"
    permission = MANAGE
    title = _("印章备案")

    def scope(self, actor: Actor, given: FileSealInput) -> str:
        """Ask for the permission in the unit's division. Raises NotFound."""
        return str(identity.unit(given.unit_id).division_path)

    def perform(self, actor: Actor, given: FileSealInput) -> Seal:
        """Enter it."""
        if Seal.objects.filter(Q(code=given.code) | Q(police_record=given.police_record)).exists():
            raise SealKnown
        unit = identity.unit(given.unit_id)
        seal = Seal(**given.model_dump(), division_path=unit.division_path, created_at=now())
        seal.kind = given.kind.value
        record(actor, seal, "filed", SealState.FILED)
        self.about(seal, code=seal.code)
        return seal
