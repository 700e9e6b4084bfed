"""Officers and administrators sign in with two factors (双重验证); until they have a second one they are residents."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet

from shuzheng.engines.identity.models import Account

#: Kinds that count as a second factor; recovery codes are only a spare key.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def demanded() -> bool:
    """Say whether officers need a second factor: always, except in a demo that does not ask for it."""
    return settings.SECOND_FACTOR or not settings.DEMO


def enrolled(account: Account) -> bool:
    """Say whether an account has a second factor; signing in then always asks for it."""
    return factors(account).exists()


def factors(account: Account) -> QuerySet[Authenticator]:
    """Return an account's second factors."""
    return Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS)
