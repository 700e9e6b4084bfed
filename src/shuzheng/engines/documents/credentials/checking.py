"""What ``pack check`` asks of a type of licence: everything it points to exists, and its face can be filled."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.types import CredentialType, names_of
from shuzheng.engines.documents.layout.blocks import Signature
from shuzheng.engines.documents.layout.template import DocumentTemplate
from shuzheng.kernel.definition import Declared, Problem, Workspace
from shuzheng.kernel.registry import suggest

_TEMPLATE = "document_template"


def check(declared: Declared[CredentialType], workspace: Workspace) -> Iterable[Problem]:
    """Find unknown elements, bureaus, items and templates, and gaps of the face that nothing fills."""
    model = declared.model
    if model is None:
        return
    for kind, key, place in _references(model):
        yield from _exists(declared, workspace, kind, key, *place)
    yield from _photos(declared, model, workspace)
    for field in ("face", "copy_face"):
        yield from _check_face(declared, model, workspace.find(_TEMPLATE, getattr(model, field)), field)


def _references(model: CredentialType) -> Iterable[tuple[str, str, tuple[str | int, ...]]]:
    """Yield everything that a type points to: kind, key and place."""
    for n, one in enumerate(model.elements):
        yield "element", one.element, ("elements", n, "element")
    for n, unit in enumerate(model.issuers):
        yield "unit_kind", unit, ("issuers", n)
    for n, item in enumerate(model.items):
        yield "service_item", item, ("items", n)
    single = (
        ("service_item", "renewed_by"),
        ("service_item", "replaced_by"),
        (_TEMPLATE, "face"),
        (_TEMPLATE, "copy_face"),
    )
    for kind, field in single:
        if getattr(model, field):
            yield kind, getattr(model, field), (field,)


def _photos(declared: Declared[CredentialType], model: CredentialType, workspace: Workspace) -> Iterable[Problem]:
    """Find photographs whose element is no file, and files that are not declared photographs."""
    for n, one in enumerate(model.elements):
        of = workspace.find("element", one.element)
        if of is not None and (of.datatype == "file") != (one.photo is not None):
            yield declared.problem(str(_("文件类的数据元写 photo（照片），其他数据元不能写")), "elements", n)


def _exists(
    declared: Declared[CredentialType], workspace: Workspace, kind: str, key: str, *place: str | int
) -> Iterable[Problem]:
    if not workspace.has(kind, key):
        message = str(_("没有“{key}”")).format(key=key)
        yield declared.problem(message, *place, suggestion=suggest(key, workspace.keys(kind)))


def _check_face(
    declared: Declared[CredentialType], model: CredentialType, face: DocumentTemplate | None, field: str
) -> Iterable[Problem]:
    if face is None:
        return
    known = names_of(model)
    for name, placeholder in face.placeholders.items():
        if name not in known and not placeholder.optional:
            message = str(_("照面“{face}”要填 {name}，证照类型里没有这个元素")).format(face=face.code, name=name)
            yield declared.problem(message, field, suggestion=suggest(name, list(known)))
    for n, one in enumerate(model.elements):
        gap = face.placeholders.get(one.name)
        if gap is not None and one.optional and not gap.optional:
            message = str(_("{name} 可以不填，但照面“{face}”要求必填")).format(name=one.name, face=face.code)
            yield declared.problem(message, "elements", n)
    boxes = {box.seal for box in face.boxes if box.seal}
    places = boxes | {block.seal for block in face.blocks if isinstance(block, Signature) and block.seal}
    if model.seal.place not in places:
        message = str(_("照面“{face}”没有印章位置 {place}")).format(face=face.code, place=model.seal.place)
        yield declared.problem(message, "seal", "place", suggestion=suggest(model.seal.place, list(places)))
