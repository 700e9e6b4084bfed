"""On whose behalf an account may act: oneself, one's firm, a relative, or on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, cast
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.identity.errors import NoSuchParty
from shuzheng.engines.identity.models import Account, LegalPerson, Mandate, Person
from shuzheng.kernel.actor import Party
from shuzheng.kernel.moment import today

#: Keys of the two choices that name nobody else.
SELF, DUTY = "self", "duty"
#: On what the right to act rests.
Ground = Literal["self", "duty", "representative", "operator", "relative", "guardian"]


@dataclass(frozen=True)
class PartyChoice:
    """One answer to “on whose behalf?” (办事身份)."""

    #: ``self``, ``duty``, ``legal:<id>`` for one's own firm, ``mandate:<id>`` for everything under a mandate.
    key: str
    #: ``None`` for an officer on duty.
    party: Party | None
    #: On what the right to act rests.
    ground: Ground
    mandate_id: UUID | None = None
    items: tuple[str, ...] = ("*",)
    valid_to: date | None = None


def person_party(person: Person) -> Party:
    """Return a natural person as a party."""
    return Party("person", person.pk, person.name, person.division_code)


def legal_party(firm: LegalPerson) -> Party:
    """Return a legal person as a party."""
    return Party("legal", firm.pk, firm.name, firm.division_code)


def usable_mandates(person_id: UUID, on: date | None = None) -> QuerySet[Mandate]:
    """Return the mandates that a person may use on a day (default today), with their grantors."""
    day = on or today()
    return (
        Mandate.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            operator_id=person_id,
            status=Mandate.Status.ACTIVE,
            valid_from__lte=day,
        )
        .select_related("grantor_person", "grantor_legal")
        .order_by("valid_to", "id")
    )


def stands_for(person_id: UUID, party_id: UUID) -> bool:
    """Say whether a person may act today for another party: represents the firm, or holds a mandate of the firm or person."""
    mandates = usable_mandates(person_id).filter(Q(grantor_person_id=party_id) | Q(grantor_legal_id=party_id))
    return LegalPerson.objects.filter(pk=party_id, representative_id=person_id).exists() or mandates.exists()


def parties_for(account: Account) -> list[PartyChoice]:
    """Return everyone on whose behalf an account may act today, oneself first; at most four statements."""
    person = account.person
    if person is None:
        return []
    choices = [PartyChoice(SELF, person_party(person), "self")]
    choices += [_own_firm(firm) for firm in person.represented.order_by("name")[:100]]
    choices += [_under(mandate) for mandate in usable_mandates(person.pk)[:100]]
    if hasattr(account, "officer"):
        choices.append(PartyChoice(DUTY, None, "duty"))
    return choices


def resolve(person_id: UUID, key: str) -> PartyChoice:
    """Return the choice of a key if it holds today, in one statement. Raises NoSuchParty."""
    kind, _colon, text = key.partition(":")
    if kind == SELF:
        found = Person.objects.filter(pk=person_id).first()
        choice = found and PartyChoice(SELF, person_party(found), "self")
    elif kind == "legal":
        firm = LegalPerson.objects.filter(pk=_uuid(text), representative_id=person_id).first()
        choice = firm and _own_firm(firm)
    else:
        mandate = usable_mandates(person_id).filter(pk=_uuid(text)).first()
        choice = mandate and _under(mandate)
    if choice is None:
        raise NoSuchParty
    return choice


def _own_firm(firm: LegalPerson) -> PartyChoice:
    return PartyChoice(f"legal:{firm.pk}", legal_party(firm), "representative")


def _under(mandate: Mandate) -> PartyChoice:
    grantor = mandate.grantor
    return PartyChoice(
        key=f"mandate:{mandate.pk}",
        party=person_party(grantor) if isinstance(grantor, Person) else legal_party(grantor),
        ground=cast(Ground, mandate.kind),
        mandate_id=mandate.pk,
        items=tuple(mandate.items),
        valid_to=mandate.valid_to,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchParty from None
