"""The application form as it goes into the package: laid out for people, and structured for machines."""

from __future__ import annotations

from collections.abc import Iterable

from shuzheng.engines.documents import layout
from shuzheng.engines.documents.archive.content import ArchiveContent, FormRow
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.error import InvalidInput, ShuzhengError, Unavailable
from shuzheng.kernel.moment import local

#: Template of the pack base/archive.
TEMPLATE = "archived-form"


class FormNotRendered(ShuzhengError):
    """The form has no layout; its structured original is kept all the same."""

    code = "form-not-rendered"


def rendered(content: ArchiveContent) -> bytes:
    """Return the form as OFD. Raises FormNotRendered with the reason."""
    values = {
        "title": content.title,
        "number": content.number,
        "organ": content.organ or content.fonds,
        "closed_on": f"{local(content.closed_at):%Y-%m-%d}",
        "rows": [{"section": row.section, "label": row.label, "value": row.value} for row in _said_once(content.form)],
    }
    try:
        return layout.render(TEMPLATE, values, format="ofd", created=content.closed_on)
    except (NoDefinition, InvalidInput, Unavailable) as problem:
        raise FormNotRendered(str(problem)) from problem


def _said_once(rows: Iterable[FormRow]) -> Iterable[FormRow]:
    """Leave a section's title out where it repeats."""
    before = None
    for row in rows:
        yield row if row.section != before else row.model_copy(update={"section": ""})
        before = row.section
