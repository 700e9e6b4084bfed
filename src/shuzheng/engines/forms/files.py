"""Files handed in with a form: that they exist, belong to the sender and are what the form asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.documents import queries as documents
from shuzheng.engines.documents.models import StoredFile, Use
from shuzheng.engines.forms.answer_path import lookup
from shuzheng.engines.forms.compiled import CompiledForm, Question
from shuzheng.engines.forms.evaluation import State
from shuzheng.engines.forms.reading import Reading
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted

MEGABYTE = 1024 * 1024


def check_files(reading: Reading) -> list[str]:
    """Return the ids of all files in the answers, noting those that cannot be accepted."""
    places = [(q, path, lookup(reading.state.values, path) or []) for q, path in _places(reading.form, reading.state)]
    ids = list(dict.fromkeys(id for _question, _path, found in places for id in found))
    new = [id for id in ids if id not in reading.context.accepted]
    known = visible_files(new, reading.context.actor)
    for question, path, found in places:
        for id in found:
            if id in reading.context.accepted:
                continue
            problem = _problem(question, known.get(id))
            if problem:
                reading.note(path, problem)
    return ids


def files_in(form: CompiledForm, values: Mapping[str, Any]) -> list[UUID]:
    """Return all files in the typed answers to a form."""
    found: list[str] = []
    for question in form.questions():
        if question.element.datatype == "file":
            rows = (values.get(question.group) or []) if question.group else [values]
            found += [id for row in rows for id in row.get(question.code) or []]
    return [UUID(id) for id in dict.fromkeys(found)]


def visible_files(ids: Iterable[str], actor: Actor) -> dict[str, StoredFile]:
    """Return, of these ids, the files that the actor uploaded or may read; the usual case takes one statement."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = {str(id): file for id, file in documents.owned(map(UUID, wanted), actor).items()}
    for id in wanted:
        if id not in found and (file := _readable(id, actor)):
            found[id] = file
    return found


def _readable(id: str, actor: Actor) -> StoredFile | None:
    try:
        file = documents.file(UUID(id), actor, Use.REUSE)
    except (NotFound, NotPermitted):
        return None
    return file if file.scan_status != "infected" else None


def _places(form: CompiledForm, state: State) -> Iterator[tuple[Question, str]]:
    for question in form.questions():
        if question.element.datatype == "file":
            yield from ((question, path) for _row, path in state.places(question))


def _problem(question: Question, file: StoredFile | None) -> str:
    rule = question.declared.file
    if file is None:
        return _("有一份文件没有找到，请重新上传。")
    if PurePath(file.name).suffix.lower().lstrip(".") not in {kind.lower() for kind in rule.accept}:
        message = _("“{name}”的类型不对，请上传 {kinds} 文件。")
        return message.format(name=file.name, kinds="、".join(rule.accept))
    if file.size > rule.max_mb * MEGABYTE:
        return _("“{name}”超过 {most} MB，请压缩后重新上传。").format(name=file.name, most=rule.max_mb)
    return ""
