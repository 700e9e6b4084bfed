"""The seals of the bureaus in the story, so that their letters are sealed, and what they grant becomes a licence."""

from __future__ import annotations

from datetime import timedelta

from shuzheng.demo.settling import PLACES
from shuzheng.engines.documents.seals.actions import FileSeal, GrantSeal, MakeSeal
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import find_unit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today

#: Kinds of bureaus that seal by themselves, and the items whose letters and licences they seal.
ISSUERS = {
    "market-supervision": "food-business-licence",
    "urban-management": "road-occupation",
    "civil-affairs": "elderly-allowance",
    "government-service": "generic-matter",
}
STORYTELLER = Actor.system("demo")


def make_seals() -> int:
    """File and make each bureau's official seal, and let processes put it on what they issue; return how many."""
    units = [(find_unit(place, kind), item) for place in PLACES for kind, item in ISSUERS.items()]
    found = [(unit, item) for unit, item in units if unit is not None]
    for number, (unit, item) in enumerate(found, 1):
        _make(unit, item, number)
    return len(found)


def _make(unit: OrgUnit, item: str, number: int) -> None:
    code = f"{unit.division_code[:6]}{number:07}"
    seal = FileSeal.do(
        STORYTELLER,
        code=code,
        police_record=f"DEMO-{code}",
        name=f"{unit.name}（演示）",
        kind="official",
        unit_id=unit.pk,
    )
    MakeSeal.do(STORYTELLER, seal_id=seal.pk)
    GrantSeal.do(
        STORYTELLER,
        seal_id=seal.pk,
        process=True,
        standing=True,
        item_codes=[item],
        document_kinds=["licence", "decision", "notice"],
        valid_from=today(),
        valid_to=today() + timedelta(days=365),
        reason="审批通过后系统自动制发文书和证照",
    )
