"""The HTTP API: who may, one endpoint per action, problem details for every error."""

from __future__ import annotations

import inspect
from typing import Any

from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, ValidationError
from ninja.utils import check_csrf

from shuzheng.kernel.action import Action, actions
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotPermitted, ShuzhengError, SignInRequired
from shuzheng.kernel.http import Request, respond
from shuzheng.kernel.input import FALLBACK, MESSAGES
from shuzheng.kernel.policy import PUBLIC, require

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Allow:
    """Who may call an operation; every operation of the API carries one as its ``auth``."""

    def __init__(self, who: str) -> None:
        """Take PUBLIC, SIGNED_IN, OFFICER or a permission."""
        self.who = who

    def __call__(self, request: Request) -> bool:
        """Let the request pass. Raises SignInRequired or NotPermitted; a foreign page's form is refused as well."""
        require(request.actor, self.who)
        if request.method not in SAFE and check_csrf(request) is not None:
            raise NotPermitted
        return True


def build_api(**routers: Router) -> NinjaAPI:
    """Return the API with the actions' endpoints and the engines' routers, mounted under their names."""
    api = NinjaAPI(
        title="数政 Shuzheng",
        version="1",
        description="政务平台接口。写操作都是动作（action），读操作按引擎分组。",
        auth=_refuse,
        docs_url=None,
    )
    api.add_router("/actions", action_router(), tags=["actions"])
    for name, router in routers.items():
        api.add_router(f"/{name}", router, tags=[name])
    api.add_exception_handler(ShuzhengError, lambda request, error: respond(request, error))
    api.add_exception_handler(AuthenticationError, lambda request, _error: respond(request, SignInRequired()))
    api.add_exception_handler(ValidationError, lambda request, error: respond(request, _invalid(error)))
    return api


def action_router() -> Router:
    """Return one documented endpoint per registered action."""
    router = Router()
    for action in actions().values():
        router.add_api_operation(
            f"/{action.name}",
            ["POST"],
            _endpoint(action),
            auth=Allow(PUBLIC),
            response={200: dict[str, Any] | None},
            operation_id=action.name.replace(".", "_"),
            summary=str(action.title),
            description=inspect.getdoc(action),
        )
    return router


def _endpoint(action: type[Action[Any, Any]]) -> Any:
    def endpoint(request: Request, given: Any) -> dict[str, Any] | None:
        result = action.do(request.actor, given, key=request.headers.get("Idempotency-Key"))
        return action.summarise(result)

    endpoint.__name__ = action.name.replace(".", "_")
    endpoint.__doc__ = inspect.getdoc(action)
    parameters = [
        inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("given", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=action.input),
    ]
    setattr(endpoint, "__signature__", inspect.Signature(parameters))
    return endpoint


def _refuse(request: Request) -> bool:
    """Refuse whatever declares no access of its own."""
    raise NotPermitted


def _invalid(error: ValidationError) -> InvalidInput:
    """Translate the framework's findings, leaving out where in the request they were found."""
    return InvalidInput(*[_problem(finding) for finding in error.errors])


def _problem(finding: dict[str, Any]) -> FieldProblem:
    context = {key: str(value) for key, value in (finding.get("ctx") or {}).items()}
    path = ".".join(str(part) for part in finding["loc"] if part not in ("body", "given"))
    return FieldProblem(path, str(MESSAGES.get(finding["type"], FALLBACK)).format_map(context))

