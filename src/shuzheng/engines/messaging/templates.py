"""Templates: found by code, filled with values, in the recipient's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shuzheng.engines.messaging.definitions import PLACEHOLDER, MessageTemplate
from shuzheng.engines.messaging.errors import NoSuchTemplate, ValuesDisagree
from shuzheng.kernel import definition
from shuzheng.kernel.error import FieldProblem, NotFound
from shuzheng.kernel.registry import Registry, UnknownName

BUILT_IN = "built-in"
CHINESE = "zh-hans"
_built_in: Registry[MessageTemplate] = Registry("built-in message template")


@dataclass(frozen=True)
class Version:
    """A template in one version."""

    template: MessageTemplate
    version: str


@dataclass(frozen=True)
class Wording:
    """A template filled."""

    title: str
    subject: str
    body: str
    #: Free of personal data.
    notice: str
    #: The body in plain words; empty where the template has none.
    plain: str
    language: str


def build_in(template: MessageTemplate | None = None, **fields: Any) -> MessageTemplate:
    """Give a template in code, whole or by its fields, used until a pack publishes one of the same code.

    Raises DuplicateName.
    """
    template = template or MessageTemplate.model_validate(fields)
    return _built_in.add(template.code, template)


def find(code: str) -> Version:
    """Return the template in force today. Raises NoSuchTemplate."""
    try:
        stored = definition.get("message_template", code)
        return Version(stored.body, stored.version)
    except NotFound:
        pass
    try:
        return Version(_built_in[code], BUILT_IN)
    except UnknownName:
        raise NoSuchTemplate(code=code) from None


def listing() -> list[Version]:
    """Return every template in force, published and built in, by code."""
    published = {s.key: Version(s.body, s.version) for s in definition.listing("message_template")}
    built_in = {code: Version(template, BUILT_IN) for code, template in _built_in.items()}
    return [version for _code, version in sorted({**built_in, **published}.items())]


def check_values(template: MessageTemplate, values: dict[str, str]) -> None:
    """Raise ValuesDisagree for a value that is missing or that nobody asked for."""
    wrong = template.placeholders.keys() ^ values.keys()
    if wrong:
        raise ValuesDisagree(*(FieldProblem(f"values.{name}", str(ValuesDisagree.message)) for name in sorted(wrong)))


def word(template: MessageTemplate, values: dict[str, str], language: str = CHINESE) -> Wording:
    """Fill a template. Raises ValuesDisagree for a value that is missing or that nobody asked for."""
    check_values(template, values)

    def fill(text: str) -> str:
        return PLACEHOLDER.sub(lambda gap: values[gap[1]], text)

    words = template.words(language)
    return Wording(
        template.title,
        fill(words.subject)[:200],
        fill(words.body),
        fill(words.notice)[:300],
        fill(words.plain),
        CHINESE if words is template else language,
    )


def examples(template: MessageTemplate) -> dict[str, str]:
    """Return what fills the gaps in a preview."""
    return {name: gap.example or f"〔{gap.title}〕" for name, gap in template.placeholders.items()}
