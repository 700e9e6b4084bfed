"""Who may do what with seals."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.policies import LOOK, NOTHING, Uses, vouch
from shuzheng.engines.documents.seals.models import SealRequestFile
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import may, permission

#: File, make, grant, freeze, renew and revoke seals.
MANAGE = permission("documents.manage_seals", _("管理电子印章"))
#: Approve that a seal is used.
APPROVE = permission("documents.approve_seal_use", _("审批用印"))
#: Read the log of all seals in one's scope.
READ_LOG = permission("documents.read_seal_log", _("查看用章日志"))
#: What a connected application holds while it calls; no role should bring it.
STAMP_AS_APPLICATION = permission("documents.stamp_as_application", _("作为接入应用用印"))


def uses_of_file(actor: Actor, file: StoredFile) -> Uses:
    """Let approvers read what they are asked to approve, and applicants what was stamped for them."""
    if actor.officer_id is None:
        return NOTHING
    rows = SealRequestFile.objects.filter(Q(file=file) | Q(result=file)).select_related("request")
    asked = any(
        row.request.applicant_id == actor.officer_id or may(actor, APPROVE, str(row.request.division_path))
        for row in rows[:20]
    )
    return LOOK if asked else NOTHING


vouch("seals", uses_of_file)
