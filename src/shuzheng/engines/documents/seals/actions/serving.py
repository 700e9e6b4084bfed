"""Stamp for a connected application (印章中台用印)."""

from __future__ import annotations

import base64
import binascii

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.errors import FileTooLarge
from shuzheng.engines.documents.seals import desk, results
from shuzheng.engines.documents.seals.actions.requesting import Place
from shuzheng.engines.documents.seals.actions.stamping import StampedDocument
from shuzheng.engines.documents.seals.desk import Order
from shuzheng.engines.documents.seals.errors import CannotStamp
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.policies import STAMP_AS_APPLICATION
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import may_with

MEGABYTE = 1024 * 1024


class StampForApplicationInput(Input):
    """One document and what is wanted on it."""

    seal_code: str = Field(max_length=13)
    document_name: str = Field(min_length=1, max_length=200)
    document_kind: str = Field(min_length=1, max_length=40)
    item_code: str = Field(default="", max_length=60)
    place: Place
    #: The document in base64.
    content: str


class StampForApplication(Action[StampForApplicationInput, StampedDocument]):
    """Stamp a document for the connected application that acts, within its grants and its limits.

    A stamp is recorded for good and charged, so that a repetition must come under the key of the first request.
    Raises NotPermitted, KeyRequired, LimitExceeded, CannotStamp, FileTooLarge and what ``desk.stamp`` raises.
    """

    name = "documents.stamp_for_application"
    permission = STAMP_AS_APPLICATION
    title = _("应用用印")
    needs_key = True

    def check(self, actor: Actor, given: StampForApplicationInput) -> None:
        """Refuse whoever is no application, and a seal that the application was not granted."""
        if actor.application_id is None or not may_with(actor, STAMP_AS_APPLICATION, given.seal_code):
            raise NotPermitted

    def perform(self, actor: Actor, given: StampForApplicationInput) -> StampedDocument:
        """Stamp within the seal's own grant to the application."""
        wish = Wish(given.document_kind, given.item_code, actor.application_id)
        order = Order(given.seal_code, wish, given.document_name, given.place.meant())
        data, use = desk.stamp(actor, order, _content(given.content))
        kept = results.keep_stamped(actor, data, given.document_name, use)
        self.about(use, application=actor.application, seal=given.seal_code)
        return StampedDocument(file_id=kept.pk, use_id=use.pk, digest=use.digest, ledger_entry=use.ledger_entry)


def _content(text: str) -> bytes:
    if len(text) * 3 // 4 > settings.FILE_LIMIT:
        raise FileTooLarge(limit=settings.FILE_LIMIT // MEGABYTE)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise CannotStamp(FieldProblem("content", str(_("文件内容不是正确的 base64。")))) from None
