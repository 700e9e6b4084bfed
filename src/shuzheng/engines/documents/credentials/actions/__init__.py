"""What can be done with licences."""

from __future__ import annotations

from shuzheng.engines.documents.credentials.actions.authorising import AuthoriseUse, ReportLoss, RevokeUse
from shuzheng.engines.documents.credentials.actions.changing import (
    HoldCredential,
    ResumeCredential,
    RevokeCredential,
    SuspendCredential,
    VoidCredential,
)
from shuzheng.engines.documents.credentials.actions.confirming import ConfirmImport, ReturnImport
from shuzheng.engines.documents.credentials.actions.following import CorrectCredential, ReissueCredential
from shuzheng.engines.documents.credentials.actions.importing import ImportCredentials
from shuzheng.engines.documents.credentials.actions.issuing import CompleteCredential, IssueCredential
from shuzheng.engines.documents.credentials.actions.reminding import RemindExpiring
from shuzheng.engines.documents.credentials.actions.showing import PrintCredential, ShowCredential
from shuzheng.engines.documents.credentials.actions.undoing import UndoImport
from shuzheng.engines.documents.credentials.actions.using import UseCredential

__all__ = [
    "AuthoriseUse",
    "CompleteCredential",
    "ConfirmImport",
    "CorrectCredential",
    "HoldCredential",
    "ImportCredentials",
    "IssueCredential",
    "PrintCredential",
    "ReissueCredential",
    "RemindExpiring",
    "ReportLoss",
    "ResumeCredential",
    "ReturnImport",
    "RevokeCredential",
    "RevokeUse",
    "ShowCredential",
    "SuspendCredential",
    "UndoImport",
    "UseCredential",
    "VoidCredential",
]
