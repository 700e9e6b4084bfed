"""Failed sign-ins, counted in the database for all processes together (ASVS 2.2.1)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q

from shuzheng.engines.identity.errors import SignInLocked
from shuzheng.engines.identity.models import Account, SignInFailure
from shuzheng.engines.trust.crypto import blind_index
from shuzheng.kernel.moment import now


def target_of(account: Account | None, typed: str = "") -> str:
    """Return what failures are counted for: the account, or what was typed where there is none."""
    return blind_index(str(account.pk) if account else typed, "identity.sign_in_target")


def reserve(target: str, address: str) -> SignInFailure:
    """Count an attempt as failed before it is checked, so that attempts side by side cannot slip through.

    Raises SignInLocked when there were too many; then the attempt itself does not prolong the lock.
    """
    attempt = SignInFailure.objects.create(target=target, address=address)
    since = now() - timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)
    recent = SignInFailure.objects.filter(Q(target=target) | Q(address=address), at__gt=since)
    counts = recent.aggregate(
        target=Count("id", filter=Q(target=target)), address=Count("id", filter=Q(address=address))
    )
    if counts["target"] > settings.SIGN_IN_FAILURES or counts["address"] > settings.SIGN_IN_FAILURES_PER_ADDRESS:
        attempt.delete()
        raise SignInLocked(minutes=settings.SIGN_IN_WINDOW_MINUTES)
    return attempt


def clear(target: str) -> None:
    """Forget the failures of a target after it has signed in."""
    SignInFailure.objects.filter(target=target).delete()


def sweep() -> int:
    """Delete what is older than a day and return how many."""
    return SignInFailure.objects.filter(at__lt=now() - timedelta(days=1)).delete()[0]
