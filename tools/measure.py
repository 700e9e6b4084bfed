"""The measure of this code base: one walk over every syntax tree, one table, exit status 1 where a line is crossed.

``src``, ``tools`` and ``bench`` are held to every bar; ``tests`` only to the length of functions and files, because a
test is read alone and says twice what two tests need. Migrations are generated and not measured. The bars are
explained in docs/reference/measure.md.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

STRICT = ("src", "tools", "bench")
LOOSE = ("tests",)
#: Methods whose meaning is fixed by the class they belong to; the class's docstring speaks for them.
INHERITED = {"perform", "scope", "check", "ready", "handle", "add_arguments"}
#: The suppression, what it suppresses, and the rest of the comment, which has to be the reason.
SUPPRESSION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no cover)"
    r"(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|\[[^\]]*\])?(?P<reason>.*)"
)
LATER = re.compile(r"#.*\b(TODO|FIXME|XXX)\b")
WINDOW = 6


@dataclass
class Tally:
    """What the walk has counted so far; a finding is ``path:line name``."""

    #: Lines of each strictly measured file, by path.
    lengths: dict[str, int] = field(default_factory=dict)
    #: Lines of each test file, by path.
    test_lengths: dict[str, int] = field(default_factory=dict)
    long_functions: list[str] = field(default_factory=list)
    functions: int = 0
    unannotated: list[str] = field(default_factory=list)
    public: int = 0
    undocumented: list[str] = field(default_factory=list)
    suppressions: list[str] = field(default_factory=list)
    unreasoned: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    tangled: list[str] = field(default_factory=list)
    #: Where each window of six lines was first seen.
    windows: dict[tuple[str, ...], str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """Return the lines of all strictly measured files."""
        return sum(self.lengths.values())

    @property
    def p95(self) -> int:
        """Return the length that 95 % of the files do not exceed."""
        ordered = sorted(self.lengths.values()) or [0]
        return ordered[int(0.95 * (len(ordered) - 1))]


def complexity(node: ast.AST) -> int:
    """Return McCabe's number of independent paths through a function, nested functions included."""
    total = 1
    for inner in ast.walk(node):
        if isinstance(inner, ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler):
            total += 1
        if isinstance(inner, ast.match_case) and not isinstance(inner.pattern, ast.MatchAs):
            total += 1
        if isinstance(inner, ast.For | ast.AsyncFor | ast.While | ast.Try) and inner.orelse:
            total += 1
        if isinstance(inner, Function) and inner is not node:
            total += 1
    return total


def annotated(node: Function) -> bool:
    """Tell whether every argument but ``self`` and ``cls`` and the result carry an annotation."""
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    starred = [star for star in (given.vararg, given.kwarg) if star]
    asked = [argument for argument in [*named, *starred] if argument.arg not in {"self", "cls"}]
    return node.returns is not None and all(argument.annotation for argument in asked)


def visit(node: ast.AST, place: str, tally: Tally, *, public: bool, strict: bool) -> None:
    """Count one syntax tree: the walk."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            where = f"{place}:{child.lineno} {child.name}"
            if (child.end_lineno or child.lineno) - child.lineno + 1 > 60:
                tally.long_functions.append(where)
            if strict:
                count_function(child, where, tally, public=public)
            visit(child, place, tally, public=False, strict=strict)
        elif isinstance(child, ast.ClassDef):
            shown = public and not child.name.startswith("_") and child.name != "Meta"
            if strict and shown:
                count_docstring(child, f"{place}:{child.lineno} {child.name}", tally)
            visit(child, place, tally, public=shown, strict=strict)
        else:
            visit(child, place, tally, public=public, strict=strict)


def count_function(node: Function, where: str, tally: Tally, *, public: bool) -> None:
    """Count annotations, paths and, for a public function, the docstring."""
    tally.functions += 1
    if not annotated(node):
        tally.unannotated.append(where)
    if (paths := complexity(node)) > 8:
        tally.tangled.append(f"{where} ({paths})")
    overload = any(isinstance(mark, ast.Name) and mark.id in {"overload", "override"} for mark in node.decorator_list)
    if public and not node.name.startswith("_") and node.name not in INHERITED and not overload:
        count_docstring(node, where, tally)


def count_docstring(node: Function | ast.ClassDef | ast.Module, where: str, tally: Tally) -> None:
    """Count one public thing and whether it says what it is for."""
    tally.public += 1
    if not ast.get_docstring(node):
        tally.undocumented.append(where)


def count_comments(text: str, place: str, tally: Tally) -> None:
    """Count suppressions and promises to do something later; only comments count, not strings."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        where = f"{place}:{token.start[0]} {token.string.strip()}"
        if LATER.search(token.string):
            tally.later.append(where)
        if match := SUPPRESSION.search(token.string):
            tally.suppressions.append(where)
            if len(match["reason"].strip(" -—#:")) < 8:
                tally.unreasoned.append(where)


