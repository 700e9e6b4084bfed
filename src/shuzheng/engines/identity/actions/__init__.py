"""The verbs of identity."""

from __future__ import annotations

from shuzheng.engines.identity.actions.accounts import (
    ConfirmIdentity,
    EndSessions,
    LockAccount,
    ResetPassword,
    UnlockAccount,
)
from shuzheng.engines.identity.actions.appointments import AppointOfficer, EndAppointment
from shuzheng.engines.identity.actions.delegations import DelegateDuties, EndDelegation
from shuzheng.engines.identity.actions.mandate_answers import AcceptMandate, ConfirmMandate, RevokeMandate
from shuzheng.engines.identity.actions.mandates import AuthoriseOperator, GrantMandate, RequestMandate
from shuzheng.engines.identity.actions.mobile import ProveMobile
from shuzheng.engines.identity.actions.organisations import GenerateOrganisations
from shuzheng.engines.identity.actions.registration import RegisterLegalPerson, RegisterPerson, RegisterResident
from shuzheng.engines.identity.actions.roles import AssignRole, WithdrawRole
from shuzheng.engines.identity.applications import actions as applications

__all__ = [
    "AcceptMandate",
    "AppointOfficer",
    "AssignRole",
    "AuthoriseOperator",
    "ConfirmIdentity",
    "ConfirmMandate",
    "DelegateDuties",
    "EndAppointment",
    "EndDelegation",
    "EndSessions",
    "GenerateOrganisations",
    "GrantMandate",
    "LockAccount",
    "ProveMobile",
    "RegisterLegalPerson",
    "RegisterPerson",
    "RegisterResident",
    "RequestMandate",
    "ResetPassword",
    "RevokeMandate",
    "UnlockAccount",
    "WithdrawRole",
    "applications",
]
