"""What fills a letter: names, numbers and days of the case in the forms that offices write, and what the act said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from shuzheng.engines.casework.clock import GROUNDS, Ground, Unit
from shuzheng.engines.casework.definitions.item import ITEM_KINDS, ItemKind
from shuzheng.engines.casework.letters.places import court_of, review_organ_of
from shuzheng.engines.casework.letters.rules import Occasion
from shuzheng.engines.casework.models import Case, Clock, Material
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.payment.money import capitals, yuan
from shuzheng.kernel.moment import local, now

#: Where the platform is met when the operator names no address.
LOCAL = "http://localhost:8000"
PERMIT_LAW = "《中华人民共和国行政许可法》"
#: Kinds of items that have a word of their own in letters; others are 事项办理.
SUBJECTS = (ItemKind.LICENCE, ItemKind.BENEFIT, ItemKind.CONFIRMATION, ItemKind.REWARD, ItemKind.ADJUDICATION)
OTHER_SUBJECT = "事项办理"
_UNITS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "日",
    Unit.MONTH: "个月",
    Unit.HOUR: "小时",
    Unit.WORKING_HOUR: "个工作小时",
}
_FORMS = {
    Material.State.GIVEN: "电子",
    Material.State.SHARED: "共享核验",
    Material.State.PROMISED: "告知承诺",
}


@dataclass(frozen=True)
class Matter:
    """Everything that a letter may speak of."""

    whole: WholeCase
    unit: OrgUnit
    number: str
    #: Moment of the act.
    at: datetime
    said: Mapping[str, Any]
    #: Number of the letter that this one corrects.
    replaces: str = ""

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.whole.case

    @property
    def licence(self) -> bool:
        """Say whether the item is a licence, to which 行政许可法 applies."""
        return self.whole.item.kind is ItemKind.LICENCE

    def ground(self, article: str) -> str:
        """Return the laws of the item and, for a licence, the article of 行政许可法; never empty."""
        laws = [f"{basis.law}{basis.article}" for basis in self.whole.item.legal_basis]
        return "和".join([*laws[:1], *([f"{PERMIT_LAW}{article}"] if self.licence else [])]) or "有关规定"

    def procedure(self, article: str) -> str:
        """Return the article of 行政许可法 for a licence, else the item's own law."""
        return f"{PERMIT_LAW}{article}" if self.licence else self.ground(article)


