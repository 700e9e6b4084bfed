"""What the verbs on one licence have in common."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials.errors import NoSuchCredential, WrongState
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.policies import DECIDE
from shuzheng.engines.documents.credentials.recording import Deed, record
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import ZONE, now, today


class CredentialInput(Input):
    """Which licence."""

    credential_id: UUID


class DecisionInput(CredentialInput):
    """Why, on which law, and from when."""

    reason: str = Field(min_length=2, max_length=500)
    basis: str = Field(min_length=2, max_length=300)
    #: From which day; today if not said, earlier only where the verb says so.
    effective_on: date | None = None


D = TypeVar("D", bound=DecisionInput)


class CredentialDecision(Action[D, Credential]):
    """Base of the decisions about a licence: taken by a person, with reason and basis, known to the ledger at once."""

    permission = DECIDE
    output = Credential
    #: What the deed is called in the history, and the state that follows.
    verb: ClassVar[str]
    state: ClassVar[str]
    #: States from which it may be decided.
    begins_in: ClassVar[frozenset[str]] = frozenset()
    #: May take effect before today (撤销 under 行政许可法 §69 does).
    backwards: ClassVar[bool] = False

    def scope(self, actor: Actor, given: D) -> str:
        """Ask for the permission where the licence was issued. Raises NoSuchCredential."""
        self.credential = locked(given.credential_id)
        return str(self.credential.division_path)

    def check(self, actor: Actor, given: D) -> None:
        """Refuse the platform itself, a wrong state and a wrong day. Raises NotPermitted, WrongState, InvalidInput."""
        if not actor.is_officer:
            raise NotPermitted
        if self.credential.state not in self.begins_in:
            raise WrongState(state=self.credential.get_state_display())
        day = given.effective_on or today()
        if day > today() or (day < today() and not self.backwards) or day < self.credential.valid_from:
            raise InvalidInput(
                FieldProblem("effective_on", str(_("生效日期不对：不能晚于今天，也不能早于有效期开始。")))
            )

    def perform(self, actor: Actor, given: D) -> Credential:
        """Write it down."""
        record(actor, self.credential, self.deed(given))
        self.about(self.credential, case_id=self.credential.case_id, basis=given.basis)
        told(self, self.credential, self.verb)
        return self.credential

    def deed(self, given: D) -> Deed:
        """Return what is written down."""
        return Deed(self.verb, self.state, given.reason, given.basis, _start(given.effective_on))


def told(action: Action[Any, Any], credential: Credential, verb: str) -> None:
    """Announce a change of a licence: ``documents.credential_<verb>``."""
    action.emit(
        f"documents.credential_{verb}",
        credential.pk,
        case_id=str(credential.case_id or ""),
        credential_type=credential.type_code,
        title=credential.title,
        number=credential.number,
        holder_kind=credential.holder_kind,
        holder_id=str(credential.holder_id),
    )


def locked(credential_id: UUID) -> Credential:
    """Return a licence, locked. Raises NoSuchCredential."""
    rows = Credential.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=credential_id).first()
    if found is None:
        raise NoSuchCredential
    return found


def require_own(actor: Actor, unit_id: UUID) -> None:
    """Refuse whoever holds no post in a unit; the platform's processes are not asked. Raises NotPermitted."""
    if actor.channel != "system" and unit_id not in actor.unit_ids:
        raise NotPermitted


def _start(day: date | None) -> datetime:
    """Return the moment from which a decision holds: now, or the beginning of an earlier day."""
    if day is None or day >= today():
        return now()
    return datetime.combine(day, time.min, tzinfo=ZONE)
