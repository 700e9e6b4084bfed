"""The letter that an act would give (预览文书), from what stands in its form; nothing is numbered or kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shuzheng.engines.casework.actions.deciding import expiry_of
from shuzheng.engines.casework.letters import composing
from shuzheng.engines.casework.letters.matter import Matter
from shuzheng.engines.casework.letters.numbering import office_of
from shuzheng.engines.casework.letters.rules import Occasion, rule_for
from shuzheng.engines.casework.letters.values import values_of
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.identity.queries import unit as unit_by_id
from shuzheng.kernel.moment import now, today

Given = Mapping[str, Any]
#: Act → what it gives a letter for.
OF_ACT: dict[str, Occasion] = {
    "casework.accept_case": Occasion.ACCEPTANCE,
    "casework.ask_supplement": Occasion.SUPPLEMENT,
    "casework.refuse_acceptance": Occasion.NON_ACCEPTANCE,
    "casework.suspend_case": Occasion.SUSPENSION,
    "casework.approve_case": Occasion.APPROVAL,
    "casework.reject_case": Occasion.REFUSAL,
    "casework.decide_extension": Occasion.EXTENSION,
}


def gives_letter(act: str, whole: WholeCase) -> bool:
    """Say whether an act on a case gives a letter that can be seen before."""
    occasion = OF_ACT.get(act)
    return occasion is not None and rule_for(whole.item.letters, occasion) is not None


def draft(act: str, whole: WholeCase, given: Given, task: Task | None = None) -> bytes:
    """Return the letter as OFD, marked as a draft. Raises as ``composing.original``; KeyError for an act without letter."""
    occasion = OF_ACT[act]
    rule = rule_for(whole.item.letters, occasion)
    unit_id = whole.case.handling_unit_id or whole.case.receiving_unit_id
    if rule is None or unit_id is None:
        raise KeyError(act)
    unit = unit_by_id(unit_id)
    number = f"{office_of(unit)}{rule.word}〔{today().year}〕（待编）号"
    say = _SAYERS.get(occasion, lambda whole, given, task: dict(given))
    matter = Matter(whole=whole, unit=unit, number=number, at=now(), said=say(whole, given, task))
    return composing.draft_as_ofd(rule.template, values_of(occasion, matter), _("草稿"))


def _decision(whole: WholeCase, given: Given, task: Task | None) -> dict[str, Any]:
    start = _day(given.get("effective_on")) or today()
    return {**given, "effective_on": start, "expires_on": _day(given.get("expires_on")) or expiry_of(whole.item, start)}


def _extension(whole: WholeCase, given: Given, task: Task | None) -> dict[str, Any]:
    return dict(task.request) if task else {}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


_SAYERS: dict[Occasion, Callable[[WholeCase, Given, Task | None], dict[str, Any]]] = {
    Occasion.APPROVAL: _decision,
    Occasion.REFUSAL: lambda whole, given, task: dict(given),
    Occasion.EXTENSION: _extension,
}
