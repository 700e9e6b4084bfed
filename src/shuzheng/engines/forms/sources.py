"""Sources of known answers: what the account, the person and the firm acted for already told government."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models import LegalPerson, Person
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.registry import Registry
from shuzheng.kernel.rows import find


@dataclass(frozen=True)
class Subjects:
    """Whose answers are asked for; persons and firms are fetched once, when first needed."""

    actor: Actor
    party: Party | None

    @cached_property
    def operator(self) -> Person | None:
        """Return the person who signed in (经办人)."""
        return find(Person, pk=self.actor.person_id) if self.actor.person_id else None

    @cached_property
    def person(self) -> Person | None:
        """Return the natural person acted for."""
        party = self.party
        if party is None or party.kind != "person":
            return None
        return self.operator if party.id == self.actor.person_id else find(Person, pk=party.id)

    @cached_property
    def firm(self) -> LegalPerson | None:
        """Return the legal person acted for, with its representative."""
        if self.party is None or self.party.kind != "legal":
            return None
        return LegalPerson.objects.select_related("representative").filter(pk=self.party.id).first()

    @cached_property
    def representative(self) -> Person | None:
        """Return the legal representative (法定代表人) of the firm acted for."""
        return self.firm.representative if self.firm else None


@dataclass(frozen=True)
class Source:
    """One known answer."""

    #: Who provides it, in words for the person: 实名认证信息.
    provider: Any
    #: Returns the answer, or ``None`` where nothing is known.
    read: Callable[[Subjects], Any]
    #: Returns the natural person it is about, for the record of reads.
    about: Callable[[Subjects], Person | None] = lambda subjects: None


_sources: Registry[Source] = Registry("prefill source")


def prefill_source(name: str, source: Source) -> Source:
    """Register a source of known answers under the name that forms use. Raises DuplicateName."""
    return _sources.add(name, source)


def source(name: str) -> Source:
    """Return a source. Raises UnknownName."""
    return _sources[name]


def source_names() -> frozenset[str]:
    """Return the names of all sources."""
    return frozenset(_sources)


_Owner = Callable[[Subjects], Any]
_PERSON = {
    "name": "name",
    "id_number": "id_number",
    "sex": "sex",
    "birth_date": "birth_date",
    "mobile": "mobile",
    "division": "division_code",
    "address": "address",
}
_FIRM = {
    "uscc": "uscc",
    "legal_kind": "kind",
    "industry": "industry_code",
    "established": "established",
}


def _attribute(owner: _Owner, attribute: str) -> Callable[[Subjects], Any]:
    def read(subjects: Subjects) -> Any:
        found = owner(subjects)
        return getattr(found, attribute) if found is not None else None

    return read


def _operator(subjects: Subjects) -> Person | None:
    return subjects.operator


def _person(subjects: Subjects) -> Person | None:
    return subjects.person


def _firm(subjects: Subjects) -> LegalPerson | None:
    return subjects.firm


def _representative(subjects: Subjects) -> Person | None:
    return subjects.representative


def _party(subjects: Subjects) -> Person | LegalPerson | None:
    return subjects.person or subjects.firm


def _register() -> None:
    """Register what identity knows: ``account.*``, ``party.*`` (person or firm) and ``party.representative_*``."""
    real_name, registered = _("实名认证信息"), _("市场主体登记信息")
    for name, attribute in _PERSON.items():
        prefill_source(f"account.{name}", Source(real_name, _attribute(_operator, attribute), _operator))
        owner = _party if name in ("name", "division", "address") else _person
        prefill_source(f"party.{name}", Source(_("政务身份信息"), _attribute(owner, attribute), _person))
        if name in ("name", "id_number", "mobile"):
            reader = _attribute(_representative, attribute)
            prefill_source(f"party.representative_{name}", Source(registered, reader, _representative))
    for name, attribute in _FIRM.items():
        prefill_source(f"party.{name}", Source(registered, _attribute(_firm, attribute)))


_register()
