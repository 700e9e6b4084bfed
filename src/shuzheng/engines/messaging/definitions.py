"""What a pack may declare for messages: ``texts/*.yaml``, one template or a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shuzheng.kernel.declaration import read_many, read_one
from shuzheng.kernel.definition import Declaration, Declared, Kind, Problem, Workspace, register
from shuzheng.kernel.registry import suggest
from shuzheng.kernel.source import Located, read_yaml

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
TEXTS = ("subject", "body", "notice")
#: Said outside the inbox where a template has no wording of its own.
NOTICE = "您有一条新的政务消息，请登录数政查看。"


class Placeholder(BaseModel):
    """A gap in the text that the sender fills."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: What goes in, for whoever edits the text.
    title: str
    #: Says something about a person: stays in the inbox, is never sent by e-mail or SMS.
    personal: bool = True


class MessageTemplate(Declaration):
    """The wording of one kind of message; gaps are written ``{name}``."""

    subject: str = Field(min_length=1, max_length=100)
    body: str = Field(min_length=1, max_length=2000)
    #: Sent by e-mail and SMS; may use only placeholders that are not personal.
    notice: str = Field(default=NOTICE, max_length=200)
    placeholders: dict[str, Placeholder] = {}
    #: Where people are told beside their inbox, if they gave an address.
    channels: list[Literal["email", "sms"]] = ["email", "sms"]


def check(declared: Declared[MessageTemplate], workspace: Workspace) -> Iterable[Problem]:
    """Find gaps that nobody fills, fillings without a gap, stray braces, and personal data on its way out."""
    template = declared.model
    if template is None:
        return
    used: set[str] = set()
    for part in TEXTS:
        text = getattr(template, part)
        names = PLACEHOLDER.findall(text)
        used.update(names)
        yield from _check_text(declared, template, part, text, names)
    for name in template.placeholders.keys() - used:
        yield declared.problem(str(_("占位符 {name} 没有在文字中使用")).format(name=name), "placeholders", name)


def _check_text(
    declared: Declared[MessageTemplate], template: MessageTemplate, part: str, text: str, names: list[str]
) -> Iterable[Problem]:
    for name in names:
        placeholder = template.placeholders.get(name)
        if placeholder is None:
            hint = suggest(name, list(template.placeholders))
            yield declared.problem(str(_("占位符 {name} 没有声明")).format(name=name), part, suggestion=hint)
        elif part == "notice" and placeholder.personal:
            yield declared.problem(str(_("短信和邮件中不得含个人信息：{name}")).format(name=name), part)
    if set("{}") & set(PLACEHOLDER.sub("", text)):
        yield declared.problem(str(_("花括号只能用于占位符，如 {example}")).format(example="{item}"), part)


def _read(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a file that holds one template, or a list of them."""
    return read_many(file) if isinstance(read_yaml(file).value, list) else read_one(file)


TEMPLATE = register(
    Kind("message_template", "texts/*.yaml", MessageTemplate, title=_("消息模板"), read=_read, check=check)
)
