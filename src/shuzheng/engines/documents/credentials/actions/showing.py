"""Licences shown in person and printed; both leave a record."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials import showing
from shuzheng.engines.documents.credentials.actions.authorising import own
from shuzheng.engines.documents.credentials.actions.base import CredentialInput
from shuzheng.engines.documents.credentials.errors import NotAuthorised
from shuzheng.engines.documents.credentials.models import CredentialUse, UseWay
from shuzheng.engines.documents.credentials.uses import UseCredentialInput, UsedCredential, seen, shared, write
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN


class ShowCredentialInput(Input):
    """The code that the holder shows."""

    token: str = Field(max_length=200)


class ShowCredential(Action[ShowCredentialInput, UsedCredential]):
    """Read the code that a holder shows in person (扫码核验), within its minute. Raises NotAuthorised."""

    name = "documents.show_credential"
    permission = PUBLIC
    title = _("扫码核验证照")

    def perform(self, actor: Actor, given: ShowCredentialInput) -> UsedCredential:
        """Look and write down."""
        credential_id = showing.read(given.token)
        if credential_id is None:
            raise NotAuthorised
        credential = shared(credential_id)
        use = write(actor, credential, UseWay.SHOWN, UseCredentialInput(purpose=str(_("当面出示核验"))))
        self.about(use, licence=str(credential.pk))
        return seen(credential, use)


class PrintCredentialInput(CredentialInput):
    """What the copy is for."""

    purpose: str = Field(min_length=2, max_length=60)
    form: Literal["pdf"] = "pdf"


class PrintCredential(Action[PrintCredentialInput, CredentialUse]):
    """Write down that the holder prints a copy, and what for (打印复印件). Raises NoSuchCredential."""

    name = "documents.print_credential"
    permission = SIGNED_IN
    title = _("打印证照复印件")

    def perform(self, actor: Actor, given: PrintCredentialInput) -> CredentialUse:
        """Write it down; the copy itself is rendered by ``facing.print_copy``."""
        credential = own(actor, given.credential_id)
        use = write(actor, credential, UseWay.PRINT, UseCredentialInput(purpose=given.purpose))
        self.about(use, licence=str(credential.pk))
        return use
