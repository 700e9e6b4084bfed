"""Moving what earlier registers held into the one register; called by migrations only, with historical models."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex
from typing import Any

from shuzheng.kernel.moment import now, today

#: How long moved keys and capabilities hold before somebody has to look at them.
TERM = timedelta(days=365)


def unit_for(apps: Any, hint: str) -> Any:
    """Return the unit of a code or name, else the data bureau, else any unit; None where there are none."""
    units = apps.get_model("identity", "OrgUnit").objects.order_by("code")
    tries = ({"code": hint}, {"name": hint}, {"short_name": hint}, {"kind": "data-administration"}, {})
    return next((found for one in tries if (found := units.filter(**one).first())), None)


def register(apps: Any, *, id: Any, code: str, name: str, unit: Any, active: bool, account: Any = None) -> Any:
    """Return a row of the one register under the id that others refer to."""
    applications = apps.get_model("identity", "Application").objects
    taken = applications.filter(code=code).exists()
    code = f"{code[:50]}-{token_hex(2)}" if taken else code
    account = account or apps.get_model("identity", "Account").objects.create(username=f"app:{code}", password="!")  # noqa: S106 - marks a password that nothing matches
    return applications.create(
        id=id,
        code=code,
        name=name,
        unit=unit,
        division_path=unit.division_path,
        account=account,
        purpose="由原接入登记迁入，请补充用途和联系人。",
        state="online" if active else "paused",
    )


def give_key(apps: Any, application: Any, secret: str) -> None:
    """Let an application sign with the secret that it had."""
    apps.get_model("identity", "ApplicationCredential").objects.create(
        application=application,
        key_id=f"{application.code}.moved",
        kind="hmac-sm3",
        secret=secret,
        valid_to=now() + TERM,
    )


def give(apps: Any, application: Any, capability: str, things: list[str], per_day: int | None = None) -> None:
    """Grant what an application could do before."""
    apps.get_model("identity", "ApplicationCapability").objects.create(
        application=application,
        capability=capability,
        things=things,
        per_day=per_day,
        valid_from=today(),
        valid_to=today() + TERM,
        approved_at=now(),
    )
