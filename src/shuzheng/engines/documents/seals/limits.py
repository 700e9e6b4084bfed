"""How often one address may have documents checked."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.trust.crypto import blind_index
from shuzheng.kernel.error import TooMany
from shuzheng.kernel.moment import now

#: Documents an address may have checked in a minute; an office shares one address.
MOST = 30


class TooManyChecks(TooMany):
    """An address asked too often."""

    code = "too-many-checks"
    message = _("同一网络一分钟内查验的文件太多，这一份没有查验。请一分钟后再试。")


def spend(address: str) -> None:
    """Count one check of an address, which is kept for a minute and only as a blind index. Raises TooManyChecks."""
    minute = int(now().timestamp()) // 60
    place = f"seals:verify:{blind_index(address, 'documents.verify')}:{minute}"
    cache.add(place, 0, timeout=120)
    if cache.incr(place) > MOST:
        raise TooManyChecks
