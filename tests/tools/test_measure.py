"""The measure finds what it promises to find, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import measure

HEAD = '"""A module."""\n\n'


def measured(tmp_path: Path, text: str, folder: str = "src", name: str = "m.py") -> measure.Tally:
    """Measure one file alone."""
    path = tmp_path / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return measure.measure(tmp_path)


def test_a_clean_file_crosses_no_line(tmp_path: Path) -> None:
    tally = measured(tmp_path, HEAD + 'def add(a: int, b: int) -> int:\n    """Add."""\n    return a + b\n')
    assert [row.what for row in measure.rows(tally) if not row.kept] == []
    assert measure.main(tmp_path) == 0


def test_a_function_of_61_lines_is_too_long_and_one_of_60_is_not(tmp_path: Path) -> None:
    body = "def _f() -> None:\n" + "    pass\n"
    for lines, found in ((60, []), (61, ["src/m.py:3 _f"])):
        text = HEAD + body + "".join(f"    x{n} = {n}\n" for n in range(lines - 2))
        assert measured(tmp_path, text).long_functions == found


def test_a_file_over_500_lines_fails_even_in_tests(tmp_path: Path) -> None:
    measured(tmp_path, "# line\n" * 501, folder="tests")
    assert measure.main(tmp_path) == 1


def test_a_test_file_may_go_without_docstrings(tmp_path: Path) -> None:
    measured(tmp_path, "def test_x():\n    assert 1\n", folder="tests")
    assert measure.main(tmp_path) == 0


def test_migrations_are_not_measured(tmp_path: Path) -> None:
    assert measured(tmp_path, "x = 1\n" * 600, name="migrations/0001_initial.py").lengths == {}


@pytest.mark.parametrize(
    "signature",
    [
        "def f(a) -> int: ...",
        "def f(a: int): ...",
        "def f(*a) -> int: ...",
        "def f(*, a) -> int: ...",
        "def f(**a) -> int: ...",
    ],
)
def test_an_argument_or_a_result_without_annotation_counts(tmp_path: Path, signature: str) -> None:
    assert len(measured(tmp_path, HEAD + signature + "\n").unannotated) == 1


def test_self_needs_no_annotation(tmp_path: Path) -> None:
    text = HEAD + 'class A:\n    """A."""\n\n    def _f(self, a: int) -> int: ...\n'
    assert measured(tmp_path, text).unannotated == []


def test_public_modules_classes_and_methods_need_a_docstring(tmp_path: Path) -> None:
    text = "class A:\n    def f(self) -> None: ...\n    def _g(self) -> None: ...\n    class Meta: ...\n\nclass _B:\n    def f(self) -> None: ...\n"
    assert measured(tmp_path, text).undocumented == ["src/m.py:1 A", "src/m.py:2 f", "src/m.py:1"]


def test_methods_of_an_action_are_explained_by_its_docstring(tmp_path: Path) -> None:
    text = HEAD + 'class A:\n    """A."""\n\n    def perform(self) -> None: ...\n'
    assert measured(tmp_path, text).undocumented == []


@pytest.mark.parametrize(
    ("comment", "suppressions", "unreasoned"),
    [
        ("x = 1  # noqa: F401", 1, 1),
        ("x = 1  # noqa", 1, 1),
        ("x = 1  # type: ignore[attr-defined]", 1, 1),
        ("x = 1  # type: ignore[attr-defined]  # allauth ships no types", 1, 0),
        ("x = 1  # noqa: F401 - imported for its side effect", 1, 0),
        ("x = 1  # pragma: no cover - needs a second machine", 1, 0),
        ('x = "# noqa: F401"', 0, 0),
    ],
)
def test_a_suppression_needs_its_reason_on_the_line(
    tmp_path: Path, comment: str, suppressions: int, unreasoned: int
) -> None:
    tally = measured(tmp_path, HEAD + comment + "\n")
    assert (len(tally.suppressions), len(tally.unreasoned)) == (suppressions, unreasoned)


def test_a_promise_for_later_is_found_in_comments_only(tmp_path: Path) -> None:
    tally = measured(tmp_path, HEAD + 'x = "TODO"\ny = 2  # TODO: mend\n')
    assert tally.later == ["src/m.py:4 # TODO: mend"]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("pass", 1),
        ("if a: pass", 2),
        ("if a: pass\n elif b: pass\n else: pass", 3),
        ("for x in y: pass\n else: pass", 3),
        ("try: pass\n except A: pass\n except B: pass", 3),
        ("match a:\n  case 1: pass\n  case _: pass", 2),
        ("def g(): pass", 2),
    ],
)
def test_complexity_counts_the_paths(body: str, paths: int) -> None:
    assert measure.complexity(ast.parse(f"def f():\n {body}\n").body[0]) == paths


def test_six_equal_lines_are_found_in_another_file_and_five_are_not(tmp_path: Path) -> None:
    for count, found in ((5, 0), (6, 1), (9, 1)):
        lines = "".join(f"value_{n} = {n}\n" for n in range(count))
        measured(tmp_path, HEAD + lines, name="a.py")
        assert len(measured(tmp_path, HEAD + lines, name="b.py").repeated) == found


def test_equal_imports_and_docstrings_are_no_repetition(tmp_path: Path) -> None:
    text = '"""One.\n\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\n"""\n\n' + "".join(
        f"import module_{n}\n" for n in range(8)
    )
    measured(tmp_path, text, name="a.py")
    assert measured(tmp_path, text, name="b.py").repeated == []
