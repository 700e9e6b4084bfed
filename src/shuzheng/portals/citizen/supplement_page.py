"""The page of a supplement (补正): what is wanted, what was handed in, what is still wrong."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from shuzheng.engines.casework.queries import WholeCase
from shuzheng.engines.documents.queries import owned
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.forms import engine
from shuzheng.kernel.error import FieldProblem, InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request

MOST_FILES = 20


class SupplementPage:
    """The page of a supplement: what is wanted, what was handed in so far on this page, what is wrong with it."""

    def __init__(self, request: Request, whole: WholeCase) -> None:
        """Find what was asked for last and not answered yet."""
        self.request, self.whole = request, whole
        asked = next((s for s in reversed(whole.supplements) if not s["answered_at"]), None)
        self.until = asked["answer_until"] if asked else None
        wanted: list[dict[str, str]] = asked["wanted"] if asked else []
        self.wanted = [entry for entry in wanted if not entry["code"].startswith("form:")]
        self.sections = [
            (entry["code"].removeprefix("form:"), entry) for entry in wanted if entry["code"].startswith("form:")
        ]
        self.files: dict[str, list[str]] = {}
        self.problems: list[FieldProblem] = []
        self.posted: engine.Posted | None = None
        self.form: engine.CompiledForm | None = None
        self.held: dict[str, Any] = {}
        if self.sections and whole.case.form_id:
            self.form = engine.form_version(whole.case.form_id)
            self.held = engine.open_answers(self.form, whole.case.answers)

    @property
    def staying(self) -> bool:
        """Say whether the pressed button only asks the page for something."""
        dropped = self.request.POST.get("_do", "").startswith("drop:")
        return dropped or bool(self.posted and self.posted.command)

    def take(self) -> None:
        """Store new files and read corrected answers."""
        for entry in self.wanted:
            self.files[entry["code"]] = self._take_files(entry["code"])
        if self.form is not None:
            request = self.request
            self.posted = engine.read_post(
                self.form, request.POST, held=self.held, files=request.FILES, actor=request.actor
            )

    def _take_files(self, code: str) -> list[str]:
        dropped = self.request.POST.get("_do", "").removeprefix(f"drop:{code}/")
        ids = [id for id in self.request.POST.getlist(f"m.{code}") if id and id != dropped]
        for upload in self.request.FILES.getlist(f"m.{code}")[:MOST_FILES]:
            try:
                ids.append(str(receive(self.request.actor, cast(Any, upload)).pk))
            except ShuzhengError as refusal:
                self.problems.append(FieldProblem(f"materials.{code}", str(refusal)))
        return ids[:MOST_FILES]

    def supplied(self) -> dict[str, Any]:
        """Return the input of the act."""
        return {
            "case_id": self.whole.case.pk,
            "materials": [{"code": code, "files": files} for code, files in self.files.items() if files],
            "answers": self._answers(),
            "message": self.request.POST.get("message", "")[:2000],
        }

    def _answers(self) -> dict[str, Any]:
        """Return the answers of the sections asked for, no others."""
        if self.form is None or self.posted is None:
            return {}
        asked = {code for code, _entry in self.sections}
        names = set()
        for block in self.form.blocks:
            if block.code in asked:
                names |= {block.code} if block.repeated else {question.code for question in block.questions}
        return {name: value for name, value in self.posted.raw.items() if name in names}

    def render(self, refused: ShuzhengError | None = None) -> HttpResponse:
        """Show the page, with everything entered still there."""
        if isinstance(refused, InvalidInput):
            self.problems += refused.errors
        by_code = {p.path.removeprefix("materials."): p.message for p in self.problems}
        stored = {str(id): file for id, file in owned(_uuids(self.files), self.request.actor).items()}
        rows = [
            {**entry, "error": by_code.get(entry["code"], ""), "files": self._stored(entry["code"], stored)}
            for entry in self.wanted
        ]
        context = {
            "case": self.whole.case,
            "rows": rows,
            "until": self.until,
            "sections": self._bound(),
            "message": self.request.POST.get("message", ""),
            "alert": None if isinstance(refused, InvalidInput) and refused.errors else refused,
            "errors": [(f"m-{row['code']}", row["error"]) for row in rows if row["error"]],
        }
        status = refused.status if refused else 422 if self.problems else 200
        return render(self.request, "citizen/cases/supplement.html", context, status=status)

    def _stored(self, code: str, stored: dict[str, Any]) -> list[Any]:
        return [stored[id] for id in self.files.get(code, []) if id in stored]

    def _bound(self) -> list[dict[str, Any]]:
        """Return the sections to correct, with what is wrong with each."""
        if self.form is None:
            return []
        values = {**self.held, **(self.posted.raw if self.posted else {})}
        context = engine.FormContext(
            actor=self.request.actor,
            opened=self.posted.opened if self.posted else frozenset(),
            revealed=self.posted.revealed if self.posted else frozenset(),
        )
        bound = engine.bind(self.form, values, context, errors=self.problems, held=self.held)
        found = [(bound.section(code), entry) for code, entry in self.sections]
        return [{"section": section, "form": bound, **entry} for section, entry in found if section]


def _uuids(files: dict[str, list[str]]) -> list[UUID]:
    found = []
    for ids in files.values():
        for id in ids:
            try:
                found.append(UUID(id))
            except ValueError:
                continue
    return found
