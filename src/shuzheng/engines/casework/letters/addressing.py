"""Where and how an applicant wants to be served (送达地址确认书), and on which natural person letters are served."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework.models import Case, ServiceAddress
from shuzheng.engines.identity.models import LegalPerson
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: Shortest text that can be an address.
SHORTEST = 4


class ServiceChoice(Input):
    """Where and how the applicant wants to be served (送达地址确认书)."""

    way: Literal["electronic", "pickup", "mail"]
    recipient: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=300)

    def address_for(self, case: Case, actor: Actor) -> ServiceAddress:
        """Return the unsaved confirmation for a case. Raises InvalidInput for a letter by post without an address."""
        if self.way == ServiceAddress.Way.MAIL and len(self.address.strip()) < SHORTEST:
            raise InvalidInput(FieldProblem("service.address", str(_("选择邮寄的，请填写能收到信的详细地址。"))))
        return ServiceAddress(
            case=case,
            way=self.way,
            recipient=self.recipient.strip() or case.applicant_name,
            address=self.address.strip(),
            confirmed_by=actor.person_id,
            confirmed_at=now(),
        )


def person_to_serve(kind: str, id: UUID) -> UUID | None:
    """Return the natural person on whom letters are served: the applicant, or the firm's representative (民事诉讼法 §88)."""
    if kind == "person":
        return id
    return LegalPerson.objects.filter(pk=id).values_list("representative_id", flat=True).first()
