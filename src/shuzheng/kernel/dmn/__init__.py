"""Decision tables (DMN 1.3), evaluated by SpiffWorkflow behind a thin pure wrapper; no Django, no database.

``parse(xml)`` gives a ``Table``, whose ``decide(values)`` gives a ``Decided``: the outputs of the rules that hold, by the
table's hit policy, and why. ``problems(xml)`` finds everything wrong with a table, each at an element of the file.
Cells are S-FEEL unary tests (``"a","b"``, ``< 10``, ``[1..30]``, ``not("x")``, ``-``); outputs are expressions over the
inputs. Numbers are Decimal. No cell can run Python: a cell is interpreted node by node, and anything else is refused.
"""

from __future__ import annotations

from shuzheng.kernel.dmn.feel import Malformed
from shuzheng.kernel.dmn.reading import DmnUnreadable, Finding, parse, problems, read_dmn
from shuzheng.kernel.dmn.table import Column, Decided, Matched, NoRule, RulesDisagree, Table, WrongValue

__all__ = [
    "Column",
    "Decided",
    "DmnUnreadable",
    "Finding",
    "Malformed",
    "Matched",
    "NoRule",
    "RulesDisagree",
    "Table",
    "WrongValue",
    "parse",
    "problems",
    "read_dmn",
]
