"""Which unit deals with what (受理、承办、会办单位)."""

from __future__ import annotations

from uuid import UUID

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.errors import NoUnit
from shuzheng.engines.casework.models import Case
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.vocabulary import queries as vocabulary
from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.caching import remembered

#: Receives what no bureau of the owner's kind receives: the service centre's windows.
SERVICE_CENTRE = "government-service"
LEVELS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "township"}


@remembered(seconds=5)
def find_unit(division_code: str, kind: str) -> OrgUnit | None:
    """Return the unit of a kind in a division, or ``None``."""
    return identity.find_unit(division_code, kind)


@remembered(seconds=60)
def place_of(code: str) -> Division:
    """Return a division by its code. Raises UnknownDivision."""
    return vocabulary.division(code)


def owning_unit(item: ServiceItemDefinition, place: Division) -> tuple[UUID, str]:
    """Return id and division path of the unit that handles an item applied for in a place.

    The unit is that of the owner's kind in the nearest division, the place itself first, whose level handles the item;
    where no such bureau exists, the service centre. Raises NoUnit.
    """
    handling = pad(next((c for c in reversed(lineage(place.code)) if _level(c) in item.owner.levels), place.code))
    unit = find_unit(handling, item.owner.unit) or find_unit(handling, SERVICE_CENTRE)
    if unit is None:
        raise NoUnit(division=place.name)
    return unit.pk, str(unit.division_path)


def unit_for_step(case: Case, unit: str) -> tuple[UUID, str]:
    """Return id and division path of the unit that a step is addressed to: ``owner``, ``lead`` or a kind of bureau.

    A bureau is that of the case's division or of the nearest one above it. Raises NoUnit.
    """
    own = case.lead_unit_id if unit == "lead" else case.handling_unit_id
    if unit in ("owner", "lead") and own is not None:
        return own, str(case.division_path)
    found = identity.nearest_unit(case.division_code, unit)
    if found is None:
        raise NoUnit(division=case.division_code)
    return found.pk, str(found.division_path)


def _level(code: str) -> str:
    return LEVELS[len(lineage(code))]
