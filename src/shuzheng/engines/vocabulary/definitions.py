"""What packs may declare for the vocabulary: data elements, code lists, and the facts about divisions."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary import code_list, facts
from shuzheng.engines.vocabulary.code_list import CodeList
from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators import normalise
from shuzheng.kernel.declaration import (
    Declared,
    Facts,
    Kind,
    Workspace,
    read_many,
    register,
    register_facts,
)
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Problem


def check_element(declared: Declared[Element], workspace: Workspace) -> Iterable[Problem]:
    """Find code lists, units and registers that do not exist, and examples that break their own rules."""
    body = declared.model
    if body is None:
        return
    if body.code_list and not workspace.has("code_list", body.code_list):
        hint = suggest(body.code_list, workspace.keys("code_list")).strip(" ()")
        yield declared.problem(f"代码表“{body.code_list}”不存在", "code_list", suggestion=hint)
    for field, code, name in (("unit", body.unit, "measurement-unit"), ("owner", body.owner, "register")):
        known: CodeList | None = workspace.find("code_list", name)
        if code and known and code not in known.by_code:
            hint = suggest(code, known.by_code).strip(" ()")
            yield declared.problem(f"“{code}”不在代码表“{name}”中", field, suggestion=hint)
    yield from _check_examples(declared, body, workspace)


def _check_examples(declared: Declared[Element], body: Element, workspace: Workspace) -> Iterable[Problem]:
    codes: CodeList | None = workspace.find("code_list", body.code_list) if body.code_list else None
    for index, example in enumerate(body.examples):
        try:
            value = normalise(body, example)
        except InvalidValue as error:
            yield declared.problem(f"示例“{example}”不符合本数据元：{error}", "examples", index)
        else:
            if codes and value not in codes.by_code:
                yield declared.problem(f"示例“{example}”不在代码表“{codes.code}”中", "examples", index)


CODE_LISTS = register(
    Kind(
        "code_list",
        "codelists/*.csv",
        CodeList,
        title=_("代码表"),
        read=code_list.read_csv,
        check=code_list.check,
    )
)
ELEMENTS = register(Kind("element", "elements.yaml", Element, title=_("数据元"), read=read_many, check=check_element))
DIVISIONS = register_facts(Facts("divisions", "divisions/divisions.csv", facts.check_divisions, facts.load_divisions))
CHANGES = register_facts(
    Facts("division_changes", "divisions/changes.csv", facts.check_changes, facts.load_changes, rank=1)
)
BOUNDARIES = register_facts(
    Facts("division_boundaries", "divisions/boundaries.geojson", facts.check_boundaries, facts.load_boundaries, rank=1)
)
