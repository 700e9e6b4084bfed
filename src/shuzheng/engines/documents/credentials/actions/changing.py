"""Hold, suspend, resume, revoke and void a licence: a person decides, with reason and basis."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.actions.base import CredentialDecision, DecisionInput
from shuzheng.engines.documents.credentials.models import CredentialState as State
from shuzheng.engines.documents.credentials.policies import ISSUE


class HoldCredential(CredentialDecision[DecisionInput]):
    """Hold a licence for a time as a penalty (暂扣, 行政处罚法 §9); it cannot be relied on meanwhile."""

    name = "documents.hold_credential"
    title = _("暂扣证照")
    verb, state = "held", State.HELD
    begins_in = frozenset({State.VALID, State.SUSPENDED})


class SuspendCredential(CredentialDecision[DecisionInput]):
    """Suspend a licence until something is cleared up (中止使用), e.g. a report of loss or an investigation."""

    name = "documents.suspend_credential"
    title = _("中止使用")
    verb, state = "suspended", State.SUSPENDED
    begins_in = frozenset({State.VALID})


class ResumeCredential(CredentialDecision[DecisionInput]):
    """Let a held or suspended licence be used again (恢复使用)."""

    name = "documents.resume_credential"
    title = _("恢复使用")
    verb, state = "resumed", State.VALID
    begins_in = frozenset({State.HELD, State.SUSPENDED})


class RevokeCredential(CredentialDecision[DecisionInput]):
    """Revoke a licence (吊销 as a penalty, 撤销 because it should not have been granted: 行政许可法 §69, which works backwards).

    Past uses stay on record and can be looked at again in the light of the decision.
    """

    name = "documents.revoke_credential"
    title = _("吊销或撤销证照")
    verb, state = "revoked", State.REVOKED
    begins_in = frozenset({State.VALID, State.HELD, State.SUSPENDED})
    backwards = True


class VoidCredential(CredentialDecision[DecisionInput]):
    """Void a licence that is no longer needed or was made out wrongly (作废、注销, 行政许可法 §70)."""

    name = "documents.void_credential"
    permission = ISSUE
    title = _("作废注销")
    verb, state = "voided", State.VOID
    begins_in = frozenset({State.VALID, State.HELD, State.SUSPENDED, State.ISSUING})
