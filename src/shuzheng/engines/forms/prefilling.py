"""Filling in what government knows already, so that nobody is asked for it (最多报一次)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.forms.compiled import CompiledForm, Question
from shuzheng.engines.forms.context import Prefill
from shuzheng.engines.forms.sources import Subjects, source
from shuzheng.engines.forms.values import BadValue, normalise
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.error import NotPermitted


def prefill(
    form: CompiledForm, actor: Actor, party: Party | None = None, *, purpose: str = "", showing: bool = True
) -> Prefill:
    """Return known answers for a form, in typed normal form, with who provides each.

    ``party`` is whom the form is for, by default the actor's own; only officers may ask for another. A known answer
    that does not fit its element is left out. What is personal is recorded as read, with the purpose (by default the
    form), unless the answers are not ``showing`` but only compared with what comes back from a page. Raises NotPermitted.
    """
    if party is not None and party != actor.party and not (actor.is_officer or actor.channel == "system"):
        raise NotPermitted
    subjects = Subjects(actor, party or actor.party)
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    read: dict[UUID, set[str]] = defaultdict(set)
    for question, value in _known(form, subjects):
        origin = source(question.declared.prefill)
        values[question.code], provenance[question.code] = value, str(origin.provider)
        person = origin.about(subjects)
        if person is not None and question.masked:
            read[person.pk].add(question.element.code)
    for person_id, elements in read.items() if showing else ():
        why = purpose or actor.purpose or _("填写“{title}”时自动带出").format(title=form.title)
        record_read(actor, why, PERSON, person_id, elements, name="forms.prefill")
    return Prefill(values, provenance)


def _known(form: CompiledForm, subjects: Subjects) -> Iterator[tuple[Question, Any]]:
    for question in form.questions():
        if not question.declared.prefill:
            continue
        try:
            value = normalise(question, source(question.declared.prefill).read(subjects))
        except BadValue:
            continue
        if value is not None:
            yield question, value
