"""Handing closed cases over to the archives (归档), and taking note that one goes on."""

from __future__ import annotations

from uuid import UUID

from shuzheng.engines.casework.dossier import SOURCE, content_of
from shuzheng.engines.casework.queries.case import whole_case
from shuzheng.engines.casework.source_dates import dates_of
from shuzheng.engines.documents.archive.actions import DatePackage, PackArchive, RecallPackage
from shuzheng.kernel.actor import Actor


def archive(case_id: UUID) -> None:
    """Archive a case as it stands, unless it goes on; then date anew what waits for its end."""
    whole = whole_case(case_id)
    if whole.case.is_open or whole.case.closed_at is None:
        return
    actor = Actor.system("casework.archive_case")
    PackArchive.do(actor, content_of(whole))
    for relation in whole.relations:
        other = whole_case(UUID(str(relation["id"])))
        if not other.case.is_open:
            DatePackage.do(actor, source=SOURCE, subject=other.case.pk, dates=dates_of(other))


def recall(case_id: UUID) -> None:
    """Say that an archived case goes on."""
    RecallPackage.do(Actor.system("casework.recall_archive"), source=SOURCE, subject=case_id)
