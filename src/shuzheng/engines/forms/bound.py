"""A form on a page: what its templates are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shuzheng.engines.forms.bound_field import BoundField
from shuzheng.engines.forms.compiled import Block, CompiledForm


@dataclass(frozen=True)
class BoundRow:
    """One thing of a repeated section."""

    title: str
    path: str
    fields: tuple[BoundField, ...]
    removable: bool


@dataclass(frozen=True)
class BoundSection:
    """A section on the page."""

    block: Block
    fields: tuple[BoundField, ...] = ()
    rows: tuple[BoundRow, ...] = ()
    error: str = ""

    @property
    def code(self) -> str:
        """Return the section's code."""
        return self.block.code

    @property
    def id(self) -> str:
        """Return the id of the section on the page."""
        return f"f-{self.code}"

    @property
    def title(self) -> str:
        """Return the heading."""
        return self.block.declared.title

    @property
    def help(self) -> str:
        """Return the text under the heading."""
        return self.block.declared.help

    @property
    def repeated(self) -> bool:
        """Say whether rows can be added."""
        return self.block.repeated

    @property
    def item_title(self) -> str:
        """Return what one row is called."""
        return self.block.declared.repeat.item_title if self.block.declared.repeat else ""

    @property
    def extensible(self) -> bool:
        """Say whether another row may be added."""
        repeat = self.block.declared.repeat
        return repeat is not None and len(self.rows) < repeat.max

    def all_fields(self) -> Iterator[BoundField]:
        """Yield the fields of the section and of its rows."""
        yield from self.fields
        for row in self.rows:
            yield from row.fields


@dataclass(frozen=True)
class BoundForm:
    """A form on a page: sections, answers, errors."""

    form: CompiledForm
    sections: tuple[BoundSection, ...]
    #: (id of the control, message) for the error summary, in the order of the page.
    errors: tuple[tuple[str, str], ...]
    #: Where htmx posts to have the form rendered anew; without it the page still works.
    render_url: str = ""

    @property
    def title(self) -> str:
        """Return the form's title."""
        return self.form.title

    @property
    def id(self) -> str:
        """Return the id of the part that htmx replaces."""
        return f"form-{self.form.key}"

    @property
    def multipart(self) -> bool:
        """Say whether the page's ``<form>`` needs ``enctype="multipart/form-data"``."""
        return any(field.widget == "files" for section in self.sections for field in section.all_fields())

    def section(self, code: str) -> BoundSection | None:
        """Return a section that is shown."""
        return next((section for section in self.sections if section.code == code), None)

    def field(self, path: str) -> BoundField | None:
        """Return a field that is shown."""
        return next((f for section in self.sections for f in section.all_fields() if f.path == path), None)
