"""Who may do what with licences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.types import CredentialType
from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.policies import LOOK, NOTHING, OWN, Uses, vouch
from shuzheng.engines.identity.queries import mandate_covers
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import may, permission

#: Issue, correct and void licences in one's scope.
ISSUE = permission("documents.issue_credentials", _("签发电子证照"))
#: Hold, suspend, resume and revoke licences in one's scope.
DECIDE = permission("documents.decide_credentials", _("暂扣、中止和吊销电子证照"))
#: Look licences up, for a stated purpose.
READ = permission("documents.read_credentials", _("查询电子证照"))
#: Use licences as a system of another body (GB/T 36906).
SHARE = permission("documents.share_credentials", _("作为业务系统使用电子证照"))


def is_holder(actor: Actor, credential: Credential) -> bool:
    """Say whether an actor is the holder, or acts for the holder with a mandate that covers the licence's items."""
    party = actor.party
    if party is None or party.id != credential.holder_id or party.kind != credential.holder_kind:
        return False
    return covers(actor, credential.type)


def covers(actor: Actor, type: CredentialType) -> bool:
    """Say whether what the actor may do for the chosen party includes licences of a type."""
    if actor.mandate_id is None:
        return mandate_covers(actor, "*")
    return any(mandate_covers(actor, item) for item in type.mandate_items or ("*",))


def uses_of_file(actor: Actor, file: StoredFile) -> Uses:
    """Let the holder read the original, and officials in whose scope it was issued."""
    found = Credential.objects.filter(original=file).first()
    if found is None:
        return NOTHING
    if is_holder(actor, found):
        return OWN
    return LOOK if actor.is_officer and may(actor, READ, str(found.division_path)) else NOTHING


vouch("credentials", uses_of_file)
