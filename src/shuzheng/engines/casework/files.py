"""Who may open a file because it belongs to a case."""

from __future__ import annotations

from shuzheng.engines.casework.models import Letter, Material, Task
from shuzheng.engines.casework.policies import may_read
from shuzheng.engines.casework.queries.letters import may_open
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.policies import vouch
from shuzheng.kernel.actor import Actor


def may_read_material(actor: Actor, file: StoredFile) -> bool:
    """Say whether a file is a material of a case that the actor may open, in two statements."""
    holding = Material.objects.filter(files__contains=[{"id": str(file.pk)}]).select_related("case")
    cases = [material.case for material in holding]
    asked = Task.objects.filter(case__in=cases, unit_id__in=actor.unit_ids) if cases and actor.unit_ids else []
    tasks = list(asked)
    return any(may_read(actor, case, [task for task in tasks if task.case_id == case.pk]) for case in cases)


def may_read_letter(actor: Actor, file: StoredFile) -> bool:
    """Say whether a file is a letter that the actor may open."""
    if file.owner_account_id is not None:
        return False  # letters belong to nobody's account
    letter = Letter.objects.filter(file=file).select_related("case").first()
    return letter is not None and may_open(actor, letter)


vouch("casework", may_read_material)
vouch("casework.letters", may_read_letter)
