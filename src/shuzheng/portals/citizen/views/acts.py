"""What an applicant does with a case: supplement, withdraw, rate."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.actions.deciding import WithdrawCase
from shuzheng.engines.casework.actions.intake import Supply
from shuzheng.engines.casework.actions.rating import RateCase
from shuzheng.engines.casework.models import Case, Rating
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.engines.casework.queries import WholeCase, case_for
from shuzheng.engines.documents.queries import owned
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.forms import engine
from shuzheng.engines.vocabulary.queries import code_list
from shuzheng.kernel.error import Conflict, FieldProblem, InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN

MOST_FILES = 20
FACES = [
    (Rating.Level.VERY_GOOD, "mood-happy"),
    (Rating.Level.GOOD, "mood-smile"),
    (Rating.Level.FAIR, "mood-empty"),
    (Rating.Level.POOR, "mood-sad"),
    (Rating.Level.VERY_POOR, "mood-cry"),
]


def own_case(request: Request, case_id: UUID) -> WholeCase:
    """Return a case of the party acted for. Raises NotFound: whoever merely may read it, may not act."""
    whole = case_for(request.actor, case_id)
    if not is_applicant(request.actor, whole.case):
        raise NotFound
    return whole


# -- supplement --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def supplement(request: Request, case_id: UUID) -> HttpResponse:
    """Take everything that was asked for, at once."""
    whole = own_case(request, case_id)
    if whole.case.state != Case.State.SUPPLEMENT:
        messages.info(request, _("这个办件现在不需要补正。"))
        return redirect("citizen:case", case_id=case_id)
    page = SupplementPage(request, whole)
    if request.method == "GET":
        return page.render()
    page.take()
    if page.problems or page.staying:
        return page.render()
    try:
        Supply.do(request.actor, page.supplied(), key=request.POST.get("key") or None)
    except ShuzhengError as refused:
        return page.render(refused)
    messages.success(request, _("材料已经交上去了，工作人员会继续办理，期限接着计算。"))
    return redirect("citizen:case", case_id=case_id)


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


# -- withdraw ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def withdraw(request: Request, case_id: UUID) -> HttpResponse:
    """Ask once, then withdraw."""
    whole = own_case(request, case_id)
    if whole.case.state not in WithdrawCase.states:
        messages.info(request, _("这个办件已经有了结果，不能再撤回。"))
        return redirect("citizen:case", case_id=case_id)
    refused: ShuzhengError | None = None
    if request.method == "POST":
        try:
            WithdrawCase.do(request.actor, case_id=case_id, reason=request.POST.get("reason", "")[:1000])
        except Conflict as error:
            refused = error
        else:
            messages.success(request, _("已撤回。需要时可以重新申请。"))
            return redirect("citizen:case", case_id=case_id)
    context = {"case": whole.case, "alert": refused, "reason": request.POST.get("reason", "")}
    return render(request, "citizen/cases/withdraw.html", context, status=refused.status if refused else 200)


# -- rate --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def rate(request: Request, case_id: UUID) -> HttpResponse:
    """Take a rating on five levels, with reasons and words if the person likes."""
    whole = own_case(request, case_id)
    if whole.case.is_open or whole.rating is not None:
        messages.info(request, _("办结后可以评价一次。") if whole.case.is_open else _("您已经评价过，谢谢。"))
        return redirect("citizen:case", case_id=case_id)
    error, alert = "", ""
    if request.method == "POST":
        level = request.POST.get("level", "")
        error = "" if level in {"1", "2", "3", "4", "5"} else _("请先选一个表情。")
        alert = "" if error else _rate(request, case_id, int(level))
        if not error and not alert:
            messages.success(request, _("谢谢您的评价。不满意的，我们会核实整改并给您回复。"))
            return redirect("citizen:case", case_id=case_id)
    known = code_list("rating-reason").codes
    context = {
        "case": whole.case,
        "faces": [(level.value, level.label, icon) for level, icon in FACES],
        "level": request.POST.get("level", ""),
        "good": [reason for reason in known if reason.note == "good"],
        "poor": [reason for reason in known if reason.note != "good"],
        "chosen": request.POST.getlist("reasons"),
        "text": request.POST.get("text", ""),
        "error": error,
        "alert": alert,
    }
    return render(request, "citizen/cases/rate.html", context, status=422 if error or alert else 200)


def _rate(request: Request, case_id: UUID, level: int) -> str:
    """Store the rating; return why it was refused, or nothing."""
    known = code_list("rating-reason").by_code
    reasons = [code for code in request.POST.getlist("reasons") if code in known]
    try:
        RateCase.do(
            request.actor, case_id=case_id, level=level, reasons=reasons[:10], text=request.POST.get("text", "")[:1000]
        )
    except Conflict as refused:
        return str(refused)
    return ""
