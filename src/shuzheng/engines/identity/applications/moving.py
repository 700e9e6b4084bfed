"""Moving what earlier registers held into the one register; called by migrations only, with historical models."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex
from typing import Any

from shuzheng.kernel.moment import now, today

#: How long moved keys and capabilities hold before somebody has to look at them.
TERM = timedelta(days=365)


class NoUnit(RuntimeError):
    """Nobody can answer for what earlier registers held."""


def unit_for(apps: Any, hint: str) -> Any:
    """Return the unit of a code or name, else the data bureau, which runs the register; no other unit is guessed at.

    Raises NoUnit.
    """
    units = apps.get_model("identity", "OrgUnit").objects.order_by("code")
    tries = ({"code": hint}, {"name": hint}, {"short_name": hint}, {"kind": "data-administration"})
    found = next((found for one in tries if (found := units.filter(**one).first())), None)
    if found is None:
        raise NoUnit(
            f"No unit has the code or name {hint!r}, and there is no data bureau (kind data-administration) to answer for "
            "its connected systems. Enter one of them with the version before, then migrate again. "
            "请先用原版本录入该单位或数据主管部门，再执行迁移。"
        )
    return found


def register(apps: Any, *, id: Any, code: str, name: str, unit: Any, active: bool, account: Any = None) -> Any:
    """Return a row of the one register under the id that others refer to."""
    applications = apps.get_model("identity", "Application").objects
    taken = applications.filter(code=code).exists()
    code = f"{code[:50]}-{token_hex(2)}" if taken else code
    account = account or _account(apps, f"app:{code}")
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


def _account(apps: Any, username: str) -> Any:
    """Return a new account; another register may have given the name to one of its own."""
    accounts = apps.get_model("identity", "Account").objects
    taken = accounts.filter(username=username).exists()
    return accounts.create(username=f"{username}-{token_hex(2)}" if taken else username, password="!")  # noqa: S106 - marks a password that nothing matches


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
