"""Connected applications for tests: registered, reviewed and put online, able to sign.

>>> water = a_connected_application("water", notices={"things": ["test.water"]})
>>> water.call("POST", "/api/messaging/notices", {"key": "1"})
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.test import Client

from shuzheng.engines.identity.applications import key_kinds, signing
from shuzheng.engines.identity.applications.actions import ApplyForConnection, ApproveApplication, IssueCredential
from shuzheng.engines.identity.applications.authentication import actor_of
from shuzheng.engines.identity.models import Application, ApplicationCapability, OrgUnit
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now, today
from shuzheng.testing.identity import a_unit, an_account, an_officer

#: Anything but ``None`` is sent instead of what was signed.
Sent = str | bytes | None


@dataclass
class Connected:
    """An application that is online, with a key of its own."""

    application: Application
    key_id: str
    secret: str

    @property
    def actor(self) -> Actor:
        """Return the application as the actor that its calls become."""
        self.application.refresh_from_db()
        return actor_of(self.application)

    def headers(self, method: str, path: str, body: bytes = b"", *, at: int = 0, nonce: str = "") -> dict[str, str]:
        """Return the headers that sign a request."""
        plain, _mark, query = path.partition("?")
        message = signing.Message(method, plain, query, {}, body)
        created = at or int(now().timestamp())
        return signing.sign(message, self.key_id, created, nonce or token_hex(16), self._tag)

    def call(self, method: str, path: str, content: Any = None, *, sent: Sent = None, **changed: Any) -> Any:
        """Send a signed request; ``sent`` is a body other than the signed one, ``headers`` replace or add some."""
        body = b"" if content is None else json.dumps(content).encode()
        headers = {**self.headers(method, path, body, **{k: v for k, v in changed.items() if k in ("at", "nonce")})}
        headers |= changed.get("headers", {})
        raw = body if sent is None else sent
        return Client().generic(method, path, raw, content_type="application/json", headers=headers)

    def _tag(self, told: bytes) -> bytes:
        return key_kinds.tag("hmac-sm3", self.secret, told)


def a_wish(capability: str, **limits: Any) -> dict[str, Any]:
    """Return a capability asked for, for a quarter."""
    days = {"valid_from": today(), "valid_to": today() + timedelta(days=90)}
    return {"capability": capability, **days, **limits}


def a_reviewer() -> Actor:
    """Return somebody of the data bureau who has reviewed nothing yet."""
    grants = {"identity.review_connection", "identity.manage_connection"}
    account = an_account(username=f"reviewer-{token_hex(4)}")
    return Actor(
        name="审核员", account_id=account.pk, officer_id=new_id(), grants=frozenset(Grant(one) for one in grants)
    )


def an_application(code: str, *, unit: OrgUnit | None = None, **capabilities: dict[str, Any]) -> Application:
    """Return an application that waits for review, with these capabilities and their limits."""
    owner = unit or a_unit()
    given = {
        "code": code,
        "name": f"{code} 系统",
        "unit_id": owner.pk,
        "contact": an_officer("周联", unit=owner, posts=[]).number,
        "purpose": "对外提供服务",
        "capabilities": [a_wish(name, **limits) for name, limits in capabilities.items()],
    }
    return ApplyForConnection.do(Actor.system("test"), given)


def a_connected_application(code: str, *, unit: OrgUnit | None = None, **capabilities: dict[str, Any]) -> Connected:
    """Return an application that two people approved and that is online; its trials are taken for granted."""
    application = an_application(code, unit=unit, **capabilities)
    for _round in range(2):
        ApproveApplication.do(a_reviewer(), application_id=application.pk)
    key = IssueCredential.do(Actor.system("test"), application_id=application.pk)
    Application.objects.filter(pk=application.pk).update(state=Application.State.ONLINE)
    application.refresh_from_db()
    return Connected(application, key.key_id, key.secret)


def the_capability(application: Application, code: str) -> ApplicationCapability:
    """Return a capability of an application that is in force or asked for."""
    return ApplicationCapability.objects.get(application=application, capability=code, withdrawn_at=None)
