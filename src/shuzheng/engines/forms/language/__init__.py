"""The small language of forms: comparisons, and/or/not, in, arithmetic and a few functions; nothing else.

An expression is compiled once, against the names it may read, and then never fails at run time: types are checked when
the form is checked. Logic has three values (Kleene): what has not been answered yet is neither true nor false.
"""

from __future__ import annotations

from shuzheng.engines.forms.language.compiler import compile_expression
from shuzheng.engines.forms.language.names import Name, Problem, Type
from shuzheng.engines.forms.language.parts import Expression

__all__ = ["Expression", "Name", "Problem", "Type", "compile_expression"]
