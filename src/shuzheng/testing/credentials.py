"""Licences for tests, benchmarks and demonstrations, made through the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from shuzheng.engines.documents.credentials.actions import IssueCredential
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.seals.actions import GrantSeal
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.identity.models import LegalPerson, OrgUnit, Person
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import today
from shuzheng.testing.identity import a_firm, a_resident, a_role, a_unit, actor_of_officer, actor_of_person, an_officer
from shuzheng.testing.packs import install_packs, some_divisions
from shuzheng.testing.seals import a_seal

ROOT = Path(__file__).parents[3]
TYPE = "food-business-licence"
ANSWERS = {
    "business_address": "江西省赣州市章贡区文明大道 8 号一层",
    "business_form": "catering",
    "projects": ["hot-food", "drinks"],
    "safety_officer": "陈志强",
}


@dataclass
class World:
    """Everybody concerned."""

    bureau: OrgUnit
    seal: Seal
    owner: Person
    firm: LegalPerson

    @property
    def holder(self) -> Actor:
        """The owner, acting for the firm."""
        return actor_of_person(self.owner, party=self.firm)

    def officer(self, *permissions: str, name: str = "王芳") -> Actor:
        """Return an officer of the bureau who may do this."""
        role = a_role(f"role-{len(permissions)}-{name}", list(permissions))
        who = an_officer(name, unit=self.bureau, posts=["handler"], roles=[role], scope=str(self.bureau.division_path))
        return actor_of_officer(who)

    def issue(self, **more: Any) -> Credential:
        """Return a licence of the firm, issued as a process does it."""
        given = {
            "credential_type": TYPE,
            "applicant_kind": "legal",
            "applicant_id": self.firm.pk,
            "applicant_name": self.firm.name,
            "division_code": "360702000000",
            "handling_unit_id": self.bureau.pk,
            "case_id": new_id(),
            "item_code": TYPE,
            "answers": ANSWERS,
            **more,
        }
        return IssueCredential.do(Actor.system("刘建国"), given)


def grant(seal: Seal, *items: str) -> None:
    """Let the platform's processes put a seal on licences and letters of these items."""
    given = {
        "seal_id": seal.pk,
        "process": True,
        "item_codes": list(items),
        "document_kinds": ["licence", "decision", "notice"],
        "valid_from": today(),
        "valid_to": today() + timedelta(days=365),
        "standing": True,
        "reason": "系统自动制证",
    }
    GrantSeal.do(Actor.system("test"), given)


def a_world() -> World:
    """Return a bureau that can issue licences, and a firm that can hold one; the packs are installed."""
    some_divisions()
    packs = ("generic-matter", "food-business-licence")
    install_packs(ROOT / "packs/base", *(ROOT / "packs/public-service" / name for name in packs))
    bureau = a_unit("market-supervision", name="赣州市章贡区市场监督管理局")
    seal = a_seal(bureau, name=bureau.name)
    grant(seal, TYPE)
    owner = a_resident("陈志强")
    firm = a_firm("赣南人家餐饮店", representative=owner, kind="individual", address="江西省赣州市章贡区文明大道 8 号")
    return World(bureau, seal, owner, firm)
