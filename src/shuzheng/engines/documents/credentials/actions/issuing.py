"""Issue a licence (签发证照): on approval by the process, or by hand at the bureau."""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials import issuing
from shuzheng.engines.documents.credentials.actions.base import CredentialInput, locked, require_own, told
from shuzheng.engines.documents.credentials.drafting import IssueCredentialInput, drawn_up, spoken
from shuzheng.engines.documents.credentials.errors import NotIssuer
from shuzheng.engines.documents.credentials.models import Credential, Origin
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored, get
from shuzheng.kernel.error import FieldProblem, InvalidInput


class IssueCredential(Action[IssueCredentialInput, Credential]):
    """Register a licence with its identifier and number, then render, seal and keep it (签发电子证照).

    A case issues a type once: again returns the first. Where rendering, sealing or storing fails, the licence stays
    registered and says why. Raises NoDefinition, NotIssuer, InvalidInput.
    """

    name = "documents.issue_credential"
    permission = ISSUE
    title = _("签发电子证照")

    def scope(self, actor: Actor, given: IssueCredentialInput) -> str:
        """Ask for the permission in the issuing unit's division, of somebody who works there. Raises NotPermitted."""
        self.issuer = identity.unit(given.handling_unit_id)
        require_own(actor, self.issuer.pk)
        return str(self.issuer.division_path)

    def perform(self, actor: Actor, given: IssueCredentialInput) -> Credential:
        """Register and issue it."""
        before = _of_case(given)
        if before is not None:
            return before
        stored: Stored[CredentialType] = get(KIND, given.credential_type)
        _check_fits(stored.body, self.issuer, given)
        credential, fresh = _registered(actor, stored, self.issuer, given)
        self.about(credential, case_id=given.case_id, type=credential.type_code, identifier=credential.identifier)
        if fresh:
            announce(self, credential, issued=issuing.complete(actor, credential))
        return credential


class CompleteCredentialInput(CredentialInput):
    """Which registered licence, and what was missing on its face."""

    values: dict[str, str] = {}


class CompleteCredential(Action[CompleteCredentialInput, Credential]):
    """Try again to issue a registered licence (重新制证), with values for what was missing; doing so twice does no harm."""

    name = "documents.complete_credential"
    permission = ISSUE
    title = _("重新制证")

    def scope(self, actor: Actor, given: CompleteCredentialInput) -> str:
        """Ask for the permission where the licence was issued."""
        self.credential = locked(given.credential_id)
        return str(self.credential.division_path)

    def perform(self, actor: Actor, given: CompleteCredentialInput) -> Credential:
        """Fill in and try."""
        credential = self.credential
        self.about(credential, case_id=credential.case_id)
        if not credential.unsealed:
            return credential
        if given.values:
            _fill_in(actor, credential, given.values)
        issued = issuing.complete(actor, credential)
        if issued:
            announce(self, credential, issued=True)
        return credential


def announce(action: Action[Any, Any], credential: Credential, *, issued: bool) -> None:
    """Announce that a licence was issued, or that it waits; whoever tells people subscribes to it."""
    told(action, credential, "issued" if issued else "delayed")


def _of_case(given: IssueCredentialInput) -> Credential | None:
    if given.case_id is None:
        return None
    rows = Credential.objects.filter(case_id=given.case_id, type_code=given.credential_type)
    return rows.exclude(origin=Origin.CORRECT).select_related("unit").first()


def _check_fits(type: CredentialType, unit: OrgUnit, given: IssueCredentialInput) -> None:
    if unit.kind not in type.issuers:
        raise NotIssuer
    if type.holder not in ("any", given.applicant_kind):
        whom = _("个人") if type.holder == "person" else _("单位")
        raise InvalidInput(FieldProblem("applicant_kind", str(_("这类证照只发给{whom}。")).format(whom=whom)))


def _registered(
    actor: Actor, stored: Stored[CredentialType], unit: OrgUnit, given: IssueCredentialInput
) -> tuple[Credential, bool]:
    """Return the new licence, or that which somebody else registered for the case at the same moment."""
    credential = drawn_up(actor, stored, unit, given)
    try:
        with transaction.atomic():
            credential.save()
    except IntegrityError:
        other = _of_case(given)
        if other is None:
            raise
        return other, False
    return credential, True


def _fill_in(actor: Actor, credential: Credential, values: dict[str, str]) -> None:
    """Add what was missing. Raises InvalidInput for what the type does not have."""
    said = spoken(actor, credential.type.elements, values)
    credential.content = json.dumps({**credential.values, **said}, ensure_ascii=False)
    credential.save(update_fields=["content"])
