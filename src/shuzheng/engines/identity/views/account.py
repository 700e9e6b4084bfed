"""One's account: overview, registration, sessions, second factor."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity import queries, second_factor, sessions
from shuzheng.engines.identity.actions.accounts import EndSessions
from shuzheng.engines.identity.actions.registration import RegisterResident, guard_registration
from shuzheng.engines.identity.adapters import note
from shuzheng.engines.identity.forms import RegistrationForm
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN

BACKEND = "shuzheng.engines.identity.backends.IdentifierBackend"


@require_GET
@access(SIGNED_IN)
def overview(request: Request) -> HttpResponse:
    """Show what the platform knows of the account and where things are changed."""
    account = cast(Account, request.user)
    context = {"account": account, "person": account.person, "second_factor": second_factor.enrolled(account)}
    return render(request, "identity/overview.html", context)


@sensitive_post_parameters("password", "id_number")
@require_http_methods(["GET", "POST"])
@access(PUBLIC)
def register(request: Request) -> HttpResponse:
    """Register by real name; whoever is signed in already has an account."""
    if not request.actor.anonymous:
        return redirect("identity:account")
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = _register(request, form)
        except ShuzhengError as refused:
            _show(form, refused)
        else:
            login(request, account, backend=BACKEND)
            sessions.begin(request, account)
            note(request, account, "done", methods=["registration"])
            messages.success(request, _("注册成功，您已通过实名核验。"))
            return redirect("identity:account")
    return render(request, "identity/register.html", {"form": form}, status=422 if form.errors else 200)


def _register(request: Request, form: RegistrationForm) -> Account:
    """Count the try, then register."""
    facts = {name: form.cleaned_data[name] for name in ("name", "id_number", "mobile", "password")}
    guard_registration(facts["id_number"], request.actor.address)
    return RegisterResident.do(request.actor, facts)


def _show(form: RegistrationForm, refused: ShuzhengError) -> None:
    """Put an action's refusal where the person sees it."""
    if not isinstance(refused, InvalidInput):
        form.add_error(None, str(refused))
        return
    for problem in refused.errors:
        form.add_error(problem.path if problem.path in form.fields else None, str(problem.message))


@require_GET
@access(SIGNED_IN)
def session_list(request: Request) -> HttpResponse:
    """Show where the account is signed in."""
    account = cast(Account, request.user)
    context = {"sessions": queries.live_sessions(account), "own": request.session.session_key}
    return render(request, "identity/sessions.html", context)


@require_POST
@access(SIGNED_IN)
def end_session(request: Request, handle: UUID) -> HttpResponse:
    """End one of one's own sessions."""
    EndSessions.do(request.actor, account_id=request.actor.account_id, handle=handle)
    messages.success(request, _("已结束该设备上的登录。"))
    return redirect("identity:sessions")


@require_GET
@access(SIGNED_IN)
def explain_second_factor(request: Request) -> HttpResponse:
    """Say why the office is closed until a second factor is set up, and how to do it."""
    return render(request, "identity/second_factor.html")


@require_GET
@access(PUBLIC)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say how to get back into an account; there is no mail to send a link to."""
    return render(request, "identity/forgotten.html")


@require_GET
@access(PUBLIC)
def to_registration(request: HttpRequest) -> HttpResponse:
    """Lead allauth's own registration to ours."""
    return redirect("identity:register")


@require_GET
@access(SIGNED_IN)
def to_overview(request: HttpRequest) -> HttpResponse:
    """Lead pages of allauth that the platform has no use for (mail addresses) to the overview."""
    return redirect("identity:account")
