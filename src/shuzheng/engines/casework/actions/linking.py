"""Tying cases together (关联办件)."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import Field

from shuzheng.engines.casework.actions.base import CaseAct, CaseInput, State
from shuzheng.engines.casework.models import Case, CaseRelation
from shuzheng.engines.casework.policies import HANDLE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound


class LinkCasesInput(CaseInput):
    """The other case and what it is to this one."""

    other_number: str = Field(max_length=30)
    kind: Literal["parent", "follow_up", "duplicate", "related"] = "related"


class LinkCases(CaseAct[LinkCasesInput]):
    """Tie two cases together (关联办件)."""

    name = "casework.link_cases"
    permission = HANDLE
    title = pgettext_lazy("act", "关联办件")
    states = frozenset(State)

    def act(self, actor: Actor, given: LinkCasesInput) -> None:
        """Write the relation. Raises NotFound for an unknown number or the case itself."""
        other = Case.objects.filter(number=given.other_number.upper()).exclude(pk=self.file.case.pk).first()
        if other is None:
            raise NotFound(_("没有找到编号为“{number}”的其他办件，请核对。"), number=given.other_number)
        CaseRelation.objects.get_or_create(case=self.file.case, other=other, kind=given.kind)
