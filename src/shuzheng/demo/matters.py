"""What people apply for in the story, and what they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from shuzheng.demo.names import STREETS
from shuzheng.demo.people import People
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.definitions.parts import Material
from shuzheng.engines.casework.projection import audiences
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get, listing
from shuzheng.kernel.moment import today

#: Items with forms of their own and how many of a hundred cases they are; the rest are common ones.
SHARES = {"food-business-licence": 11, "elderly-allowance": 9, "road-occupation": 6, "generic-matter": 8}
COMPLAINTS = (
    "小区门口的路灯坏了好几天，晚上看不清路，请安排维修。",
    "申请在路口增设斑马线，孩子上学过马路不安全。",
    "想查一下前年提交的材料现在办到哪一步了。",
    "河边护栏松动，请尽快加固。",
    "申请开具居住情况说明，用于孩子入学。",
)


@dataclass(frozen=True)
class Matter:
    """One application to be filed."""

    item: ServiceItemDefinition
    actor: Actor
    answers: dict[str, Any]

    def given(self, people: People) -> dict[str, Any]:
        """Return the input of the filing action, with the materials uploaded, promised or left out."""
        return {
            "item_code": self.item.code,
            "division_code": people.division(self.actor),
            "answers": self.answers,
            "materials": [entry for m in self.item.materials if (entry := self._material(m, people))],
            "synthetic": True,
        }

    def _material(self, material: Material, people: People) -> dict[str, Any] | None:
        if material.spared or material.need == "optional" or not self._wanted(material):
            return None
        if "commitment" in material.sources:
            return {"code": material.code, "way": "commitment"}
        return {"code": material.code, "files": [people.paper(self.actor)]}

    def _wanted(self, material: Material) -> bool:
        """Say whether a conditional material is asked for; the story's answers make it simple."""
        return not material.when or material.when in WANTED


#: Conditions of materials that hold for the answers below.
WANTED = ("premises_right != 'owned'", "road_use == 'excavate'")


@cache
def common_items() -> tuple[ServiceItemDefinition, ...]:
    """Return the items of the generic form that are not follow-ups."""
    items = [stored.body for stored in listing("service_item") if stored.pack == "common-items"]
    return tuple(items)


def some_matter(people: People, chance: Random) -> Matter:
    """Return something that somebody applies for."""
    code = chance.choices([*SHARES, ""], weights=[*SHARES.values(), 100 - sum(SHARES.values())])[0]
    item = get("service_item", code).body if code else chance.choice(common_items() or (generic(),))
    return matter(item, some_actor(item, people, chance), chance)


def generic() -> ServiceItemDefinition:
    """Return the item for everything else."""
    return get("service_item", "generic-matter").body


def some_actor(item: ServiceItemDefinition, people: People, chance: Random) -> Actor:
    """Return somebody for whom an item is."""
    if item.code == "elderly-allowance":
        return people.child(chance)
    whom = audiences(item)
    if "legal" in whom and ("person" not in whom or chance.random() < 0.5):
        return people.firm(chance)
    return people.resident(chance)


def matter(item: ServiceItemDefinition, actor: Actor, chance: Random) -> Matter:
    """Return an application of somebody with invented answers."""
    return Matter(item, actor, ANSWERS.get(item.form, _generic)(chance, item))


def _generic(chance: Random, item: ServiceItemDefinition) -> dict[str, Any]:
    text = chance.choice(COMPLAINTS) if item.code == "generic-matter" else f"申请办理{item.title}，请审核。"
    return {"application_content": text}


def _food(chance: Random, item: ServiceItemDefinition) -> dict[str, Any]:
    return {
        "location": f"{114.9 + chance.random() / 20:.5f},{25.82 + chance.random() / 20:.5f}",
        "premises_area": str(chance.randint(15, 300)),
        "premises_right": "rented",
        "business_form": chance.choice(["catering", "catering", "sale"]),
        "projects": chance.sample(["hot-food", "cold-food", "drinks", "loose-food"], k=2),
        "safety_officer": "店长",
        "employee_count": str(chance.randint(1, 20)),
        "staff_healthy": True,
        "truth_commitment": True,
    }


def _elder(chance: Random, item: ServiceItemDefinition) -> dict[str, Any]:
    bank = chance.choice(["中国农业银行赣州支行", "中国邮政储蓄银行", "赣州银行章贡支行", "中国工商银行"])
    return {"bank_name": bank, "bank_card": "6228480402564890018", "truth_commitment": True}


def _road(chance: Random, item: ServiceItemDefinition) -> dict[str, Any]:
    start = today() + timedelta(days=chance.randint(30, 60))
    return {
        "location": f"{114.9 + chance.random() / 20:.5f},{25.82 + chance.random() / 20:.5f}",
        "road_name": chance.choice(STREETS),
        "location_description": f"{chance.choice(STREETS)}路口往东 {chance.randint(10, 90)} 米人行道",
        "road_use": "excavate",
        "road_use_purpose": "pipeline",
        "length": str(chance.randint(5, 80)),
        "width": "1.5",
        "depth": "1.2",
        "start_date": start.isoformat(),
        "end_date": (start + timedelta(days=chance.randint(2, 12))).isoformat(),
        "construction_unit": "赣州市市政工程有限公司",
        "lane_closed": False,
        "truth_commitment": True,
    }


ANSWERS = {"food-business-licence": _food, "elderly-allowance": _elder, "road-occupation": _road}
