"""Choosing how letters are served (送达地址确认书): what a page offers, and what was chosen on it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuzheng.engines.casework.letters.addressing import person_to_serve
from shuzheng.engines.casework.models import ServiceAddress
from shuzheng.engines.messaging.actions import GiveConsent
from shuzheng.engines.messaging.queries import consent_of
from shuzheng.kernel.actor import Actor, Party

Way = ServiceAddress.Way


def consent_text() -> str:
    """Return the words to which a person agrees who wants to be served electronically (民事诉讼法 §90)."""
    return _(
        "本人同意行政机关以电子方式向本人送达行政决定书等文书。文书到达本人在数政的站内消息之日即为送达日期，"
        "复议、诉讼等期限自次日起算。本人会经常查看消息，并可随时撤回本确认；撤回前已经送达的仍然有效。"
    )


def offered(
    actor: Actor, party: Party, typed: QueryDict | None = None, known: ServiceAddress | None = None
) -> dict[str, Any]:
    """Return what the choice shows: the ways open to this applicant, and what stands chosen."""
    recipient = person_to_serve(party.kind, party.id)
    agreed = recipient is not None and consent_of(recipient) is not None
    # Consent is the recipient's own: whoever acts for others cannot give it for them.
    electronic = agreed or (recipient is not None and recipient == actor.person_id and _sure(actor))
    usual = known.way if known else Way.ELECTRONIC if agreed else Way.PICKUP
    return {
        "electronic": electronic,
        "agreed": agreed,
        "text": consent_text(),
        "way": (typed or {}).get("service_way") or usual,
        "recipient": (typed or {}).get("service_recipient", known.recipient if known else party.name),
        "address": (typed or {}).get("service_address", known.address if known else ""),
    }


def chosen(typed: QueryDict) -> dict[str, str] | None:
    """Return what was chosen, as the action takes it; nothing when the page did not ask."""
    way = typed.get("service_way", "")
    if way not in Way.values:
        return None
    return {"way": way, "recipient": typed.get("service_recipient", ""), "address": typed.get("service_address", "")}


def agree(actor: Actor, party: Party, service: dict[str, str] | None) -> None:
    """Give the consent that choosing electronic service is, where it is the actor's own to give and not given yet."""
    if service is None or service["way"] != Way.ELECTRONIC:
        return
    if person_to_serve(party.kind, party.id) == actor.person_id and _sure(actor):
        GiveConsent.do(actor, text=consent_text())


def _sure(actor: Actor) -> bool:
    return actor.assurance >= (GiveConsent.assurance or 0)
