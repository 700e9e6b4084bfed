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
    yield from _check_letters(declared, item, workspace)
    yield from _check_archive(declared, item, workspace)
    yield from _check_licences(declared, item, workspace)


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


def _check_licences(
    declared: Declared[ServiceItemDefinition], item: ServiceItemDefinition, workspace: Workspace
) -> Iterator[Problem]:
    """Yield a problem for a material that names a licence which no pack declares, or none although one replaces it."""
    for index, material in enumerate(item.materials):
        if "credential" not in material.sources:
            continue
        if not material.replaced_by:
            yield declared.problem("请用 replaced_by 写明哪种证照可以代替这份材料", "materials", index)
        elif not workspace.has("credential_type", material.replaced_by):
            hint = nearest(material.replaced_by, workspace.keys("credential_type"))
            message = f"没有叫“{material.replaced_by}”的证照类型"
            yield declared.problem(message, "materials", index, "replaced_by", suggestion=hint)


def _check_letters(
    declared: Declared[ServiceItemDefinition], item: ServiceItemDefinition, workspace: Workspace
) -> Iterator[Problem]:
    """Yield a problem for a letter whose template does not exist."""
    for index, rule in enumerate(item.letters):
        if rule.template and not workspace.has("document_template", rule.template):
            hint = nearest(rule.template, workspace.keys("document_template"))
            yield declared.problem(f"没有叫“{rule.template}”的文书模板", "letters", index, "template", suggestion=hint)


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
