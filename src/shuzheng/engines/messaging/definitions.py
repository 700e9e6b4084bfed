"""What a pack may declare for messages: ``texts/*.yaml``, one template or a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shuzheng.engines.messaging.categories import CATEGORIES
from shuzheng.kernel.declaration import read_many, read_one
from shuzheng.kernel.definition import Declaration, Declared, Kind, Problem, Workspace, register
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Located, read_yaml

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
TEXTS = ("subject", "body", "notice", "plain")
#: Said outside the inbox where a template has no wording of its own.
NOTICE = "您有一条新的政务消息，请登录数政查看。"


class Placeholder(BaseModel):
    """A gap in the text that the sender fills."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: What goes in, for whoever edits the text.
    title: str
    #: Says something about a person: stays in the inbox, is never sent by e-mail or SMS.
    personal: bool = True
    #: Shown in previews.
    example: str = ""


class Words(BaseModel):
    """The wording in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str = Field(min_length=1, max_length=100)
    body: str = Field(min_length=1, max_length=2000)
    #: Sent by e-mail and SMS; may use only placeholders that are not personal.
    notice: str = Field(default=NOTICE, max_length=200)
    #: The body in plain words and short sentences, for the large-type version (长者版).
    plain: str = Field(default="", max_length=500)


class MessageTemplate(Declaration, Words):
    """The wording of one kind of message; gaps are written ``{name}``."""

    category: str = "case"
    #: The recipient has to do something.
    asks: bool = False
    #: Goes out at night as well.
    urgent: bool = False
    placeholders: dict[str, Placeholder] = {}
    #: The wording in other languages, by code (``en``).
    translations: dict[str, Words] = {}
    #: Where people are told beside their inbox, if they gave an address.
    channels: list[Literal["email", "sms", "todo"]] = ["email", "sms"]

    def words(self, language: str) -> Words:
        """Return the wording in a language, else in Chinese."""
        return self.translations.get(language, self)


def check(declared: Declared[MessageTemplate], workspace: Workspace) -> Iterable[Problem]:
    """Find gaps that nobody fills, fillings without a gap, stray braces, and personal data on its way out."""
    template = declared.model
    if template is None:
        return
    if template.category not in CATEGORIES:
        hint = suggest(template.category, list(CATEGORIES))
        yield declared.problem(str(_("没有类别 {name}")).format(name=template.category), "category", suggestion=hint)
    used: set[str] = set()
    for path, text in _texts(template):
        names = PLACEHOLDER.findall(text)
        used.update(names)
        yield from _check_text(declared, template, path, text, names)
    for name in template.placeholders.keys() - used:
        yield declared.problem(str(_("占位符 {name} 没有在文字中使用")).format(name=name), "placeholders", name)


def _texts(template: MessageTemplate) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text of a template with the path of its field."""
    for part in TEXTS:
        yield (part,), getattr(template, part)
    for language, words in template.translations.items():
        for part in TEXTS:
            yield ("translations", language, part), getattr(words, part)


def _check_text(
    declared: Declared[MessageTemplate], template: MessageTemplate, path: tuple[str, ...], text: str, names: list[str]
) -> Iterable[Problem]:
    for name in names:
        placeholder = template.placeholders.get(name)
        if placeholder is None:
            hint = suggest(name, list(template.placeholders))
            yield declared.problem(str(_("占位符 {name} 没有声明")).format(name=name), *path, suggestion=hint)
        elif path[-1] == "notice" and placeholder.personal:
            yield declared.problem(str(_("短信和邮件中不得含个人信息：{name}")).format(name=name), *path)
    if set("{}") & set(PLACEHOLDER.sub("", text)):
        yield declared.problem(str(_("花括号只能用于占位符，如 {example}")).format(example="{item}"), *path)


def _read(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a file that holds one template, or a list of them."""
    return read_many(file) if isinstance(read_yaml(file).value, list) else read_one(file)


TEMPLATE = register(
    Kind("message_template", "texts/*.yaml", MessageTemplate, title=_("消息模板"), read=_read, check=check)
)
