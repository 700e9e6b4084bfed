"""The twelve shops in the pictures of the documentation, and how far their licences have come when they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.working import AddNote, ForwardStep
from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.moment import ZONE, at
from shuzheng.testing import identity
from shuzheng.testing.casework import file_case
from shuzheng.testing.examples import Upload
from shuzheng.testing.identity import actor_of_officer, actor_of_person
from shuzheng.testing.site import work_off_jobs

#: Shop, its owner, and when it was filed for.
SHOPS = [
    ("赣南人家餐饮店", "陈志强", "2026-04-22 09:10"),
    ("虔州小炒馆", "赖春华", "2026-04-23 10:05"),
    ("郁孤台茶社", "钟建平", "2026-04-24 14:30"),
    ("三江口面馆", "谢小兰", "2026-04-28 09:40"),
    ("文清路早餐店", "曾庆云", "2026-04-29 11:20"),
    ("八境台酒家", "刘启明", "2026-04-30 15:00"),
    ("南门口煲仔饭", "廖秀英", "2026-05-07 08:50"),
    ("章江书屋咖啡", "温国强", "2026-05-08 16:10"),
    ("厚德路甜品铺", "黄丽萍", "2026-05-11 10:30"),
    ("涌金门豆腐坊", "肖文斌", "2026-05-12 09:15"),
    ("蒋路口卤味店", "邱海燕", "2026-05-13 13:40"),
    ("杨梅渡农家菜", "李冬生", "2026-05-13 17:20"),
]
#: When those of a day were accepted; the others were on the twelfth of May.
ACCEPTED = {
    **dict.fromkeys(("2026-04-22", "2026-04-23", "2026-04-24"), "2026-04-29 16:30"),
    "2026-04-28": "2026-05-08 10:00",
    "2026-04-29": "2026-05-11 09:15",
}


@contextmanager
def moment(text: str) -> Iterator[None]:
    """Let it be this moment in legal local time; the worker is done with everything when it has passed."""
    with at(datetime.fromisoformat(text).replace(tzinfo=ZONE)):
        yield
        work_off_jobs()


def licence(number: int, officer: Officer) -> Case:
    """File for a shop; the earlier it was filed, the further it has come."""
    name, owner, filed = SHOPS[number]
    with moment(filed):
        person = identity.a_resident(owner, female=number % 2 == 1)
        firm = identity.a_firm(name, representative=person, address=f"文清路 {8 + 6 * number} 号")
        actor = actor_of_person(person, firm)
        materials = [
            {"code": "layout", "files": [receive(actor, Upload("布局图.pdf")).pk]},
            {"code": "premises", "files": [receive(actor, Upload("租赁合同.pdf")).pk]},
            {"code": "systems", "way": "commitment"},
        ]
        case = file_case(actor, "food-business-licence", answers=_answers(owner, number), materials=materials)
    clerk = actor_of_officer(officer)
    if filed < "2026-05-12":
        with moment(ACCEPTED.get(filed[:10], "2026-05-12 09:30")):
            AcceptCase.do(clerk, case_id=case.pk)
    if filed < "2026-04-25":
        with moment("2026-05-07 11:00"):
            ForwardStep.do(clerk, case_id=case.pk, opinion="材料齐全，请现场核查。")
    if number == 0:
        with moment("2026-05-09 16:20"):
            ForwardStep.do(clerk, case_id=case.pk, opinion="布局与图纸一致，设备齐全，符合要求。")
            AddNote.do(clerk, case_id=case.pk, text="排烟管道已接到楼顶，现场照片存档。")
    return case


def _answers(owner: str, number: int) -> dict[str, Any]:
    """Return the answers that government does not know."""
    return {
        "location": "114.93503,25.83109",
        "premises_area": f"{60 + 7 * number}.5",
        "premises_right": "rented",
        "business_form": "catering",
        "projects": ["hot-food", "drinks"],
        "safety_officer": owner,
        "employee_count": str(3 + number),
        "staff_healthy": True,
        "truth_commitment": True,
    }
