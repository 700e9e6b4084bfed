"""Use a licence (用证) under a case or under the holder's authorisation; each use leaves a record."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials import counting
from shuzheng.engines.documents.credentials.cases import may_use_in_case
from shuzheng.engines.documents.credentials.errors import NotAuthorised
from shuzheng.engines.documents.credentials.identifier import read_code
from shuzheng.engines.documents.credentials.models import Credential, UseAuthorisation, UseWay
from shuzheng.engines.documents.credentials.policies import SHARE
from shuzheng.engines.documents.credentials.uses import UseCredentialInput, UsedCredential, seen, shared, write
from shuzheng.engines.identity.models import Application
from shuzheng.engines.trust.audit import record_read
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN, may


class UseCredential(Action[UseCredentialInput, UsedCredential]):
    """Use a licence under a case or an authorisation (调用证照).

    A licence that is expired, held or revoked is shown as such: whoever decides judges, nothing is refused by itself.
    Raises NoSuchCredential, NotAuthorised.
    """

    name = "documents.use_credential"
    permission = SIGNED_IN
    title = _("调用证照")

    def perform(self, actor: Actor, given: UseCredentialInput) -> UsedCredential:
        """Check the ground, look, write down."""
        if given.authorisation:
            leave = _leave(actor, given.authorisation)
            credential, way = shared(leave.credential_id), UseWay.AUTHORISATION
        else:
            leave, way = None, UseWay.CASE
            credential = shared(given.credential_id)
            if given.case_id is None or not _may_use(actor, given.case_id, credential):
                raise NotAuthorised
        use = write(actor, credential, way, given, leave)
        self.about(use, case_id=given.case_id, licence=str(credential.pk), way=str(way))
        if actor.channel != "system":
            _record(actor, credential, given)
        if way == UseWay.CASE and actor.channel == "system":
            counting.count(credential.type_code, "used")
        return seen(credential, use)


class UseCredentialAsSystem(UseCredential):
    """Use a licence under the holder's authorisation, as a connected application. Raises NoSuchCredential, NotAuthorised."""

    name = "documents.use_credential_as_system"
    permission = SHARE
    title = _("业务系统调用证照")


def _may_use(actor: Actor, case_id: UUID, credential: Credential) -> bool:
    return actor.channel == "system" or may_use_in_case(actor, case_id, credential.holder_id)


def _leave(actor: Actor, code: str) -> UseAuthorisation:
    """Return the authorisation of a code, counted. Raises NotAuthorised."""
    found = UseAuthorisation.objects.select_for_update().filter(code=read_code(code) or code).first()
    if found is None or not found.in_force(now()):
        raise NotAuthorised
    allowed = found.unit_id in _units(actor) if found.unit_id else actor.is_officer or may(actor, SHARE)
    if not allowed:
        raise NotAuthorised
    found.used += 1
    found.save(update_fields=["used"])
    return found


def _units(actor: Actor) -> frozenset[UUID]:
    """Return the units for which an actor works: an official's posts, or whose system a connected application is."""
    if actor.application_id is None:
        return actor.unit_ids
    return frozenset(Application.objects.filter(pk=actor.application_id).values_list("unit_id", flat=True))


def _record(actor: Actor, credential: Credential, given: UseCredentialInput) -> None:
    """Let the holder see in 谁看过我的数据 who looked at the licence."""
    subject = "identity.person" if credential.holder_kind == "person" else "identity.legalperson"
    elements = [one.element for one in credential.type.elements]
    record_read(
        actor, given.purpose, subject, credential.holder_id, elements, given.case_id, name="documents.use_credential"
    )