def telling_lines(tree: ast.Module, text: str) -> Iterator[tuple[int, str]]:
    """Yield ``(line number, line)`` of the code proper: no docstrings, imports, comments, blanks or lone brackets."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        prose = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and (prose or isinstance(node, ast.Import | ast.ImportFrom)):
            silent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if number not in silent and len(stripped) > 2 and not stripped.startswith("#"):
            yield number, stripped


def count_repeats(tree: ast.Module, text: str, place: str, tally: Tally) -> None:
    """Find six lines in a row that stand elsewhere too; overlapping windows are reported once."""
    lines = list(telling_lines(tree, text))
    reported = 0
    for start in range(len(lines) - WINDOW + 1):
        window = tuple(line for _, line in lines[start : start + WINDOW])
        where = f"{place}:{lines[start][0]}"
        first = tally.windows.setdefault(window, where)
        if first != where and start >= reported:
            tally.repeated.append(f"{where} as at {first}")
            reported = start + WINDOW


def measure(root: Path) -> Tally:
    """Walk every Python file under ``root`` and return the counts."""
    tally = Tally()
    for folder in (*STRICT, *LOOSE):
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            text, place, strict = path.read_text("utf-8"), str(path.relative_to(root)), folder in STRICT
            tree = ast.parse(text, filename=place)
            (tally.lengths if strict else tally.test_lengths)[place] = len(text.splitlines())
            visit(tree, place, tally, public=True, strict=strict)
            if strict and text.strip():
                count_docstring(tree, f"{place}:1", tally)
                count_comments(text, place, tally)
                count_repeats(tree, text, place, tally)
    return tally


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    bar: str
    found: str
    kept: bool
    #: Where the line is crossed, for the person who mends it.
    places: list[str]


def rows(tally: Tally) -> list[Row]:
    """Judge the counts against the bars."""
    every = tally.lengths | tally.test_lengths
    long_files = [f"{place} ({length})" for place, length in every.items() if length > 500]
    longest = [f"{place} ({length})" for place, length in tally.lengths.items() if length > 190]
    share = 100 - 100 * len(tally.unannotated) / max(tally.functions, 1)
    documented = 100 - 100 * len(tally.undocumented) / max(tally.public, 1)
    rate = 10_000 * len(tally.suppressions) / max(tally.lines, 1)
    return [
        zero("functions longer than 60 lines", tally.long_functions),
        zero("files longer than 500 lines", long_files),
        Row("file length, 95th percentile", "≤ 190", str(tally.p95), tally.p95 <= 190, longest),
        Row("functions with full annotations", "≥ 95 %", f"{share:.1f} %", share >= 95, tally.unannotated),
        Row("public docstrings", "100 %", f"{documented:.1f} %", not tally.undocumented, tally.undocumented),
        zero("suppressions without a reason", tally.unreasoned),
        Row("suppressions per 10,000 lines", "≤ 2", f"{rate:.1f}", rate <= 2, tally.suppressions),
        zero("TODO / FIXME", tally.later),
        zero("McCabe complexity above 8", tally.tangled),
        zero("the same six lines twice", tally.repeated),
    ]


def zero(what: str, places: list[str]) -> Row:
    """Return a row whose bar is none at all."""
    return Row(what, "0", str(len(places)), not places, places)


def main(root: Path) -> int:
    """Print the table and every place where a line is crossed; return the exit status."""
    tally = measure(root)
    table = rows(tally)
    print(f"{len(tally.lengths)} files, {tally.lines:,} lines, {tally.functions:,} functions\n")
    for row in table:
        print(f"{'✓' if row.kept else '✗'} {row.what:<34} {row.bar:>7} {row.found:>9}")
    for row in table:
        if not row.kept and row.places:
            print(f"\n{row.what}:", *row.places, sep="\n  ")
    return 0 if all(row.kept for row in table) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent))
