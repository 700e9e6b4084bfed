"""One declarative source, two outputs: templates of packs rendered to OFD and to PDF.

>>> data = render("acceptance-letter", {"applicant": "李小红", …}, format="ofd")

``compose_template`` gives the pages before they become a file, with the places where seals go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from django.conf import settings

from shuzheng.engines.documents.drawing import Composition, SealPlace
from shuzheng.engines.documents.fonts.errors import FontMissing, GlyphMissing
from shuzheng.engines.documents.layout.composing import compose
from shuzheng.engines.documents.layout.filling import Value, ValuesDisagree, expand, fill
from shuzheng.engines.documents.layout.ofd_output import Attachment, to_ofd
from shuzheng.engines.documents.layout.template import DocumentTemplate
from shuzheng.engines.documents.ofd.errors import OfdUnwritable
from shuzheng.engines.documents.pdf.images import PictureUnusable
from shuzheng.engines.documents.pdf.writer import to_pdf
from shuzheng.kernel import definition
from shuzheng.kernel.error import InvalidInput, Unavailable
from shuzheng.kernel.moment import today

__all__ = ["Attachment", "Composition", "Format", "SealPlace", "Value", "compose_template", "render", "render_template"]

KIND = "document_template"
Format = Literal["ofd", "pdf"]


def render(
    template: str,
    values: Mapping[str, Value],
    *,
    format: Format,
    version: str | None = None,
    created: date | None = None,
    author: str = "",
    custom: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return a published template filled, as a file; the same values on the same day give the same bytes.

    ``custom`` and ``attachments`` go into OFD only. Raises NoDefinition, ValuesDisagree for a placeholder that is missing
    or unknown, DoesNotFit, InvalidInput for a character no font has or a picture that cannot be used, Unavailable
    without fonts.
    """
    body = definition.get(KIND, template, version=version).body
    return render_template(
        body, values, format=format, created=created, author=author, custom=custom, attachments=attachments
    )


def render_template(
    template: DocumentTemplate,
    values: Mapping[str, Value],
    *,
    format: Format,
    created: date | None = None,
    author: str = "",
    custom: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return a template that is at hand, filled, as a file; see ``render``."""
    composition = compose_template(template, values)
    day = created or today()
    try:
        if format == "pdf":
            return to_pdf(composition, created=day, author=author)
        return to_ofd(composition, created=day, author=author, custom=custom, attachments=attachments)
    except (OfdUnwritable, PictureUnusable) as problem:
        raise InvalidInput(message=problem.reason) from problem


def compose_template(template: DocumentTemplate | str, values: Mapping[str, Value]) -> Composition:
    """Return the pages of a filled template and the places of its seals. Raises as ``render`` does."""
    body: DocumentTemplate = definition.get(KIND, template).body if isinstance(template, str) else template
    whole = expand(body, lambda code: definition.get(KIND, code).body)
    try:
        return compose(whole, fill(whole, values), folder=fonts_folder())
    except GlyphMissing as problem:
        raise ValuesDisagree(message=problem.reason) from problem
    except FontMissing as problem:
        raise Unavailable(problem.reason) from problem


def fonts_folder() -> Path | None:
    """Return the folder where an office keeps fonts of its own (``SHUZHENG_FONTS``)."""
    return Path(settings.FONTS) if settings.FONTS else None
