"""What an act on a case may choose from: grounds with a law, clocks that may be extended, earlier steps, materials."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.clock import GROUNDS, Ground
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.models import Clock, Task
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.forms.engine import form_version

#: Pairs of code and words.
Options = tuple[tuple[str, str], ...]


def grounds(whole: WholeCase) -> Options:
    """Return the grounds on which the item's rules let a running clock stop, with their law."""
    laws: dict[Ground, str] = {}
    for clock in whole.clocks.live():
        laws |= clock.parsed_rule.laws
    return tuple(
        (str(ground), f"{GROUNDS[ground].chinese} · {law}")
        for ground, law in laws.items()
        if ground != Ground.SUPPLEMENT
    )


def extendable(whole: WholeCase) -> Options:
    """Return the running clocks whose rules allow an extension that was not used up, with what they allow."""
    found = []
    for clock in whole.clocks.live():
        rule = clock.parsed_rule
        used = sum(event.kind == "extend" for event in whole.clocks.events(clock))
        if (
            clock.task_id is None
            and clock.state == Clock.State.RUNNING
            and rule.extension
            and used < rule.extension.times
        ):
            allowed = _("{title} · 一次最多 {limit}").format(title=rule.title, limit=rule.extension.limit)
            found.append((clock.code, allowed))
    return tuple(found)


def earlier_steps(whole: WholeCase) -> Options:
    """Return the steps that the case has been through, the latest first, without those open now."""
    open_steps = {task.step for task in whole.open_tasks}
    done = [
        t for t in whole.tasks if t.kind == Task.Kind.STEP and t.state == Task.State.DONE and t.step not in open_steps
    ]
    return tuple({task.step: task.title for task in reversed(done)}.items())


def supplementable(whole: WholeCase) -> Options:
    """Return what a supplement may name: after a first request only what that one named (一次性告知)."""
    if whole.supplements:
        return tuple((item["code"], item["title"]) for item in whole.supplements[0]["wanted"])
    materials = {m.code: m.title for m in whole.item.materials} | {m.code: m.title for m in whole.materials}
    sections = form_version(whole.case.form_id).blocks if whole.case.form_id else ()
    parts = {f"form:{block.code}": str(_("申请表·{title}")).format(title=block.declared.title) for block in sections}
    return tuple({**materials, **parts}.items())


def law_of(item: ServiceItemDefinition) -> list[str]:
    """Return the item's own legal basis, one text each."""
    return [f"{basis.law}{basis.article}" for basis in item.legal_basis]
