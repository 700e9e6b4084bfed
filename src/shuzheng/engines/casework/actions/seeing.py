"""Opening one's own case."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.errors import NotYourCase
from shuzheng.engines.casework.models import Case
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class SeeCaseInput(Input):
    """Which case."""

    case_id: UUID


class SeeCase(Action[SeeCaseInput, None]):
    """Note that the applicant has seen the latest state of a case (已查看). Raises NotFound, NotYourCase."""

    name = "casework.see_case"
    permission = SIGNED_IN
    title = _("查看最新进展")

    def perform(self, actor: Actor, given: SeeCaseInput) -> None:
        """Remember when."""
        case = Case.objects.filter(pk=given.case_id).only("applicant_id", "division_path").first()
        if case is None:
            raise NotFound
        if not is_applicant(actor, case):
            raise NotYourCase
        Case.objects.filter(pk=case.pk).update(seen_at=now())
        self.about(case, case_id=case.pk, division=str(case.division_path))
