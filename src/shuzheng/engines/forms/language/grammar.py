"""Reading the text of an expression, and telling an analyst what is wrong with one that cannot be read."""

from __future__ import annotations

import ast
import unicodedata
from functools import lru_cache

from shuzheng.engines.forms.language.names import Problem

#: Longest expression that is read, in characters; also bounds its depth.
LONGEST = 500
#: Most parts (nodes of the syntax tree) of an expression.
LARGEST = 120


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """Return the syntax tree of an expression. Raises Problem."""
    if len(text) > LONGEST:
        raise Problem(f"表达式太长，最多 {LONGEST} 个字符。")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _unreadable(text) from None
    if sum(1 for _ in ast.walk(tree)) > LARGEST:
        raise Problem("表达式太复杂，请拆成几个计算字段。")
    return tree.body


def _unreadable(text: str) -> Problem:
    halfwidth = unicodedata.normalize("NFKC", text).translate(str.maketrans("“”‘’", "\"\"''"))
    if halfwidth != text:
        return Problem("表达式里有全角标点，请改用英文标点。", halfwidth)
    if "=" in text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", ""):
        return Problem("表达式读不懂：比较相等要写两个等号。", text.replace("=", "=="))
    return Problem("表达式读不懂，请检查括号、引号和运算符。")
