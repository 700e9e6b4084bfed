"""Trying an application's signature and capabilities before it works (联调)."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.applications.errors import TriedTooOften
from shuzheng.engines.identity.models import Application, ApplicationCapability, ApplicationCredential, ApplicationTrial
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.moment import now, today

SIGNATURE = "signature"


def spend(actor: Actor, code: str) -> None:
    """Count a trial of a capability, or of the signature. Raises TriedTooOften.

    A trial may call out, so one a minute; the signature costs next to nothing, so that a script may ask for a while.
    """
    most, minute = (30 if code == SIGNATURE else 1), int(now().timestamp()) // 60
    place = f"identity:trial:{actor.application_id}:{code}:{minute}"
    cache.add(place, 0, timeout=120)
    if cache.incr(place) > most:
        raise TriedTooOften


def held(actor: Actor, code: str) -> ApplicationCapability:
    """Return a capability that the calling application was approved for. Raises NotFound."""
    rows = ApplicationCapability.objects.filter(
        application_id=actor.application_id, capability=code, approved_at__isnull=False, withdrawn_at=None
    )
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def attempt(actor: Actor, capability: ApplicationCapability) -> tuple[bool, str]:
    """Try a capability without doing anything, and return whether it would work and what was found."""
    if not capability.in_force(today()):
        return False, _("能力不在有效期内。")
    try:
        return True, capabilities()[capability.capability].trial(actor, list(capability.things))
    except ShuzhengError as problem:
        return False, str(problem)


def missing(application: Application) -> list[str]:
    """Return what still keeps an application from going online, in words."""
    passed = set(
        ApplicationTrial.objects.filter(application=application, passed=True).values_list("capability", flat=True)
    )
    rows = ApplicationCapability.objects.filter(application=application, approved_at__isnull=False, withdrawn_at=None)
    codes = list(rows.values_list("capability", flat=True))
    found = [] if SIGNATURE in passed else [_("签名自检")]
    found += [str(capabilities()[code].title) for code in codes if code not in passed]
    if application.environment != Application.Environment.PRODUCTION:
        found.append(_("测试环境的应用须先申请转为生产"))
    if application.approvals_left:
        found.append(_("有申请尚未审核"))
    if not codes:
        found.append(_("没有任何能力"))
    if not ApplicationCredential.objects.filter(application=application, revoked_at=None, valid_to__gt=now()).exists():
        found.append(_("没有有效的密钥"))
    return found
