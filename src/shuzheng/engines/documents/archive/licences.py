"""Licences belong to the file of the matter for which they were issued."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.archive.content import GivenDocument
from shuzheng.engines.documents.archive.contributing import contribute
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.kernel.error import Unavailable


class StillIssuing(Unavailable):
    """A licence of the matter is being made; archiving waits for it."""

    code = "archive-waits-for-licence"
    message = _("证照还在制作，制成后自动归档。")


def licences_of(source: str, subject: UUID) -> list[GivenDocument]:
    """Return the signed originals of the licences issued for a case. Raises StillIssuing."""
    rows = list(Credential.objects.filter(case_id=subject).order_by("id"))
    if any(row.original_id is None for row in rows):
        raise StillIssuing
    return [
        GivenDocument(role="licence", code=row.type_code, title=row.title, file=row.original_id)
        for row in rows
        if row.original_id
    ]


contribute("credentials", licences_of)
