"""What a pack may declare for insight: indicators (指标)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.insight.calculations import calculations
from shuzheng.kernel.declaration import Declaration, Declared, Kind, Workspace, read_many, register
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Problem


class Indicator(Declaration):
    """A measured figure (指标): what it says, how it is calculated, who answers for it and how fresh it is."""

    #: What is counted and how, in words that whoever reads the figure understands.
    formula: str = Field(min_length=4, max_length=500)
    unit: str = Field(max_length=20)
    #: Kind of bureau, or office, that answers for the figure.
    owner: str = Field(max_length=100)
    #: The longest time after which the figure is renewed.
    refresh: Literal["minute", "five-minutes", "day"]
    audience: Literal["office", "leaders", "public"] = "office"
    #: Name of the calculation in code.
    calculation: str = Field(max_length=80)


def _check(declared: Declared[Indicator], workspace: Workspace) -> Iterable[Problem]:
    """Find calculations that no code declares."""
    indicator = declared.model
    if indicator is not None and indicator.calculation not in calculations():
        hint = suggest(indicator.calculation, list(calculations()))
        yield declared.problem(f"没有叫“{indicator.calculation}”的计算方法", "calculation", suggestion=hint.strip())


register(
    Kind(
        name="indicator",
        pattern="indicators.yaml",
        model=Indicator,
        title=_("指标"),
        read=read_many,
        check=_check,
    )
)
