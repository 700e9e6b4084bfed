"""The HTTP API: who may, one endpoint per action, problem details for every error."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Model
from django.http import Http404
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.params.functions import Header
from ninja.utils import check_csrf
from pydantic import BaseModel

from shuzheng.kernel import metering
from shuzheng.kernel.action import LONGEST_KEY, Action, actions
from shuzheng.kernel.api_description import SIGNATURE, SiteAPI
from shuzheng.kernel.error import (
    FieldProblem,
    InvalidInput,
    NotFound,
    NotPermitted,
    ShuzhengError,
    SignInRequired,
    Unreadable,
)
from shuzheng.kernel.http import Request, respond
from shuzheng.kernel.input import FALLBACK, MESSAGES
from shuzheng.kernel.policy import OFFICER, PUBLIC, SIGNED_IN, require

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Allow:
    """Who may call an operation; every operation of the API carries one as its ``auth``."""

    def __init__(self, who: str) -> None:
        """Take PUBLIC, SIGNED_IN, OFFICER or a permission, which applications may hold as well."""
        self.who = who
        if who not in (PUBLIC, SIGNED_IN, OFFICER):
            self.openapi_security_schema = SIGNATURE

    def __call__(self, request: Request) -> bool:
        """Let the request pass. Raises SignInRequired or NotPermitted; a foreign page's form is refused as well.

        Where nobody has signed in there is nothing that a foreign page could abuse, and programs may call.
        """
        require(request.actor, self.who)
        if request.actor.application_id is not None:
            metering.count_call(request.actor, self.who)
        elif request.method not in SAFE and not request.actor.anonymous and check_csrf(request) is not None:
            raise NotPermitted
        return True


class AllowAction(Allow):
    """Who may perform an action: asked before its input is looked at, a refusal on record."""

    def __init__(self, action: type[Action[Any, Any]]) -> None:
        """Take the action."""
        super().__init__(action.permission)
        self.action = action

    def __call__(self, request: Request) -> bool:
        """Let the request pass. Raises SignInRequired, AssuranceTooLow or NotPermitted."""
        self.action.admit(request.actor)
        return super().__call__(request)


class Reference(BaseModel):
    """The row that an action made or changed."""

    id: str


def build_api(**routers: Router) -> NinjaAPI:
    """Return the API with the actions' endpoints and the engines' routers, mounted under their names."""
    api = SiteAPI(
        title="数政 Shuzheng",
        version="1",
        description="政务平台接口。写操作都是动作（action），读操作按引擎分组。",
        auth=_refuse,
        docs_url=None,
    )
    api.add_router("/actions", action_router(), tags=["actions"])
    for name, router in routers.items():
        api.add_router(f"/{name}", router, tags=[name])
    api.add_exception_handler(ShuzhengError, _answered(lambda error: error))
    api.add_exception_handler(AuthenticationError, _answered(lambda _error: SignInRequired()))
    api.add_exception_handler(ValidationError, _answered(_invalid))
    api.add_exception_handler(Http404, _answered(lambda _error: NotFound()))
    api.add_exception_handler(HttpError, _answered(lambda _error: Unreadable()))
    return api


def action_router() -> Router:
    """Return one documented endpoint per registered action."""
    router = Router()
    for action in actions().values():
        router.add_api_operation(
            f"/{action.name}",
            ["POST"],
            _endpoint(action),
            auth=AllowAction(action),
            response={200: _shape(action)},
            operation_id=action.name.replace(".", "_"),
            summary=str(action.title),
            description=inspect.getdoc(action),
        )
    return router


#: The header under which a sender may repeat a request without repeating its effect.
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        description="Chosen by the sender; a repetition under the same key returns the first result.",
    ),
]


def _endpoint(action: type[Action[Any, Any]]) -> Any:
    def endpoint(request: Request, given: Any, key: str) -> dict[str, Any] | None:
        return action.summarise(action.do(request.actor, given, key=key))

    endpoint.__name__ = action.name.replace(".", "_")
    endpoint.__doc__ = inspect.getdoc(action)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter("request", kind),
        inspect.Parameter("given", kind, annotation=action.input),
        inspect.Parameter("key", kind, annotation=Key, default=""),
    ]
    setattr(endpoint, "__signature__", inspect.Signature(parameters))
    return endpoint


def _shape(action: type[Action[Any, Any]]) -> Any:
    """Return what an action's summary looks like."""
    output = action.output
    if isinstance(output, type) and issubclass(output, BaseModel):
        return output
    return Reference if isinstance(output, type) and issubclass(output, Model) else dict[str, Any] | None


def _refuse(request: Request) -> bool:
    """Refuse whatever declares no access of its own."""
    raise NotPermitted


def _answered(ours: Callable[[Any], ShuzhengError]) -> Any:
    """Return a handler that answers an exception of the framework with our error of the same meaning."""
    return lambda request, error: respond(request, ours(error))


def _invalid(error: ValidationError) -> InvalidInput:
    """Translate the framework's findings, leaving out where in the request they were found."""
    return InvalidInput(*[_problem(finding) for finding in error.errors])


def _problem(finding: dict[str, Any]) -> FieldProblem:
    context = {key: str(value) for key, value in (finding.get("ctx") or {}).items()}
    path = ".".join(str(part) for part in finding["loc"] if part not in ("body", "given"))
    return FieldProblem(path, str(MESSAGES.get(finding["type"], FALLBACK)).format_map(context))
