"""A posted page, and what its pressed button asks of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shuzheng.engines.forms.answer_path import assign, lookup
from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.kernel.error import FieldProblem

#: What a button of the form may ask for; a portal's own verbs (``save``, ``send`` …) are not among them.
VERBS = frozenset({"add", "remove", "correct", "keep", "show", "search", "refresh", "drop"})


class Command(NamedTuple):
    """What the pressed button asks for: ``add`` a row to a group, ``remove`` a row, and so on."""

    verb: str
    path: str


@dataclass
class Posted:
    """A posted page, read."""

    #: Raw answers by question code, as ``validate`` and ``forms.save_draft`` take them.
    raw: dict[str, Any] = field(default_factory=dict)
    #: Why provided answers were changed, by path.
    reasons: dict[str, str] = field(default_factory=dict)
    #: ``None`` if the person pressed a button of the portal's own, such as "next".
    command: Command | None = None
    #: Paths of provided or kept answers that are being changed.
    opened: frozenset[str] = frozenset()
    #: Paths of masked answers to show.
    revealed: frozenset[str] = frozenset()
    searches: dict[str, str] = field(default_factory=dict)
    #: Uploaded files that were refused.
    problems: list[FieldProblem] = field(default_factory=list)
    #: Section that the command is about, to be rendered anew.
    section: str = ""


def obey(posted: Posted, form: CompiledForm, order: str) -> None:
    """Carry out what the pressed button asks of the form; an order that makes no sense does nothing."""
    verb, _colon, path = order.partition(":")
    if verb not in VERBS:
        return
    posted.command = Command(verb, path)
    question = form.at(path)
    owner = question.owner.removeprefix("§") if question else path.split(".")[0]
    posted.section = owner if form.block(owner) else ""
    act = _ACTS.get(verb)
    if act:
        act(posted, form, path)


def _add(posted: Posted, form: CompiledForm, path: str) -> None:
    block = form.groups.get(path)
    if block and block.declared.repeat and len(posted.raw[path]) < block.declared.repeat.max:
        posted.raw[path].append({})


def _remove(posted: Posted, form: CompiledForm, path: str) -> None:
    group, _dot, row = path.partition(".")
    if group not in form.groups or not row.isdecimal() or int(row) >= len(posted.raw[group]):
        return
    del posted.raw[group][int(row)]
    posted.opened = frozenset(_shifted(posted.opened, group, int(row)))
    posted.reasons = {new: posted.reasons[old] for old, new in _renamed(posted.reasons, group, int(row))}


def _shifted(paths: frozenset[str], group: str, removed: int) -> Iterator[str]:
    return (new for _old, new in _renamed(paths, group, removed))


def _renamed(paths: Any, group: str, removed: int) -> Iterator[tuple[str, str]]:
    """Yield old and new path of everything that stays when a row goes."""
    for path in paths:
        parts = path.split(".")
        if parts[0] != group or len(parts) != 3:
            yield path, path
        elif int(parts[1]) != removed:
            row = int(parts[1]) - (int(parts[1]) > removed)
            yield path, f"{group}.{row}.{parts[2]}"


def _correct(posted: Posted, form: CompiledForm, path: str) -> None:
    if form.at(path):
        posted.opened |= {path}


def _keep(posted: Posted, form: CompiledForm, path: str) -> None:
    """Go back from changing an answer to the one that was kept."""
    posted.opened -= {path}
    posted.reasons.pop(path, None)


def _show(posted: Posted, form: CompiledForm, path: str) -> None:
    if form.at(path):
        posted.revealed |= {path}


def _drop(posted: Posted, form: CompiledForm, path: str) -> None:
    """Take a file out of an answer: ``drop:path/file id``."""
    path, _slash, id = path.rpartition("/")
    if form.at(path):
        assign(posted.raw, path, [file for file in lookup(posted.raw, path) or [] if file != id])


_ACTS: dict[str, Callable[[Posted, CompiledForm, str], None]] = {
    "add": _add,
    "remove": _remove,
    "correct": _correct,
    "keep": _keep,
    "show": _show,
    "drop": _drop,
}
