"""Who may open a file because it belongs to a case, and how long it belongs to one."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from shuzheng.engines.casework.models import Case, Letter, Material, Task
from shuzheng.engines.casework.policies import is_applicant, may_read
from shuzheng.engines.casework.queries.letters import may_open
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.policies import LOOK, NOTHING, OWN, Uses, belong, place, vouch
from shuzheng.kernel.actor import Actor


def uses_of_material(actor: Actor, file: StoredFile) -> Uses:
    """Return what may be done with a material or an answer of a case that the actor may open, in three statements."""
    holding = Material.objects.filter(files__contains=[{"id": str(file.pk)}]).select_related("case")
    cases = [material.case for material in holding]
    cases += Case.objects.filter(answer_files__contains=[file.pk])
    if any(is_applicant(actor, case) for case in cases):
        return OWN
    asked = Task.objects.filter(case__in=cases, unit_id__in=actor.unit_ids) if cases and actor.unit_ids else []
    tasks = list(asked)
    open_to = any(may_read(actor, case, [task for task in tasks if task.case_id == case.pk]) for case in cases)
    return LOOK if open_to else NOTHING


def uses_of_letter(actor: Actor, file: StoredFile) -> Uses:
    """Return what may be done with a letter of a case; an applicant has it once it is issued."""
    if file.owner_account_id is not None:
        return NOTHING  # letters are in nobody's account
    letter = Letter.objects.filter(file=file).select_related("case").first()
    if letter is None or not may_open(actor, letter):
        return NOTHING
    return OWN if is_applicant(actor, letter.case) else LOOK


def cases_of(files: Collection[UUID]) -> set[UUID]:
    """Return the cases that have any of these files among their materials, answers or letters, in three statements."""
    if not files:
        return set()
    any_of = reduce(or_, (Q(files__contains=[{"id": str(file)}]) for file in files))
    lettered = Letter.objects.filter(file_id__in=list(files)).values_list("case_id", flat=True)
    answered = Case.objects.filter(answer_files__overlap=list(files)).values_list("pk", flat=True)
    return {*Material.objects.filter(any_of).values_list("case_id", flat=True), *answered, *lettered}


def files_of(case_id: UUID) -> set[UUID]:
    """Return the files among the materials, answers and letters of a case, in three statements."""
    listed = Material.objects.filter(case_id=case_id).values_list("files", flat=True)
    letters = Letter.objects.filter(case_id=case_id).exclude(file=None).values_list("file_id", flat=True)
    answers = Case.objects.filter(pk=case_id).values_list("answer_files", flat=True).first() or []
    materials = {UUID(file["id"]) for files in listed for file in files}
    return materials | set(answers) | {id for id in letters if id is not None}


def division_of(case_id: UUID) -> str:
    """Return the path of the division that handles a case, empty for what is no case."""
    return str(Case.objects.filter(pk=case_id).values_list("division_path", flat=True).first() or "")


vouch("casework", uses_of_material)
vouch("casework.letters", uses_of_letter)
belong("casework", cases_of, files_of)
place("casework", division_of)
