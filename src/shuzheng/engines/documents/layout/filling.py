"""Filling the gaps of a template: every placeholder it declares, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.layout.blocks import (
    AnyBlock,
    Fields,
    Heading,
    Include,
    Paragraph,
    PictureBlock,
    QrCode,
    Signature,
    Table,
)
from shuzheng.engines.documents.layout.template import COUNTERS, PLACEHOLDER, Box, DocumentTemplate, Placeholder
from shuzheng.kernel.error import FieldProblem, InvalidInput

#: What may be given for a placeholder: a text, a picture, or rows.
Value = str | bytes | list[dict[str, str]]
Place = tuple[str | int, ...]


class ValuesDisagree(InvalidInput):
    """What was given is not what the template asks for."""

    code = "template-values"
    message = _("这些内容与文书模板要求的不一致，文书没有生成。")


class IncludeCycle(InvalidInput):
    """Templates include one another in a circle, or deeper than anybody means."""

    code = "template-cycle"
    message = _("文书模板互相引用成环：{path}。请修改模板。")

    def __init__(self, path: str) -> None:
        super().__init__(message=str(self.message).format(path=path))


@dataclass(frozen=True)
class Filled:
    """Values that agree with a template."""

    values: Mapping[str, Value]

    def text(self, template: str, **counters: str) -> str:
        """Return a text with its gaps filled."""
        return PLACEHOLDER.sub(lambda gap: str(counters.get(gap[1]) or self.values.get(gap[1], "")), template)

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows given for a placeholder."""
        value = self.values.get(name)
        return value if isinstance(value, list) else []

    def picture(self, name: str) -> bytes:
        """Return the picture given for a placeholder; empty if there is none."""
        value = self.values.get(name)
        return value if isinstance(value, bytes) else b""

    def shown(self, when: str) -> bool:
        """Say whether something that depends on a placeholder is shown."""
        return not when or bool(self.values.get(when))


def expand(
    template: DocumentTemplate, find: Callable[[str], DocumentTemplate], above: tuple[str, ...] = ()
) -> DocumentTemplate:
    """Return the template with what it includes put in place. Raises IncludeCycle, and what ``find`` raises."""
    path = (*above, template.code)
    if template.code in above or len(path) > 8:
        raise IncludeCycle(" → ".join(path))
    blocks: list[AnyBlock] = []
    placeholders = dict(template.placeholders)
    for block in template.blocks:
        if not isinstance(block, Include):
            blocks.append(block)
            continue
        inner = expand(find(block.include), find, path)
        placeholders = {**inner.placeholders, **placeholders}
        blocks.extend(b.model_copy(update={"when": b.when or block.when}) for b in inner.blocks)
    return template.model_copy(update={"blocks": blocks, "placeholders": placeholders})


def fill(template: DocumentTemplate, values: Mapping[str, Value]) -> Filled:
    """Return the values, checked. Raises ValuesDisagree naming each that is missing, unknown or of another kind."""
    wrong = [
        FieldProblem(f"values.{name}", str(_("模板“{title}”没有占位符 {name}")).format(title=template.title, name=name))
        for name in sorted(values.keys() - template.placeholders.keys())
    ]
    given: dict[str, Value] = {}
    for name, placeholder in template.placeholders.items():
        value = values.get(name)
        if value is None or value in ("", b""):
            if not placeholder.optional:
                what = str(_("缺少“{title}”（{name}）")).format(title=placeholder.title, name=name)
                wrong.append(FieldProblem(f"values.{name}", what))
        elif not _is(value, placeholder):
            kind = {"text": _("文字"), "rows": _("表格行"), "picture": _("PNG 或 JPEG 图片")}[placeholder.kind]
            what = str(_("“{title}”（{name}）应当是{kind}")).format(title=placeholder.title, name=name, kind=kind)
            wrong.append(FieldProblem(f"values.{name}", what))
        else:
            given[name] = value
    if wrong:
        raise ValuesDisagree(*wrong, message="；".join(str(problem.message) for problem in wrong))
    return Filled(given)


def _is(value: Value, placeholder: Placeholder) -> bool:
    if placeholder.kind == "rows":
        return isinstance(value, list)
    if placeholder.kind == "picture":
        return isinstance(value, bytes) and value.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff"))
    return isinstance(value, str)


@dataclass(frozen=True)
class Use:
    """A placeholder used somewhere in a template, and as what."""

    name: str
    kind: str
    place: Place


def uses(template: DocumentTemplate) -> Iterator[Use]:
    """Yield every use of a placeholder, with its place in the template."""
    for n, block in enumerate(template.blocks):
        yield from _uses_of_block(block, ("blocks", n))
    for n, box in enumerate(template.boxes):
        yield from _uses_of_box(box, ("boxes", n))
    for name in ("header", "footer", "watermark"):
        part = getattr(template, name)
        if part is not None:
            yield from (use for use in _gaps(part.text, (name, "text")) if use.name not in COUNTERS)


def _uses_of_block(block: AnyBlock, place: Place) -> Iterator[Use]:
    for field, text in _texts(block):
        yield from _gaps(text, (*place, *field))
    if isinstance(block, Table):
        yield Use(block.table, "rows", (*place, "table"))
    if isinstance(block, PictureBlock):
        yield Use(block.picture, "picture", (*place, "picture"))
    if block.when:
        yield Use(block.when, "", (*place, "when"))


def _uses_of_box(box: Box, place: Place) -> Iterator[Use]:
    yield from _gaps(box.text, (*place, "text"))
    yield from _gaps(box.qr, (*place, "qr"))
    if box.picture:
        yield Use(box.picture, "picture", (*place, "picture"))
    if box.when:
        yield Use(box.when, "", (*place, "when"))


def _texts(block: AnyBlock) -> Iterable[tuple[Place, str]]:
    match block:
        case Heading():
            return [(("heading",), block.heading)]
        case Paragraph():
            return [(("paragraph",), block.paragraph)]
        case QrCode():
            return [(("qr",), block.qr)]
        case Signature():
            return [(("signature",), block.signature), (("date",), block.date)]
        case Fields():
            return [(("fields", n), text) for n, row in enumerate(block.fields) for text in row]
        case _:
            return []


def _gaps(text: str, place: Place) -> Iterator[Use]:
    yield from (Use(name, "text", place) for name in PLACEHOLDER.findall(text))