def values_of(occasion: Occasion, matter: Matter) -> dict[str, Any]:
    """Return the values of a letter, texts in Chinese whatever language the person at work reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return _common(matter) | _WRITERS[occasion](matter)


def zh_day(day: date | datetime | str | None) -> str:
    """Return a day as it stands on letters: 2026年11月22日; nothing of nothing."""
    if isinstance(day, str):
        day = datetime.fromisoformat(day) if len(day) > 10 else date.fromisoformat(day) if day else None
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def clause(text: str) -> str:
    """Return a text without the full stop at its end, to stand inside a sentence."""
    return text.strip().rstrip("。；;.")


def address_of(path: str) -> str:
    """Return the public address of a page: the first of SHUZHENG_ORIGINS."""
    return f"{next(iter(settings.CSRF_TRUSTED_ORIGINS), LOCAL).rstrip('/')}{path}"


def subject_of(kind: ItemKind) -> str:
    """Return what an item of a kind is called in letters."""
    return str(ITEM_KINDS[kind]) if kind in SUBJECTS else OTHER_SUBJECT


def _common(matter: Matter) -> dict[str, Any]:
    case, item = matter.case, matter.whole.item
    return {
        "number": matter.number,
        "applicant": case.applicant_name,
        "subject": subject_of(item.kind),
        "item": case.title,
        "organ": matter.unit.name,
        "date": zh_day(matter.at),
        "case_number": case.number,
        "applied_on": zh_day(case.filed_at),
        "accepted_on": zh_day(case.accepted_at),
        "contact": item.phone or "12345",
        "track_url": address_of(f"/cases/{case.pk}/"),
        "review_organ": review_organ_of(matter.unit.division_code),
        "court": court_of(matter.unit.division_code),
        "replaces": matter.replaces,
    }


def _acceptance(matter: Matter) -> dict[str, Any]:
    finding = "经审查，该申请事项属于本机关职权范围，申请材料齐全、符合法定形式"
    if matter.said.get("deemed"):
        finding = "本机关未在法定期限内告知需要补正的内容，自收到申请材料之日起即为受理"
    article = "第三十二条第一款第（四）项" if matter.said.get("deemed") else "第三十二条第一款第（五）项"
    return {
        "finding": finding,
        "ground": matter.procedure(article),
        # The preview stands before the act that makes it so.
        "accepted_on": zh_day(matter.case.accepted_at or matter.at),
        "materials": _received(matter.whole.materials),
        **_limit(matter),
    }


def _limit(matter: Matter) -> dict[str, str]:
    """Return limit and due date of the clock that binds first; nothing where the case has none, or it stands still."""
    for code in ("promised", "statutory"):
        clock = matter.whole.clocks.clock(code)
        # Not before the act, wherever the clock of the machine that writes the letter stands.
        due = matter.whole.clocks.reading(clock, max(matter.at, now())).due if clock else None
        if clock and due:
            return {"limit": _amount(clock, clock.parsed_rule.limit), "due_on": zh_day(due)}
    return {}


def _amount(clock: Clock | None, amount: int) -> str:
    return f"{amount}{_UNITS[clock.parsed_rule.unit if clock else Unit.WORKING_DAY]}"


def _received(materials: list[Material]) -> list[dict[str, str]]:
    found = [one for one in materials if one.state in _FORMS and not one.code.startswith("form:")]
    return [
        {"number": str(n), "name": one.title, "form": _FORMS[Material.State(one.state)], "copies": "1"}
        for n, one in enumerate(found, 1)
    ]


def _supplement(matter: Matter) -> dict[str, Any]:
    wanted = matter.said.get("wanted") or []
    return {
        "ground": matter.procedure("第三十二条第一款第（四）项"),
        "missing": [
            {"number": str(n), "name": one["title"], "reason": clause(one["problem"])}
            for n, one in enumerate(wanted, 1)
        ],
        "supplement_by": zh_day(matter.said.get("answer_until")),
        "how": "登录平台在“我的办件”中上传，或者到政务服务大厅综合窗口提交",
    }


def _non_acceptance(matter: Matter) -> dict[str, Any]:
    remedy = clause(str(matter.said.get("remedy") or ""))
    return {
        "reason": clause(str(matter.said.get("reason") or "")),
        "remedy": remedy if not remedy or remedy.startswith(("你", "您", "可以", "请")) else f"可以{remedy}",
        "ground": matter.procedure("第三十二条第一款第（一）（二）项"),
    }


def _suspension(matter: Matter) -> dict[str, Any]:
    ground = Ground(matter.said["ground"])
    rules = [clock.parsed_rule for clock in matter.whole.clocks.clocks]
    named = [stop.basis for rule in rules for stop in rule.stops if stop.ground == ground and stop.basis]
    return {
        "procedure": GROUNDS[ground].chinese,
        "ground": next(iter(named), "") or GROUNDS[ground].basis or matter.ground("第四十五条"),
        "from_day": zh_day(matter.at),
        "note": clause(str(matter.said.get("note") or "")),
    }


def _extension(matter: Matter) -> dict[str, Any]:
    clock = matter.whole.clocks.clock(str(matter.said.get("clock", "statutory")))
    rule = clock.parsed_rule.extension if clock else None
    due = matter.whole.clocks.reading(clock).due if clock else None
    return {
        "reason": clause(str(matter.said.get("reason") or "")),
        "ground": (rule.basis if rule else "") or matter.procedure("第四十二条第一款"),
        "amount": _amount(clock, int(matter.said.get("amount") or 0)),
        "due_on": zh_day(due),
    }


def _decision(matter: Matter, article: str) -> dict[str, Any]:
    laws = [str(law) for law in matter.said.get("legal_basis") or []]
    own = [f"{basis.law}{basis.article}" for basis in matter.whole.item.legal_basis]
    laws = list(dict.fromkeys([*own, *laws]))
    permit = [f"{PERMIT_LAW}{article}"] if matter.licence else []
    return {
        "reason": clause(str(matter.said.get("reasons") or "")),
        "ground": "、".join([*laws, *permit]) or "有关规定",
    }


def _approval(matter: Matter) -> dict[str, Any]:
    item, start, end = matter.whole.item, matter.said.get("effective_on"), matter.said.get("expires_on")
    licences = [f"《{result.title}》" for result in item.results if result.kind == "licence"]
    duties = "被许可人应当依法从事许可范围内的活动，并接受行政机关的监督检查" if matter.licence else ""
    return {
        **_decision(matter, "第三十八条第一款"),
        "content": item.title,
        "valid_until": f"{zh_day(start)}至{zh_day(end)}" if start and end else "",
        "licence": "、".join(licences),
        "duties": duties,
    }


def _refusal(matter: Matter) -> dict[str, Any]:
    return _decision(matter, "第三十八条第二款")


def _withdrawal(matter: Matter) -> dict[str, Any]:
    return {"withdrawn_on": zh_day(matter.said.get("at") or matter.at), "reason": clause(matter.said.get("reason", ""))}


def _payment(matter: Matter) -> dict[str, Any]:
    bill = matter.said["bill"]
    lines = list(bill.lines.all())
    spared = [line for line in lines if line.amount != line.full_amount]
    return {
        "payment_code": bill.number,
        "fees": [
            {
                "name": line.title,
                "rate": line.standard,
                "quantity": f"{line.quantity.normalize():f}{line.measure}",
                "amount": yuan(line.amount),
            }
            for line in lines
        ],
        "total": f"￥{yuan(bill.amount)}",
        "total_words": capitals(bill.amount),
        "basis": "、".join(dict.fromkeys(line.basis for line in lines if line.basis)) or matter.ground("第五十八条"),
        "exemption": "；".join(clause(line.why) for line in spared if line.why),
        "pay_by": zh_day(bill.due_on),
        "pay_url": address_of(f"/bills/{bill.pk}/"),
    }


def _receipt(matter: Matter) -> dict[str, Any]:
    service, steps = matter.said["service"], matter.said["steps"]
    last = next((step for step in reversed(steps) if step.outcome == "served"), None)
    failed = [f"{step.get_way_display()}：{step.note or step.place}" for step in steps if step.outcome == "failed"]
    electronic = service.way == "electronic"
    return {
        "document": f"{service.title}（{service.number}）" if service.number else service.title,
        "cause": matter.case.title,
        "recipient": service.person.name,
        "place": (last.place if last else "") or "—",
        "way": f"{service.get_way_display()}{'（经受送达人确认同意）' if electronic else ''}",
        "served_at": zh_day(service.served_on),
        "evidence": f"存证编号 {last.entry_id}" if last and last.entry_id else "",
        "received_by": last.note if last and service.way == "direct" else "",
        "not_received": "；".join(failed),
        "officers": (last.by if last and not electronic else "") or "系统送达",
        "remarks": last.note if last and service.way != "direct" else "",
    }


_WRITERS: dict[Occasion, Callable[[Matter], dict[str, Any]]] = {
    Occasion.ACCEPTANCE: _acceptance,
    Occasion.SUPPLEMENT: _supplement,
    Occasion.NON_ACCEPTANCE: _non_acceptance,
    Occasion.SUSPENSION: _suspension,
    Occasion.EXTENSION: _extension,
    Occasion.APPROVAL: _approval,
    Occasion.REFUSAL: _refusal,
    Occasion.WITHDRAWAL: _withdrawal,
    Occasion.PAYMENT: _payment,
    Occasion.RECEIPT: _receipt,
}
