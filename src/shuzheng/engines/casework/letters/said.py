"""What the act behind a letter said: read back from the case, so that the act itself writes nothing for its letter.

Each function takes the whole case and the act's event and returns what ``values`` needs; a preview passes the form's own
fields instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.clock import EventKind
from shuzheng.engines.casework.letters.rules import Occasion
from shuzheng.engines.casework.models import Decision, Task
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.payment.models import Bill

Said = Mapping[str, Any]
Event = Mapping[str, Any]
#: Event → occasion; decisions by what was decided.
OCCASION_OF: dict[str, Occasion] = {
    "casework.case_accepted": Occasion.ACCEPTANCE,
    "casework.case_deemed_accepted": Occasion.ACCEPTANCE,
    "casework.supplement_asked": Occasion.SUPPLEMENT,
    "casework.case_not_accepted": Occasion.NON_ACCEPTANCE,
    "casework.case_suspended": Occasion.SUSPENSION,
    "casework.case_withdrawn": Occasion.WITHDRAWAL,
    "payment.bill_raised": Occasion.PAYMENT,
    "messaging.served": Occasion.RECEIPT,
}
#: Events whose occasion depends on the case.
DECIDED = ("casework.case_decided", "casework.decision_corrected")
EXTENDED = "casework.extension_decided"
#: Every event that may give a letter.
EVENTS = (*OCCASION_OF, *DECIDED, EXTENDED)


def occasion_of(event: Event, decision: Decision | None) -> Occasion | None:
    """Return for what an event gives a letter; ``None`` for an event that gives none."""
    if event["type"] in DECIDED:
        return _OF_DECISION.get(decision.kind) if decision else None
    if event["type"] == EXTENDED:
        return Occasion.EXTENSION if event["data"].get("approved") else None
    return OCCASION_OF.get(event["type"])


_OF_DECISION = {
    Decision.Kind.GRANTED.value: Occasion.APPROVAL,
    Decision.Kind.REFUSED.value: Occasion.REFUSAL,
}


def decision_of(event: Event, whole: WholeCase) -> Decision | None:
    """Return the decision that an event is about: the one it names, else the latest."""
    if event["type"] not in DECIDED:
        return None
    named = event["data"].get("decision")
    found = [one for one in whole.decisions if named in (None, str(one.pk))]
    return found[-1] if found else None


def said(occasion: Occasion, event: Event, whole: WholeCase) -> dict[str, Any]:
    """Return what an act said, for the letter of an occasion."""
    return _SAYERS[occasion](event, whole)


def of_decision(decision: Decision) -> dict[str, Any]:
    """Return what a decision says."""
    return {
        "reasons": decision.reasons,
        "legal_basis": decision.legal_basis,
        "effective_on": decision.effective_on,
        "expires_on": decision.expires_on,
    }


def _accepted(event: Event, whole: WholeCase) -> dict[str, Any]:
    return {"deemed": event["type"] == "casework.case_deemed_accepted"}


def _supplement(event: Event, whole: WholeCase) -> dict[str, Any]:
    asked = [one for one in whole.supplements if str(one["asked_at"])[:19] <= str(event["time"])[:19]]
    return dict((asked or whole.supplements)[-1]) if whole.supplements else {}


def _not_accepted(event: Event, whole: WholeCase) -> dict[str, Any]:
    done = [task for task in whole.tasks if task.outcome == "refused"]
    reason, _line, remedy = done[-1].answer.partition("\n") if done else ("", "", "")
    return {"reason": reason, "remedy": remedy}


def _decided(event: Event, whole: WholeCase) -> dict[str, Any]:
    decision = decision_of(event, whole)
    return of_decision(decision) if decision else {}


def _suspended(event: Event, whole: WholeCase) -> dict[str, Any]:
    ground = event["data"]["ground"]
    facts = [fact for clock in whole.clocks.clocks for fact in whole.clocks.events(clock)]
    notes = [f.note for f in facts if f.kind == EventKind.SUSPEND and f.ground == ground]
    return {"ground": ground, "note": notes[-1] if notes else ""}


def _extended(event: Event, whole: WholeCase) -> dict[str, Any]:
    done = [t for t in whole.tasks if t.kind == Task.Kind.EXTENSION and t.outcome == "approved"]
    return dict(done[-1].request) if done else {}


def _withdrawn(event: Event, whole: WholeCase) -> dict[str, Any]:
    lines = [line for line in whole.statuses if line.act == "casework.withdraw_case"]
    return {"reason": lines[-1].internal_text if lines else "", "at": lines[-1].at if lines else None}


def _billed(event: Event, whole: WholeCase) -> dict[str, Any]:
    return {"bill": Bill.objects.prefetch_related("lines").get(pk=event["subject"])}


def _served(event: Event, whole: WholeCase) -> dict[str, Any]:
    service = LegalService.objects.select_related("person").get(pk=UUID(str(event["subject"])))
    return {"service": service, "steps": list(ServiceStep.objects.filter(service=service))}


_SAYERS: dict[Occasion, Callable[[Event, WholeCase], dict[str, Any]]] = {
    Occasion.ACCEPTANCE: _accepted,
    Occasion.SUPPLEMENT: _supplement,
    Occasion.NON_ACCEPTANCE: _not_accepted,
    Occasion.SUSPENSION: _suspended,
    Occasion.EXTENSION: _extended,
    Occasion.APPROVAL: _decided,
    Occasion.REFUSAL: _decided,
    Occasion.WITHDRAWAL: _withdrawn,
    Occasion.PAYMENT: _billed,
    Occasion.RECEIPT: _served,
}
