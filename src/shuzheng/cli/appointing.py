"""The first people of an installation, who are appointed before anybody can sign in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from shuzheng.cli.console import fail, say
from shuzheng.cli.site import site

if TYPE_CHECKING:
    from shuzheng.engines.identity.models import Post
    from shuzheng.kernel.actor import Actor

IdNumber = Annotated[str, typer.Option(prompt="公民身份号码 id number", help="Resident id number.")]
Password = Annotated[
    str,
    typer.Option(
        prompt="初始密码 first password", hide_input=True, confirmation_prompt=True, help="To be changed at once."
    ),
]


def appoint(
    name: Annotated[str, typer.Argument(help="Name, as on the identity card.")],
    number: Annotated[str, typer.Option(help="Staff number; it becomes the user name.")],
    unit: Annotated[str, typer.Option(help="Code of the bureau, e.g. 360702-data-administration.")],
    id_number: IdNumber,
    password: Password,
    post: Annotated[str, typer.Option(help="Code of the post in the bureau.")] = "handler",
    role: Annotated[
        str,
        typer.Option(help="Role beside the post's own, e.g. system-, security- or audit-administrator."),
    ] = "",
) -> None:
    """Appoint an official with an account, before there is anybody who could do so on a page; all or nothing."""
    with site():
        from shuzheng.kernel.actor import Actor
        from shuzheng.kernel.error import ShuzhengError

        try:
            username = _appoint(Actor.system("cli"), name, id_number, number, _post(unit, post), role, password)
        except ShuzhengError as error:
            fail(json.dumps(error.problem(), ensure_ascii=False, indent=2))
    say(f"{name} signs in as {username}, and is asked to turn on two-step verification.")


def _appoint(actor: Actor, name: str, id_number: str, number: str, post: Post, role: str, password: str) -> str:
    from django.db import transaction

    from shuzheng.engines.identity.actions import AppointOfficer, AssignRole, RegisterPerson, ResetPassword

    with transaction.atomic():
        person = RegisterPerson.do(actor, name=name, id_number=id_number, division_code=post.unit.division_code)
        officer = AppointOfficer.do(actor, person_id=person.pk, post_id=post.pk, number=number).officer
        if role:
            AssignRole.do(actor, officer_id=officer.pk, role=role)
        account = ResetPassword.do(
            actor, account_id=officer.account_id, name=name, id_number=id_number, password=password
        )
    return account.username


def _post(unit: str, code: str) -> Post:
    from shuzheng.engines.identity.models import Post

    posts = {post.code: post for post in Post.objects.filter(unit__code=unit).select_related("unit")}
    if not posts:
        fail(f"There is no bureau {unit}. Load the packs and run: shuzheng do identity.generate_organisations", code=2)
    if code not in posts:
        fail(f"{unit} has no post {code}; it has: {', '.join(sorted(posts))}.", code=2)
    return posts[code]
