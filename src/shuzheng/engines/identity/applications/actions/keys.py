"""Give an application keys to sign with and take them away (凭证)."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex, token_urlsafe
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.identity.applications import desk
from shuzheng.engines.identity.applications.desk import ApplicationInput, State
from shuzheng.engines.identity.applications.errors import BadPublicKey, TooManyCredentials
from shuzheng.engines.identity.applications.key_kinds import readable
from shuzheng.engines.identity.models import Application, ApplicationCredential
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import OFFICER

Kind = ApplicationCredential.Kind
#: Live keys of one application.
MOST = 5


class IssueKeyInput(ApplicationInput):
    """For which application, of which kind, for how long."""

    kind: ApplicationCredential.Kind = Kind.HMAC_SM3
    #: PEM, for the kinds of which the application keeps the private half.
    public_key: str = Field(default="", max_length=2000)
    days: int = Field(default=365, ge=1, le=730)
    #: The other keys end in so many hours (轮换); None leaves them.
    others_end_in: int | None = Field(default=None, ge=0, le=24 * 30)


class Issued(BaseModel):
    """The new key; of a shared one the secret, shown this once."""

    id: UUID
    key_id: str
    secret: str


class IssueCredential(Action[IssueKeyInput, Issued]):
    """Give an application a key, or let a new one take over from the others (签发凭证).

    Raises NotInState, BadPublicKey, TooManyCredentials.
    """

    name = "identity.issue_credential"
    permission = OFFICER
    title = _("签发凭证")

    def perform(self, actor: Actor, given: IssueKeyInput) -> Issued:
        """Keep the key; a secret is stored sealed, a public key as it is."""
        application = desk.hold(given.application_id, State.TESTING, State.ONLINE, State.PAUSED)
        desk.require_answering(actor, application)
        shared = given.kind in (Kind.HMAC_SM3, Kind.HMAC_SHA256)
        if not shared and not readable(given.kind, given.public_key):
            raise BadPublicKey(FieldProblem("public_key", str(BadPublicKey.message)))
        self._make_room(application, given)
        secret = token_urlsafe(32) if shared else ""
        made = ApplicationCredential.objects.create(
            application=application,
            key_id=f"{application.code}.{token_hex(4)}",
            kind=given.kind,
            secret=secret,
            public_key="" if shared else given.public_key.strip(),
            valid_from=now(),
            valid_to=now() + timedelta(days=given.days),
        )
        desk.note(self, application, made.key_id)
        return Issued(id=made.pk, key_id=made.key_id, secret=secret)

    def _make_room(self, application: Application, given: IssueKeyInput) -> None:
        live = ApplicationCredential.objects.filter(application=application, revoked_at=None, valid_to__gt=now())
        if live.count() >= MOST:
            raise TooManyCredentials(most=MOST)
        if given.others_end_in is not None:
            end = now() + timedelta(hours=given.others_end_in)
            live.filter(valid_to__gt=end).update(valid_to=end)

    @classmethod
    def summarise(cls, result: Issued) -> dict[str, Any]:
        """Return what a repetition may know: never the secret, which is shown once."""
        return {"id": str(result.id), "key_id": result.key_id, "secret": ""}


class RevokeCredentialInput(Input):
    """Which key, and why."""

    credential_id: UUID
    reason: str = Field(default="", max_length=200)


class RevokeCredential(Action[RevokeCredentialInput, ApplicationCredential]):
    """Accept nothing more under a key, at once (吊销凭证). Raises NotFound, NotPermitted."""

    name = "identity.revoke_credential"
    permission = OFFICER
    title = _("吊销凭证")

    def perform(self, actor: Actor, given: RevokeCredentialInput) -> ApplicationCredential:
        """End it; a second time changes nothing."""
        found = ApplicationCredential.objects.filter(pk=given.credential_id).first()
        if found is None:
            raise NotFound
        application = desk.hold(found.application_id)
        desk.require_answering(actor, application, or_managing=True)
        if found.revoked_at is None:
            found.revoked_at = now()
            found.save(update_fields=["revoked_at"])
            desk.note(self, application, f"{found.key_id} {given.reason}".strip())
        return found
