"""Who may open a file because it belongs to a case, and how long it belongs to one."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from shuzheng.engines.casework.models import Material, Task
from shuzheng.engines.casework.policies import is_applicant, may_read
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.policies import LOOK, NOTHING, OWN, Uses, belong, vouch
from shuzheng.kernel.actor import Actor


def uses_of_material(actor: Actor, file: StoredFile) -> Uses:
    """Return what may be done with a material of a case that the actor may open, in two statements."""
    holding = Material.objects.filter(files__contains=[{"id": str(file.pk)}]).select_related("case")
    cases = [material.case for material in holding]
    if any(is_applicant(actor, case) for case in cases):
        return OWN
    asked = Task.objects.filter(case__in=cases, unit_id__in=actor.unit_ids) if cases and actor.unit_ids else []
    tasks = list(asked)
    open_to = any(may_read(actor, case, [task for task in tasks if task.case_id == case.pk]) for case in cases)
    return LOOK if open_to else NOTHING


def cases_of(files: Collection[UUID]) -> set[UUID]:
    """Return the cases that have any of these files among their materials, in one statement."""
    if not files:
        return set()
    any_of = reduce(or_, (Q(files__contains=[{"id": str(file)}]) for file in files))
    return set(Material.objects.filter(any_of).values_list("case_id", flat=True))


def files_of(case_id: UUID) -> set[UUID]:
    """Return the files among the materials of a case, in one statement."""
    listed = Material.objects.filter(case_id=case_id).values_list("files", flat=True)
    return {UUID(file["id"]) for files in listed for file in files}


vouch("casework", uses_of_material)
belong("casework", cases_of, files_of)
