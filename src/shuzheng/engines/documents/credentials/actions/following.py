"""Put a new licence in the place of another: renewed, replaced after a loss, or corrected. The old original stays as it is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials import content, issuing
from shuzheng.engines.documents.credentials.actions.base import CredentialInput, locked, told
from shuzheng.engines.documents.credentials.drafting import spoken
from shuzheng.engines.documents.credentials.errors import WrongState
from shuzheng.engines.documents.credentials.identifier import Identifier, new_code
from shuzheng.engines.documents.credentials.models import Credential, Origin
from shuzheng.engines.documents.credentials.models import CredentialState as State
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import now, today

_OPEN = frozenset({State.VALID, State.HELD, State.SUSPENDED})


class ReissueCredentialInput(CredentialInput):
    """Which licence, why it is issued anew, and for how long."""

    origin: Literal["renew", "replace"]
    reason: str = Field(min_length=2, max_length=500)
    #: Last day, for a renewal; the type's rule if not said.
    valid_until: date | None = None


class ReissueCredential(Action[ReissueCredentialInput, Credential]):
    """Issue a licence anew: renewed for a further period (延续) or replaced after a loss (遗失补领). Raises WrongState.

    The process of a renewing item does the same by ``documents.issue_credential``; this is the desk's way.
    """

    name = "documents.reissue_credential"
    permission = ISSUE
    title = _("延续或补领证照")

    def scope(self, actor: Actor, given: ReissueCredentialInput) -> str:
        """Ask for the permission where the licence was issued."""
        self.former = locked(given.credential_id)
        return str(self.former.division_path)

    def check(self, actor: Actor, given: ReissueCredentialInput) -> None:
        """Refuse the platform itself and a licence that has ended. Raises NotPermitted, WrongState."""
        _check(actor, self.former)

    def perform(self, actor: Actor, given: ReissueCredentialInput) -> Credential:
        """Issue it; the former ends once the new one is sealed."""
        former = self.former
        fresh = _successor(former, Origin(given.origin))
        if given.origin == "renew":
            start = max(former.valid_until + timedelta(days=1), today()) if former.valid_until else today()
            fresh.valid_from, fresh.valid_until = content.period(former.type, {}, start, given.valid_until)
        fresh.save()
        issued = issuing.complete(actor, fresh)
        self.about(fresh, case_id=former.case_id, former=former.identifier, reason=given.reason)
        told(self, fresh, "issued" if issued else "delayed")
        return fresh


class CorrectCredentialInput(CredentialInput):
    """Which licence, what it should say, and why."""

    values: dict[str, str] = Field(min_length=1)
    reason: str = Field(min_length=2, max_length=500)


class CorrectCredential(Action[CorrectCredentialInput, Credential]):
    """Correct a mistake on a licence (更正换发): a new version says it rightly, the former is replaced. Raises WrongState."""

    name = "documents.correct_credential"
    permission = ISSUE
    title = _("更正证照")

    def scope(self, actor: Actor, given: CorrectCredentialInput) -> str:
        """Ask for the permission where the licence was issued."""
        self.former = locked(given.credential_id)
        return str(self.former.division_path)

    def check(self, actor: Actor, given: CorrectCredentialInput) -> None:
        """Refuse the platform itself and a licence that has ended. Raises NotPermitted, WrongState."""
        _check(actor, self.former)

    def perform(self, actor: Actor, given: CorrectCredentialInput) -> Credential:
        """Issue the corrected version. Raises InvalidInput for what the type does not have, PhotoUnusable."""
        said = spoken(actor, self.former.type.elements, given.values)
        fresh = _successor(self.former, Origin.CORRECT)
        fresh.content = json.dumps({**self.former.values, **said}, ensure_ascii=False)
        fresh.save()
        issued = issuing.complete(actor, fresh)
        self.about(fresh, case_id=fresh.case_id, former=self.former.identifier, elements=sorted(given.values))
        told(self, fresh, "issued" if issued else "delayed")
        return fresh


def _check(actor: Actor, former: Credential) -> None:
    if not actor.is_officer:
        raise NotPermitted
    if former.state not in _OPEN or Credential.objects.filter(previous=former, state=State.ISSUING).exists():
        raise WrongState(state=former.get_state_display())


def _successor(former: Credential, origin: Origin) -> Credential:
    """Return the unsaved licence that takes the former's place: a version higher, with a code of its own."""
    identifier = Identifier.parse(former.identifier).next_version()
    kept = (
        "number", "type_code", "type_id", "title", "holder_kind", "holder_id", "holder_name", "content", "unit",
        "division_path", "case_number", "item_code", "valid_from", "valid_until", "synthetic",
    )  # fmt: skip
    return Credential(
        **{name: getattr(former, name) for name in kept},
        identifier=str(identifier),
        code=new_code(),
        case_id=former.case_id if origin == Origin.CORRECT else None,
        origin=origin,
        version=identifier.version,
        previous=former,
        created_at=now(),
    )
