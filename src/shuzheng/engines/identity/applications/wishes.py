"""Capabilities as they are asked for: checked against what the platform offers, kept until they are reviewed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, model_validator

from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.applications.errors import NoSuchCapability
from shuzheng.engines.identity.models import Application, ApplicationCapability
from shuzheng.kernel.error import FieldProblem
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

Code = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
#: Approvals that a production system or a capability like sealing needs.
TWO = 2


class Wish(Input):
    """A capability that is asked for: for which things, how often, from when to when."""

    capability: str = Field(max_length=40)
    things: list[Code] = Field(default=[], max_length=100)
    per_second: int = Field(default=10, ge=1, le=10_000)
    per_day: int | None = Field(default=10_000, ge=1, le=100_000_000)
    valid_from: date
    valid_to: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError(_("截止日期不能早于开始日期。"))
        return self


def check(wishes: list[Wish]) -> None:
    """Refuse what the platform does not offer. Raises NoSuchCapability."""
    problems = [
        FieldProblem(f"capabilities.{place}", text) for place, one in enumerate(wishes) if (text := _wrong(one))
    ]
    if len({one.capability for one in wishes}) < len(wishes):
        problems.append(FieldProblem("capabilities", _("同一种能力只能申请一次。")))
    if problems:
        raise NoSuchCapability(*problems)


def keep(application: Application, wishes: list[Wish], *, instead_of_all: bool = False) -> None:
    """Let these wishes wait for review instead of others of the same kinds, or of everything that waits."""
    asked = ApplicationCapability.objects.filter(application=application, approved_at=None, withdrawn_at=None)
    if not instead_of_all:
        asked = asked.filter(capability__in=[one.capability for one in wishes])
    asked.delete()
    rows = [ApplicationCapability(application=application, **one.model_dump()) for one in wishes]
    ApplicationCapability.objects.bulk_create(rows)


def approvals_for(application: Application) -> int:
    """Return how many people must approve: two for production, and for capabilities like sealing."""
    if application.environment == Application.Environment.PRODUCTION:
        return TWO
    asked = ApplicationCapability.objects.filter(
        application=application, approved_at=None, withdrawn_at=None
    ).values_list("capability", flat=True)
    return TWO if any(capabilities()[code].two_persons for code in asked) else 1


def grant(application: Application) -> None:
    """Let what waits come into force in place of what it changes."""
    moment = now()
    asked = ApplicationCapability.objects.filter(application=application, approved_at=None, withdrawn_at=None)
    kinds = list(asked.values_list("capability", flat=True))
    held = ApplicationCapability.objects.filter(application=application, approved_at__isnull=False, withdrawn_at=None)
    held.filter(capability__in=kinds).update(withdrawn_at=moment)
    asked.update(approved_at=moment)


def _wrong(wish: Wish) -> str:
    declared = capabilities().get(wish.capability)
    if declared is None:
        return _("没有“{code}”这种能力。").format(code=wish.capability)
    if declared.named and not wish.things:
        return _("“{title}”须写明{things}。").format(title=declared.title, things=declared.things)
    if declared.choices is not None:
        known = {code for code, _title in declared.choices()}
        strange = [thing for thing in wish.things if thing not in known]
        if strange:
            return _("没有这个{things}：{code}。").format(things=declared.things, code=strange[0])
    return ""
