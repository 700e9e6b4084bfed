"""What documents offers to connected applications (接入能力)."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.policies import SHARE
from shuzheng.engines.documents.seals import granting
from shuzheng.engines.documents.seals.errors import NotGranted
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.models import SealGrant
from shuzheng.engines.documents.seals.policies import STAMP_AS_APPLICATION
from shuzheng.engines.identity.applications.capabilities import Capability, declare
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import listing


def _try_stamp(actor: Actor, things: list[str]) -> str:
    """Say which seals are granted to the application and usable today; nothing is stamped."""
    wish = Wish("", application_id=actor.application_id)
    grants = SealGrant.objects.filter(granting.held(actor, wish) & granting.in_force()).select_related("seal")
    held = sorted({grant.seal.name for grant in grants if not things or grant.seal.code in things})
    if not held:
        raise NotGranted
    return gettext("可用印章：{names}").format(names="、".join(held))


def _try_licences(actor: Actor, things: list[str]) -> str:
    """Say how many types of licences there are to be asked about."""
    return gettext("可核验 {count} 类电子证照。").format(count=len(listing("credential_type")))


declare(
    Capability(
        code="stamp",
        title=_("电子印章用印"),
        permission=STAMP_AS_APPLICATION,
        trial=_try_stamp,
        things=_("印章编码"),
        unit=_("次"),
        two_persons=True,
    )
)
declare(Capability(code="licences", title=_("核验与使用电子证照"), permission=SHARE, trial=_try_licences, unit=_("次")))
