"""Examining a table of existing licences: every row that cannot be registered is named, with its line and the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.documents.credentials.content import Said, gather
from shuzheng.engines.documents.credentials.identifier import Identifier, IdentifierUnreadable
from shuzheng.engines.documents.credentials.importing import columns as named
from shuzheng.engines.documents.credentials.importing.columns import Column, columns_of
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.types import CredentialType
from shuzheng.engines.identity.models import LegalPerson, Person
from shuzheng.engines.identity.models.person import digest
from shuzheng.engines.vocabulary.queries import choices, element
from shuzheng.engines.vocabulary.validators import InvalidValue, validate

Holder = Person | LegalPerson
_ENDLESS = frozenset({"", "长期", "永久"})
_SEPARATORS = "；;、"


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be registered: its line in the file, and everything that is wrong with it."""

    line: int
    what: str


@dataclass(frozen=True)
class Ready:
    """A row that can be registered."""

    holder: Holder
    number: str
    valid_from: date
    valid_until: date | None
    identifier: Identifier | None
    content: dict[str, Said]


@dataclass
class Examined:
    """What a table holds: rows that can be registered, and those that cannot."""

    ready: list[Ready] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    #: Everybody whom the registers know by a number in the table: that they are known is told by every answer.
    found: frozenset[UUID] = frozenset()


class _Faulty(Exception):
    """Something is wrong with a cell; the message says what."""


def examine(
    type: CredentialType, rows: Sequence[Mapping[str, str]], barred: Collection[UUID] = frozenset()
) -> Examined:
    """Examine rows by heading or code of their columns; four statements, however many rows. Writes nothing.

    ``barred`` are the holders whose licences the examiner may not take over.
    """
    columns = columns_of(type)
    told = [{c.code: str(row.get(c.title, row.get(c.code, ""))).strip() for c in columns} for row in rows]
    known = _Known.of(type, told, barred)
    found, seen = Examined(found=frozenset(one.pk for one in known.holders.values())), dict[str, int]()
    for line, row in enumerate(told, 2):
        row_problems: list[str] = []
        ready = _row(type, columns, row, known, row_problems)
        double = seen.setdefault(row[named.NUMBER], line)
        if double != line and row[named.NUMBER]:
            row_problems.append(_("证照编号与第 {line} 行重复").format(line=double))
        if row_problems or ready is None:
            found.problems.append(RowProblem(line, "；".join(row_problems)))
        else:
            found.ready.append(ready)
    return found


@dataclass(frozen=True)
class _Known:
    """What the registers say of everything that the rows name."""

    holders: dict[str, Holder]
    numbers: set[str]
    identifiers: set[str]
    barred: Collection[UUID]

    @classmethod
    def of(cls, type: CredentialType, rows: Iterable[Mapping[str, str]], barred: Collection[UUID]) -> _Known:
        rows = list(rows)
        wanted = {row[named.HOLDER].upper() for row in rows} - {""}
        firms = LegalPerson.objects.select_related("representative").filter(uscc__in=wanted)
        by_index = {digest("id_index", number): number for number in wanted}
        people = Person.objects.filter(id_index__in=list(by_index))
        holders: dict[str, Holder] = {firm.uscc: firm for firm in firms}
        holders |= {by_index[str(person.id_index)]: person for person in people}
        same_type = Credential.objects.filter(type_code=type.code)
        numbers = same_type.filter(number__in={row[named.NUMBER] for row in rows}).values_list("number", flat=True)
        written = {row[named.IDENTIFIER].upper() for row in rows} - {""}
        taken = Credential.objects.filter(identifier__in=written).values_list("identifier", flat=True)
        return cls(holders, set(numbers), set(taken) if written else set(), barred)


def _row(
    type: CredentialType, columns: Sequence[Column], row: Mapping[str, str], known: _Known, problems: list[str]
) -> Ready | None:
    problems += [_("没有填“{title}”").format(title=c.title) for c in columns if c.required and not row[c.code]]
    problems += list(_register_problems(type, row, known))
    since, until, identifier = (
        _kept(problems, read, row[code])
        for code, read in ((named.SINCE, _day), (named.UNTIL, _end), (named.IDENTIFIER, _identifier))
    )
    if since and until and until < since:
        problems.append(_("有效期至早于有效期自"))
    answers = {c.element.source.partition(".")[2]: _value(c, row, problems) for c in columns if c.element}
    holder = known.holders.get(row[named.HOLDER].upper())
    if problems or holder is None or since is None:
        return None
    return Ready(holder, row[named.NUMBER], since, until, identifier, gather(type, answers, holder, ""))


def _register_problems(type: CredentialType, row: Mapping[str, str], known: _Known) -> Iterator[str]:
    holder = known.holders.get(row[named.HOLDER].upper())
    if row[named.HOLDER] and holder is None:
        yield _("登记库里没有这个证件号码的个人或单位")
    if holder is not None and type.holder not in ("any", "person" if isinstance(holder, Person) else "legal"):
        yield _("这类证照只发给{whom}").format(whom=_("个人") if type.holder == "person" else _("单位"))
    if holder is not None and holder.pk in known.barred:
        yield _("不能登记经办人自己的、本人代表或代办的单位和个人的证照")
    if row[named.NUMBER] in known.numbers:
        yield _("证照编号已经登记过")
    if len(row[named.NUMBER]) > 60:
        yield _("证照编号超过 60 个字")
    if row[named.IDENTIFIER].upper() in known.identifiers:
        yield _("电子证照标识已经登记过")


def _kept(problems: list[str], read: Any, text: str) -> Any:
    try:
        return read(text)
    except _Faulty as fault:
        problems.append(str(fault))
        return None


def _day(text: str) -> date | None:
    plain = text.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").removesuffix("日")
    parts = plain.split("-")
    if not text:
        return None
    try:
        return date(*(int(part) for part in parts))
    except (ValueError, TypeError):
        raise _Faulty(_("“{text}”不是日期，请写成 2026-11-22").format(text=text[:20])) from None


def _end(text: str) -> date | None:
    return None if text in _ENDLESS else _day(text)


def _identifier(text: str) -> Identifier | None:
    try:
        return Identifier.parse(text) if text else None
    except IdentifierUnreadable:
        raise _Faulty(_("电子证照标识的格式或校验位不对")) from None


def _value(column: Column, row: Mapping[str, str], problems: list[str]) -> Any:
    """Return what a cell says, as its element is kept; codes may be written as their names."""
    one, text = column.element, row[column.code]
    if one is None or not text:
        return None
    of = element(one.element)
    by_name = {name: code for code, name in choices(of.code_list)} if of.code_list else {}
    for separator in _SEPARATORS[1:]:
        text = text.replace(separator, _SEPARATORS[0]) if one.many else text
    parts = [part.strip() for part in text.split(_SEPARATORS[0])] if one.many else [text]
    try:
        values = [str(validate(of, by_name.get(part, part))) for part in parts if part]
    except InvalidValue as fault:
        problems.append(f"{column.title}：{fault}")
        return None
    return values if one.many else values[0]
