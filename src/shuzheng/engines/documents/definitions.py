"""What a pack may declare for documents: templates in ``documents/*.yaml``, types of licences in ``credentials/*.yaml``."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.registering import CREDENTIAL_TYPE
from shuzheng.engines.documents.layout.blocks import Include
from shuzheng.engines.documents.layout.filling import IncludeCycle, expand, uses
from shuzheng.engines.documents.layout.template import PLACEHOLDER, DocumentTemplate
from shuzheng.kernel.definition import Declared, Kind, Problem, Workspace, register
from shuzheng.kernel.registry import suggest

__all__ = ["CREDENTIAL_TYPE", "KIND", "TEMPLATE", "check"]

KIND = "document_template"


class _Unknown(LookupError):
    """An included template does not exist."""


def check(declared: Declared[DocumentTemplate], workspace: Workspace) -> Iterable[Problem]:
    """Find gaps that nobody fills, fillings without a gap, stray braces, and templates that include one another."""
    template = declared.model
    if template is None:
        return
    yield from _check_includes(declared, template, workspace)
    found = list(uses(template))
    for use in found:
        placeholder = template.placeholders.get(use.name)
        if placeholder is None:
            hint = suggest(use.name, list(template.placeholders))
            message = str(_("占位符 {name} 没有声明")).format(name=use.name)
            yield declared.problem(message, *use.place, suggestion=hint)
        elif use.kind and use.kind != placeholder.kind:
            message = str(_("占位符 {name} 声明为 {declared}，这里当作 {used} 使用"))
            yield declared.problem(message.format(name=use.name, declared=placeholder.kind, used=use.kind), *use.place)
    for name in sorted(template.placeholders.keys() - {use.name for use in found}):
        yield declared.problem(str(_("占位符 {name} 没有在文书中使用")).format(name=name), "placeholders", name)
    for place, text in _texts(template.model_dump(), ()):
        if set("{}") & set(PLACEHOLDER.sub("", text)):
            yield declared.problem(str(_("花括号只能用于占位符，如 {example}")).format(example="{item}"), *place)


def _check_includes(
    declared: Declared[DocumentTemplate], template: DocumentTemplate, workspace: Workspace
) -> Iterable[Problem]:
    def find(code: str) -> DocumentTemplate:
        found = workspace.find(KIND, code)
        if found is None:
            raise _Unknown(code)
        return found

    for n, block in enumerate(template.blocks):
        if isinstance(block, Include) and not workspace.has(KIND, block.include):
            hint = suggest(block.include, workspace.keys(KIND))
            message = str(_("没有这个文书模板：{code}")).format(code=block.include)
            yield declared.problem(message, "blocks", n, "include", suggestion=hint)
    try:
        expand(template, find)
    except IncludeCycle as problem:
        yield declared.problem(str(problem), "code")
    except _Unknown:
        return


def _texts(value: object, place: tuple[str | int, ...]) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """Yield every text of a template with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*place, key))
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value):
            yield from _texts(inner, (*place, n))


TEMPLATE = register(Kind(KIND, "documents/*.yaml", DocumentTemplate, title=_("文书模板"), check=check))
