"""Templates: found by code, filled with values."""

from __future__ import annotations

from dataclasses import dataclass

from shuzheng.engines.messaging.definitions import PLACEHOLDER, MessageTemplate
from shuzheng.engines.messaging.errors import NoSuchTemplate, ValuesDisagree
from shuzheng.kernel import definition
from shuzheng.kernel.error import FieldProblem, NotFound
from shuzheng.kernel.registry import Registry, UnknownName

_built_in: Registry[MessageTemplate] = Registry("built-in message template")


@dataclass(frozen=True)
class Wording:
    """A template filled."""

    title: str
    subject: str
    body: str
    #: Free of personal data.
    notice: str


def build_in(template: MessageTemplate) -> MessageTemplate:
    """Give a template in code, used until a pack publishes one of the same code. Raises DuplicateName."""
    return _built_in.add(template.code, template)


def find(code: str) -> MessageTemplate:
    """Return the template in force today. Raises NoSuchTemplate."""
    try:
        return definition.get("message_template", code).body
    except NotFound:
        pass
    try:
        return _built_in[code]
    except UnknownName:
        raise NoSuchTemplate(code=code) from None


def word(template: MessageTemplate, values: dict[str, str]) -> Wording:
    """Fill a template. Raises ValuesDisagree for a value that is missing or that nobody asked for."""
    wrong = template.placeholders.keys() ^ values.keys()
    if wrong:
        raise ValuesDisagree(*(FieldProblem(f"values.{name}", str(ValuesDisagree.message)) for name in sorted(wrong)))

    def fill(text: str) -> str:
        return PLACEHOLDER.sub(lambda gap: values[gap[1]], text)

    return Wording(template.title, fill(template.subject)[:200], fill(template.body), fill(template.notice)[:300])
