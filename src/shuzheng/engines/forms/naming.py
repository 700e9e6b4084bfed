"""The first half of compiling a form: every field finds its element and gets its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shuzheng.engines.forms.elements import Vocabulary, name_of
from shuzheng.engines.forms.findings import Findings, Path
from shuzheng.engines.forms.language import Name
from shuzheng.engines.forms.language.names import nearest

if TYPE_CHECKING:
    from shuzheng.engines.forms.definitions import Form, FormField, Section
    from shuzheng.engines.vocabulary.code_list import Code

#: What expressions may read besides answers.
CONTEXT: Mapping[str, Name] = {
    "party": Name("record", members={"kind": Name("text", frozenset({"person", "legal"})), "division": Name("text")}),
    "channel": Name("text", frozenset({"web", "window", "app", "api", "cli", "system"})),
}


@dataclass
class Place:
    """A field that has an element, and where it stands."""

    path: Path
    declared: FormField
    section: Section
    element: Any
    options: tuple[Code, ...] | None

    @property
    def group(self) -> str:
        """Return the code of the repeated section it stands in, or nothing."""
        return self.section.code if self.section.repeat else ""


@dataclass
class Placing:
    """Finds the elements and the offered codes of a form's fields."""

    declared: Form
    vocabulary: Vocabulary
    found: Findings

    def place_fields(self) -> Iterator[Place]:
        """Yield the fields whose element is known."""
        for i, section in enumerate(self.declared.sections):
            for j, declared in enumerate(section.fields):
                place = self._place(("sections", i, "fields", j), section, declared)
                if place is not None:
                    yield place

    def _place(self, path: Path, section: Section, declared: FormField) -> Place | None:
        element = self.vocabulary.element(declared.element)
        if element is None:
            known = self.vocabulary.keys("element")
            self.found.add((*path, "element"), f"没有数据元“{declared.element}”。", nearest(declared.element, known))
            return None
        options = self._options(path, declared, element.code_list or "")
        if declared.multiple and options is None and element.datatype != "file":
            self.found.add((*path, "multiple"), "只有代码类数据元可以多选。")
        return Place(path, declared, section, element, options)

    def _options(self, path: Path, declared: FormField, code_list: str) -> tuple[Code, ...] | None:
        options = self.vocabulary.options(code_list) if code_list else None
        if code_list and options is None:
            self.found.add((*path, "element"), f"数据元“{declared.element}”的代码表“{code_list}”不存在。")
        if not declared.options or options is None:
            if declared.options:
                self.found.add((*path, "options"), f"数据元“{declared.element}”没有代码表，不能限定选项。")
            return options
        known = {option.code: option for option in options}
        for k, code in enumerate(declared.options):
            if code not in known:
                self.found.add((*path, "options", k), f"代码“{code}”不在代码表“{code_list}”里。", nearest(code, known))
        return tuple(known[code] for code in declared.options if code in known)


def name_fields(declared: Form, places: list[Place], found: Findings) -> dict[str, Name]:
    """Return the names of fields and groups. A name is used once in a form, so that no expression is ambiguous."""
    names: dict[str, Name] = {}
    taken = set(CONTEXT)
    members: dict[str, dict[str, Name]] = {}
    for i, section in enumerate(declared.sections):
        if section.code in taken or any(section.code == s.code for s in declared.sections[:i]):
            found.add(("sections", i, "code"), f"编码“{section.code}”用了两次。", f"{section.code}_2")
        if section.repeat:
            taken.add(section.code)
    for place in places:
        code = place.declared.name
        if code in taken:
            found.add((*place.path, "code"), f"字段编码“{code}”用了两次。", f"{code}_2")
        taken.add(code)
        scope = members.setdefault(place.group, {}) if place.group else names
        scope[code] = name_of(place.element, place.options, place.declared.multiple)
    for group, fields in members.items():
        names[group] = Name("rows", members=fields)
    return names
