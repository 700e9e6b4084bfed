"""A letter on paper: its template filled, as OFD with the place of the seal, as PDF, and as a draft before the act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.models import Letter
from shuzheng.engines.documents.drawing import SealPlace
from shuzheng.engines.documents.layout import KIND, compose_template, render_template
from shuzheng.engines.documents.layout.blocks import Heading
from shuzheng.engines.documents.layout.filling import expand
from shuzheng.engines.documents.layout.ofd_output import to_ofd
from shuzheng.engines.documents.layout.template import PLACEHOLDER, DocumentTemplate, Watermark
from shuzheng.engines.documents.ofd.errors import OfdUnwritable
from shuzheng.engines.documents.pdf.images import PictureUnusable
from shuzheng.kernel.definition import NoDefinition, by_id, get
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.moment import local, today

#: Where the seal goes, by the name that templates give the place.
PLACE = "office"


def template_in_force(code: str) -> UUID | None:
    """Return the version of a template in force; ``None`` where no pack has one."""
    try:
        return get(KIND, code).id
    except NoDefinition:
        return None


def template_of(letter: Letter) -> DocumentTemplate:
    """Return the version of the template that a letter is written with. Raises NoDefinition."""
    if letter.template_id is None:
        return get(KIND, letter.rule["template"]).body
    return by_id(letter.template_id).body


def title_of(template: DocumentTemplate, values: Mapping[str, Any]) -> str:
    """Return the heading of a letter as it will stand there; the template's title where it has none."""
    heading = next((block.heading for block in template.blocks if isinstance(block, Heading)), template.title)
    return PLACEHOLDER.sub(lambda gap: str(values.get(gap[1], "")), heading)


def fitting(template: DocumentTemplate, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return of the values those that the template, with what it includes, has gaps for."""
    whole = expand(template, lambda code: get(KIND, code).body)
    return {name: value for name, value in values.items() if name in whole.placeholders}


def original(letter: Letter, organ: str) -> tuple[bytes, SealPlace | None]:
    """Return a letter as OFD, not yet sealed, and where the seal goes.

    Raises NoDefinition, ValuesDisagree for a gap that nothing fills, DoesNotFit, InvalidInput, Unavailable.
    """
    template, values = template_of(letter), letter.values
    composition = compose_template(template, fitting(template, values))
    custom = {"LetterNumber": letter.number, "CaseNumber": str(values.get("case_number", ""))}
    try:
        data = to_ofd(composition, created=local(letter.written_at).date(), author=organ, custom=custom)
    except (OfdUnwritable, PictureUnusable) as problem:
        raise InvalidInput(message=problem.reason) from problem
    places = [place for place in composition.seals if place.name == PLACE] or composition.seals
    return data, next(iter(places), None)


def copy_as_pdf(letter: Letter, note: str) -> bytes:
    """Return a copy for reading and printing: the same words as PDF, with a note across it that it carries no seal."""
    template = template_of(letter)
    marked = template.model_copy(update={"watermark": Watermark(text=note, size=11, opacity=0.18, gap=24, angle=28)})
    return render_template(
        marked, fitting(template, letter.values), format="pdf", created=local(letter.written_at).date()
    )


def draft_as_ofd(code: str, values: Mapping[str, Any], note: str) -> bytes:
    """Return a letter that is not given yet, marked as a draft. Raises as ``original`` does."""
    template: DocumentTemplate = get(KIND, code).body
    marked = template.model_copy(update={"watermark": Watermark(text=note, size=60, opacity=0.12, angle=40)})
    return render_template(marked, fitting(template, values), format="ofd", created=today())
