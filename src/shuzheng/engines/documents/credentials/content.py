"""What a licence says: its metadata elements, gathered from the case and the registers, as values and as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from stdnum.iso7064 import mod_11_10

from shuzheng.engines.documents.credentials.types import GAP, CredentialType, LicenceElement, Numbering
from shuzheng.engines.identity.models import LegalPerson, Person
from shuzheng.engines.trust.masking import mask, rule_for
from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.queries import display, element
from shuzheng.kernel.moment import today

#: A value, and how people read it: {"value": …, "text": …}.
Said = dict[str, Any]


def gather(
    type: CredentialType, answers: Mapping[str, Any], holder: Person | LegalPerson, case_number: str
) -> dict[str, Said]:
    """Return what the licence says, by name; what nobody knows is left out, and ``missing`` names it."""
    sources = {"answers": answers, "holder": _holder(holder), "case": {"number": case_number}}
    found = {}
    for one in type.elements:
        place, _dot, name = one.source.partition(".")
        value = sources[place].get(name)
        if value not in (None, "", [], ()):
            found[one.name] = said(one, value)
    return found


def said(one: LicenceElement, value: Any) -> Said:
    """Return a value as it is kept: plain, and as people read it."""
    if one.photo is not None:
        return {"value": str(value[0] if isinstance(value, list | tuple) else value), "text": ""}
    of = element(one.element)
    values = value if isinstance(value, list | tuple) else [value]
    plain = [str(part) if not isinstance(part, bool | int | dict) else part for part in values]
    return {"value": plain if one.many else plain[0], "text": "；".join(_read(of, part) for part in values)}


def missing(type: CredentialType, values: Mapping[str, Said]) -> list[str]:
    """Return the titles of what the licence must say and does not."""
    return [title_of(one) for one in type.elements if not one.optional and one.name not in values]


def title_of(one: LicenceElement) -> str:
    """Return what people call an element of a licence."""
    return one.title or element(one.element).title


def shown(
    elements: Iterable[LicenceElement], values: Mapping[str, Said], *, masked: bool = True
) -> list[tuple[str, str]]:
    """Return titles and texts, masked by each element's rule unless the type declares it open; photographs never."""
    told = (one for one in elements if one.name in values and one.photo is None)
    return [(title_of(one), _covered(one, values[one.name], masked)) for one in told]


def _covered(one: LicenceElement, value: Said, masked: bool) -> str:
    if not masked or one.open:
        return value["text"]
    of = element(one.element)
    return mask(value["text"], rule_for(of.level, of.masking))


def chinese_date(day: date) -> str:
    """Return a day as it stands on a licence."""
    return f"{day.year}年{day.month}月{day.day}日"


def period(
    type: CredentialType, answers: Mapping[str, Any], start: date | None, end: date | None
) -> tuple[date, date | None]:
    """Return first and last day: the decision's own where it says so, otherwise the type's rule."""
    rule = type.validity
    first = _day(answers.get(rule.since)) or start or today()
    if end is not None:
        return first, end
    if rule.until:
        return first, _day(answers.get(rule.until))
    if rule.years:
        return first, first + relativedelta(years=rule.years, days=-1)
    return first, first + timedelta(days=rule.days - 1) if rule.days else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def number(rule: Numbering, answers: Mapping[str, Any], division_code: str, serial: int) -> str:
    """Return the number that stands on the paper; its check digit is ISO 7064 MOD 11,10 over its digits."""
    told = {
        "division": division_code[:6],
        "year": f"{today().year}",
        "kind": rule.kinds.get(str(answers.get(rule.by, "")), "0"),
    }
    body = ""
    for position, part in enumerate(GAP.split(rule.pattern)):
        if position % 3 == 0:
            body += part
        elif position % 3 == 1:
            width = GAP.split(rule.pattern)[position + 1]
            body += _gap(part, width, told, serial, body)
    return body


def _gap(name: str, width: str | None, told: Mapping[str, str], serial: int, before: str) -> str:
    if name == "serial":
        return f"{serial:0{int(width or 6)}d}"
    if name == "check":
        return mod_11_10.calc_check_digit("".join(filter(str.isdigit, before)))
    return told[name]


def _read(of: Element, value: Any) -> str:
    if of.datatype == "date":
        return chinese_date(date.fromisoformat(str(value)[:10]))
    if of.datatype == "geo_point" and isinstance(value, dict):
        return f"{value.get('longitude')}, {value.get('latitude')}"
    return display(of, value)


def _holder(holder: Person | LegalPerson) -> dict[str, Any]:
    """Return what the registers say of the holder, by the names that types use."""
    common = {"name": holder.name, "address": holder.address, "division": holder.division_code}
    if isinstance(holder, Person):
        return {**common, "id_number": holder.id_number, "sex": holder.sex, "birth_date": holder.birth_date}
    head = holder.representative
    return {**common, "uscc": holder.uscc, "representative": head.name if head else ""}
