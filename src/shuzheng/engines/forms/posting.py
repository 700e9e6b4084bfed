"""From the fields of a posted page to raw answers, and what the person asked the page to do.

Names of the page's fields: ``code`` or ``group.row.code`` for answers (``…_longitude`` and ``…_latitude`` of a place);
``_rows.group`` how many rows there are; ``_kept.path`` an answer that stayed masked on the page and is taken from where
the token points; ``_open`` paths being corrected; ``_reason.path`` why; ``_search.path`` words looked for in a long code
list; ``_do`` what the pressed button asks for, as ``verb`` or ``verb:path``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.forms.answer_path import assign, lookup
from shuzheng.engines.forms.compiled import Block, CompiledForm, Question
from shuzheng.engines.forms.posted import Posted, obey
from shuzheng.engines.vocabulary.queries import path as division_path
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, ShuzhengError
from shuzheng.kernel.fields import within


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
    obey(posted, form, str(post.get("_do", "")))
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
