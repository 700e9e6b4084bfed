"""Actions from the command line: the same ones that pages, APIs and processes use."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from shuzheng.cli.console import fail, out
from shuzheng.cli.site import set_up, site

if TYPE_CHECKING:
    from shuzheng.kernel.actor import Actor


def do(
    action: Annotated[str, typer.Argument(help="Name of the action, e.g. casework.accept_case.")],
    data: Annotated[str, typer.Option("--json", help="The input as JSON; - reads it from standard input.")] = "{}",
    as_: Annotated[
        str, typer.Option("--as", help="User name of the account that acts; the platform itself if left out.")
    ] = "",
    key: Annotated[str, typer.Option("--key", help="Idempotency key: a repetition returns the first result.")] = "",
) -> None:
    """Perform an action and print its result as JSON."""
    given = _read(data)
    with site():
        from shuzheng.kernel.action import actions
        from shuzheng.kernel.error import ShuzhengError
        from shuzheng.kernel.registry import UnknownName

        try:
            chosen = actions()[action]
            result = chosen.do(_actor(as_), given, key=key or None)
        except UnknownName as error:
            fail(error, code=2)
        except ShuzhengError as error:
            fail(json.dumps(error.problem(), ensure_ascii=False, indent=2))
        out.print_json(data=chosen.summarise(result))


def actions(prefix: Annotated[str, typer.Argument(help="Only actions whose name begins so.")] = "") -> None:
    """List the actions: name, permission, what people call it."""
    set_up()
    from shuzheng.kernel.action import actions as registered

    table = Table("action", "permission", "title", box=None)
    for name, action in sorted(registered().items()):
        if name.startswith(prefix):
            table.add_row(name, action.permission, str(action.title))
    out.print(table)


def _read(data: str) -> dict[str, Any]:
    try:
        given = json.loads(sys.stdin.read() if data == "-" else data)
    except ValueError as error:
        fail(f"--json is not JSON: {error}", code=2)
    if not isinstance(given, dict):
        fail('--json must be an object, e.g. \'{"case_id": "…"}\'', code=2)
    return given


def _actor(username: str) -> Actor:
    from shuzheng.kernel.actor import Actor

    if not username:
        return Actor.system("cli")
    from shuzheng.engines.identity.actors import actor_for_account
    from shuzheng.engines.identity.models import Account

    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        fail(f"There is no active account called {username}.", code=2)
    return actor_for_account(account, channel="cli")
