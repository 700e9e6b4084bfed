"""What identity hangs into the kernel: the meter of applications, and capabilities of engines that do not know of them."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.applications.capabilities import Capability, declare
from shuzheng.engines.identity.applications.errors import ApplicationStopped
from shuzheng.engines.identity.applications.meter import RegisterMeter
from shuzheng.engines.trust.ledger import heads
from shuzheng.engines.trust.policies import RECORD_EVIDENCE
from shuzheng.kernel import metering
from shuzheng.kernel.actor import Actor


def _try_evidence(actor: Actor, things: list[str]) -> str:
    """Say up to where the ledger has grown: evidence recorded now would follow."""
    head = heads.newest()
    if head is None:
        raise ApplicationStopped(gettext("账本还没有树头，暂时不能存证。"))
    return gettext("账本可用，当前树头含 {size} 条。").format(size=head.size)


metering.install(RegisterMeter())
declare(
    Capability(
        code="evidence",
        title=_("存证"),
        permission=RECORD_EVIDENCE,
        trial=_try_evidence,
        things=_("存证种类"),
        unit=_("条"),
    )
)
