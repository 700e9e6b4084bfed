"""What identity stores: persons, accounts, organisations, posts, roles, mandates, applications."""

from __future__ import annotations

from shuzheng.engines.identity.models.account import Account
from shuzheng.engines.identity.models.application import (
    Application,
    ApplicationCall,
    ApplicationEvent,
    ApplicationTrial,
)
from shuzheng.engines.identity.models.application_grant import (
    ApplicationCapability,
    ApplicationCredential,
    ApplicationMeter,
)
from shuzheng.engines.identity.models.legal_person import LegalPerson
from shuzheng.engines.identity.models.mandate import Mandate
from shuzheng.engines.identity.models.officer import Appointment, Delegation, Officer
from shuzheng.engines.identity.models.organisation import OrgUnit, Post
from shuzheng.engines.identity.models.person import Kinship, Person
from shuzheng.engines.identity.models.role import Role, RoleAssignment
from shuzheng.engines.identity.models.session import AccountSession, SignInFailure

__all__ = [
    "Account",
    "AccountSession",
    "Application",
    "ApplicationCall",
    "ApplicationCapability",
    "ApplicationCredential",
    "ApplicationEvent",
    "ApplicationMeter",
    "ApplicationTrial",
    "Appointment",
    "Delegation",
    "Kinship",
    "LegalPerson",
    "Mandate",
    "Officer",
    "OrgUnit",
    "Person",
    "Post",
    "Role",
    "RoleAssignment",
    "SignInFailure",
]
