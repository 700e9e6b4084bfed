"""What can be done with connected applications."""

from __future__ import annotations

from shuzheng.engines.identity.applications.actions.applying import AmendApplication, ApplyForConnection
from shuzheng.engines.identity.applications.actions.asking import AskCapability, WithdrawCapability
from shuzheng.engines.identity.applications.actions.keys import IssueCredential, RevokeCredential
from shuzheng.engines.identity.applications.actions.reviewing import ApproveApplication, ReturnApplication
from shuzheng.engines.identity.applications.actions.running import (
    PauseApplication,
    PutOnline,
    ResumeApplication,
    RetireApplication,
    SetLimits,
)
from shuzheng.engines.identity.applications.actions.trying import RecordTrial, RemindOfExpiry

__all__ = [
    "AmendApplication",
    "ApplyForConnection",
    "ApproveApplication",
    "AskCapability",
    "IssueCredential",
    "PauseApplication",
    "PutOnline",
    "RecordTrial",
    "RemindOfExpiry",
    "ResumeApplication",
    "RetireApplication",
    "ReturnApplication",
    "RevokeCredential",
    "SetLimits",
    "WithdrawCapability",
]
