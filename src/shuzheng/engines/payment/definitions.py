"""What a pack may declare: charges (``fees/*.yaml``) and fee decisions (``fees/*.dmn``)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shuzheng.kernel.declaration import read_many
from shuzheng.kernel.definition import Declaration, Declared, Kind, Problem, Workspace, register
from shuzheng.kernel.dmn import problems, read_dmn
from shuzheng.kernel.dmn.reading import parse
from shuzheng.kernel.source import nearest

#: Columns that every fee decision gives, and their types; ``quantity`` may be left out.
OUTPUTS = {"charge": "text", "price": "number", "quantity": "number"}
REQUIRED = ("charge", "price")


class ExemptionGround(BaseModel):
    """A ground on which a charge is reduced or remitted (减免情形), and the proof it takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    title: str = Field(min_length=2, max_length=300)
    #: Share of the charge that is remitted; 1 remits it whole.
    share: Decimal = Field(gt=0, le=1, decimal_places=4)
    #: What proves it, e.g. 低保证.
    proof: str = Field(min_length=1, max_length=200)
    basis: str = Field(default="", max_length=500)


class GivenBack(BaseModel):
    """Which share of a charge goes back when a case ends without what was applied for (退费规则)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: When the applicant withdraws it.
    withdrawn: Decimal = Field(default=Decimal(1), ge=0, le=1, decimal_places=4)
    #: When it is refused; by law many charges pay for the examination and stay.
    refused: Decimal = Field(default=Decimal(0), ge=0, le=1, decimal_places=4)


class Charge(Declaration):
    """A charge of the catalogue (收费项目): for whom it is collected, by which standard, on which ground."""

    #: Kind of bureau that collects it (执收单位) in the division concerned.
    unit: str = Field(pattern=r"^[a-z][a-z0-9-]{1,60}$")
    standard: str = Field(min_length=1, max_length=300)
    #: What is counted, e.g. 平方米·天.
    measure: str = Field(default="", max_length=30)
    basis: str = Field(min_length=1, max_length=500)
    exemptions: list[ExemptionGround] = []
    #: What is proposed to be given back; a person decides on it.
    given_back: GivenBack = GivenBack()


class FeeDecision(Declaration):
    """A DMN table that decides which charges are due (收费决策)."""

    #: The DMN 1.3 XML as an editor saved it.
    xml: str


def check(declared: Declared[FeeDecision], workspace: Workspace) -> Iterable[Problem]:
    """Find what is wrong with a table, columns that are missing, and charges that nobody declares."""
    if declared.model is None:
        return
    found = list(problems(declared.model.xml))
    for finding in found:
        yield declared.problem(finding.message, finding.element, suggestion=finding.suggestion)
    if not found:
        yield from _check_outputs(declared, workspace)


def _check_outputs(declared: Declared[FeeDecision], workspace: Workspace) -> Iterable[Problem]:
    assert declared.model is not None
    table = parse(declared.model.xml)
    given = {column.name: column.type for column in table.outputs}
    for name in REQUIRED:
        if name not in given:
            yield declared.problem(str(_("收费决策表缺少输出列 {name}")).format(name=name), "code")
    for name, kind in given.items():
        if OUTPUTS.get(name) != kind:
            hint = nearest(name, OUTPUTS)
            yield declared.problem(str(_("输出列 {name} 的名称或类型不对")).format(name=name), "code", suggestion=hint)
    if "charge" not in given:
        return
    place = list(given).index("charge")
    for rule in table.spec.rules:
        entry = rule.outputEntries[place]
        code = (entry.text or "").strip().strip('"')
        if not workspace.has("charge", code):
            message = str(_("没有编码为 {code} 的收费项目")).format(code=code)
            yield declared.problem(message, entry.id, suggestion=nearest(code, workspace.keys("charge")))


CHARGE = register(Kind("charge", "fees/*.yaml", Charge, title=_("收费项目"), read=read_many))
FEE_DECISION = register(
    Kind("fee_decision", "fees/*.dmn", FeeDecision, title=_("收费决策"), read=read_dmn, check=check)
)
