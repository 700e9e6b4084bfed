"""From the fields of a posted page to raw answers, and what the person asked the page to do.

Names of the page's fields: ``code`` or ``group.row.code`` for answers (``…_longitude`` and ``…_latitude`` of a place);
``_rows.group`` how many rows there are; ``_kept.path`` an answer that stayed masked on the page and is taken from where
the token points; ``_open`` paths being corrected; ``_reason.path`` why; ``_search.path`` words looked for in a long code
list; ``_do`` what the pressed button asks for, as ``verb`` or ``verb:path``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.forms.compiled import Block, CompiledForm, Question, assign, lookup
from shuzheng.engines.vocabulary.queries import path as division_path
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, ShuzhengError
from shuzheng.kernel.fields import within

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


def read_post(
    form: CompiledForm,
    post: MultiValueDict[str, str],
    *,
    held: Mapping[str, Any] | None = None,
    files: MultiValueDict[str, UploadedFile] | None = None,
    actor: Actor | None = None,
) -> Posted:
    """Read a posted page and carry out what its button asks of the form: add or remove a row, open a field …

    ``held`` are the typed answers that the server keeps (draft or prefill), from which masked answers are taken;
    uploaded ``files`` are stored for the ``actor``, and why one was refused becomes a problem of its field.
    """
    posted = Posted()
    for block in form.blocks:
        if not block.repeated:
            for question in block.questions:
                _take(posted, question, None, post, held or {})
            continue
        posted.raw[block.code] = [{} for _row in range(_row_count(block, post))]
        for row in range(len(posted.raw[block.code])):
            for question in block.questions:
                _take(posted, question, row, post, held or {})
    _take_files(posted, form, files or MultiValueDict(), actor)
    _take_controls(posted, form, post)
    _obey(posted, form, str(post.get("_do", "")))
    return posted


def _row_count(block: Block, post: MultiValueDict[str, str]) -> int:
    repeat = block.declared.repeat
    assert repeat is not None
    written = str(post.get(f"_rows.{block.code}", ""))
    return min(int(written), repeat.max + 1) if written.isdecimal() and len(written) < 5 else repeat.min


def _take(
    posted: Posted, question: Question, row: int | None, post: MultiValueDict[str, str], held: Mapping[str, Any]
) -> None:
    path = question.path(row)
    token = path if post.get("_do") == f"keep:{path}" else str(post.get(f"_kept.{path}", ""))
    if token:
        if _same_node(token, question):
            assign(posted.raw, path, lookup(held, token))
    elif question.element.datatype == "geo_point":
        parts = {part: post.get(f"{path}_{part}") for part in ("longitude", "latitude")}
        if None not in parts.values():
            assign(posted.raw, path, parts)
    elif path in post:
        assign(posted.raw, path, _entered(question, post.getlist(path)))


def _same_node(token: str, question: Question) -> bool:
    parts = token.split(".")
    return token == question.code if not question.group else (parts[0], parts[-1]) == (question.group, question.code)


def _entered(question: Question, entered: list[str]) -> Any:
    if question.multiple:
        return [item for item in entered if item]
    if question.element.datatype == "division":
        return _deepest(entered)
    return entered[-1]


def _deepest(codes: list[str]) -> str:
    """Return the last pick of a cascade that still lies under the picks before it; changing a level drops those below."""
    chosen = ""
    for code in codes:
        if code and (not chosen or within(division_path(code), division_path(chosen))):
            chosen = code
    return chosen


def _take_files(
    posted: Posted, form: CompiledForm, files: MultiValueDict[str, UploadedFile], actor: Actor | None
) -> None:
    for path in files if actor else ():
        question = form.at(path)
        if question is None or actor is None or question.element.datatype != "file":
            continue
        ids = list(lookup(posted.raw, path) or [])
        for upload in files.getlist(path)[: question.declared.file.max_count]:
            try:
                ids.append(str(receive(actor, cast(Any, upload)).id))
            except ShuzhengError as error:
                posted.problems.append(FieldProblem(path, str(error)))
        assign(posted.raw, path, ids)


def _take_controls(posted: Posted, form: CompiledForm, post: MultiValueDict[str, str]) -> None:
    posted.opened = frozenset(path for path in post.getlist("_open") if form.at(path))
    for name in post:
        kind, dot, path = name.partition(".")
        if dot and kind == "_reason" and form.at(path):
            posted.reasons[path] = str(post[name])
        elif dot and kind == "_search" and form.at(path):
            posted.searches[path] = str(post[name])[:50]


# -- what the button asks for -------------------------------------------------------------------------------------


def _obey(posted: Posted, form: CompiledForm, order: str) -> None:
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
