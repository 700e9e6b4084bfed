"""Who may apply for an item: the kind of applicant, the assurance of the sign-in, the mandate."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.errors import NotEligible
from shuzheng.engines.casework.projection import audiences
from shuzheng.engines.identity.queries import require_mandate
from shuzheng.kernel.action import AssuranceTooLow
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.error import FieldProblem


def check_applicant(actor: Actor, item: ServiceItemDefinition, party: Party) -> None:
    """Refuse a kind of applicant that the item is not for, too low an assurance, a mandate that does not cover it."""
    if party.kind not in audiences(item):
        whom = pgettext_lazy("applicants", "个人") if party.kind == "person" else pgettext_lazy("applicants", "单位")
        message = str(_("这个事项不对{whom}办理。请换一个身份，或查看办事指南中的申请条件。")).format(whom=whom)
        raise NotEligible(FieldProblem("applicant", message))
    if party.kind == "person" and actor.mandate_id is not None and not item.by_relative:
        raise NotEligible(FieldProblem("applicant", str(_("这个事项须由本人办理，不能代办。"))))
    if actor.assurance < item.assurance:
        raise AssuranceTooLow
    if actor.party is not None:
        require_mandate(actor, item.code)
