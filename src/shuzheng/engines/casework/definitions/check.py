"""What a service item refers to must exist."""

from __future__ import annotations

from collections.abc import Iterator

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.source import Problem, nearest


def check_item(declared: Declared[ServiceItemDefinition], workspace: Workspace) -> Iterator[Problem]:
    """Yield a problem for a missing form, process or theme."""
    item = declared.model
    if item is None:
        return
    for kind, key in (("form", item.form), ("process", item.process)):
        if not workspace.has(kind, key):
            yield declared.problem(
                f"没有叫“{key}”的{'表单' if kind == 'form' else '流程'}",
                kind,
                suggestion=nearest(key, workspace.keys(kind)),
            )
    yield from _check_themes(declared, item, workspace)
    yield from _check_archive(declared, item, workspace)


def _check_themes(
    declared: Declared[ServiceItemDefinition], item: ServiceItemDefinition, workspace: Workspace
) -> Iterator[Problem]:
    themes = workspace.find("code_list", "theme")
    if themes is None:
        return
    known = set(themes.by_code)
    for index, theme in enumerate(item.themes):
        if theme not in known:
            hint = nearest(theme, sorted(known))
            yield declared.problem(f"主题“{theme}”不在主题代码表中", "themes", index, suggestion=hint)


def _check_archive(
    declared: Declared[ServiceItemDefinition], item: ServiceItemDefinition, workspace: Workspace
) -> Iterator[Problem]:
    """Yield a problem where retention should count from a question that the form does not ask."""
    starts, form = item.archive.starts, workspace.find("form", item.form)
    if form is None or starts.way != "answer":
        return
    asked = sorted(field.name for section in form.sections if not section.repeat for field in section.fields)
    if starts.field not in asked:
        hint = nearest(starts.field, asked)
        yield declared.problem(f"表单里没有叫“{starts.field}”的项目", "archive", "starts", "field", suggestion=hint)
