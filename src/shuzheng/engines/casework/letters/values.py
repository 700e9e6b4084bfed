"""What fills a letter: names, numbers and days of the case in the forms that offices write, and what the act said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation

from shuzheng.engines.casework.clock import GROUNDS, Ground, Unit
from shuzheng.engines.casework.letters.matter import Matter
from shuzheng.engines.casework.letters.outcomes import approval, receipt, refusal, withdrawal
from shuzheng.engines.casework.letters.places import court_of, review_organ_of
from shuzheng.engines.casework.letters.rules import Occasion
from shuzheng.engines.casework.letters.wording import address_of, clause, subject_of, zh_day
from shuzheng.engines.casework.models import Clock, Material
from shuzheng.engines.payment.money import capitals, yuan
from shuzheng.kernel.moment import now

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


def values_of(occasion: Occasion, matter: Matter) -> dict[str, Any]:
    """Return the values of a letter, texts in Chinese whatever language the person at work reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return _common(matter) | _WRITERS[occasion](matter)


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


_WRITERS: dict[Occasion, Callable[[Matter], dict[str, Any]]] = {
    Occasion.ACCEPTANCE: _acceptance,
    Occasion.SUPPLEMENT: _supplement,
    Occasion.NON_ACCEPTANCE: _non_acceptance,
    Occasion.SUSPENSION: _suspension,
    Occasion.EXTENSION: _extension,
    Occasion.APPROVAL: approval,
    Occasion.REFUSAL: refusal,
    Occasion.WITHDRAWAL: withdrawal,
    Occasion.PAYMENT: _payment,
    Occasion.RECEIPT: receipt,
}
