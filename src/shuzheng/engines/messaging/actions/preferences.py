"""What one wants to be told, by which way, and when not (接收偏好)."""

from __future__ import annotations

from datetime import time
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.categories import CATEGORIES
from shuzheng.engines.messaging.errors import Compulsory
from shuzheng.engines.messaging.models import Preference, QuietHours
from shuzheng.engines.messaging.queries import owner_of
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class Choice(Input):
    """Yes or no to one category by one way."""

    category: str = Field(max_length=20)
    channel: Literal["inbox", "email", "sms"]
    wanted: bool


class ChooseInput(Input):
    """Choices to keep; what is not named stays as it was."""

    choices: list[Choice] = Field(min_length=1, max_length=60)


class Choose(Action[ChooseInput, None]):
    """Say what one wants to be told and by which way (设置接收偏好).

    Raises NotFound for an unknown category, and Compulsory where the law lets nobody decline.
    """

    name = "messaging.choose"
    permission = SIGNED_IN
    title = _("设置接收偏好")

    def check(self, actor: Actor, given: ChooseInput) -> None:
        """Refuse to decline what is compulsory."""
        if owner_of(actor) is None:
            raise NotPermitted
        for choice in given.choices:
            if choice.category not in CATEGORIES:
                raise NotFound
            if CATEGORIES[choice.category].compulsory and not choice.wanted:
                raise Compulsory

    def perform(self, actor: Actor, given: ChooseInput) -> None:
        """Keep the choices."""
        Preference.objects.bulk_create(
            [Preference(owner=owner_of(actor), **choice.model_dump()) for choice in given.choices],
            update_conflicts=True,
            unique_fields=["owner", "category", "channel"],
            update_fields=["wanted", "changed_at"],
        )
        self.about(choices=len(given.choices), at=now().isoformat())


class SetQuietHoursInput(Input):
    """From when until when, in local time."""

    starts: time
    ends: time
    #: False: notices may come at any hour.
    kept: bool = True
    #: Quiet all day on days off as well.
    days_off: bool = False


class SetQuietHours(Action[SetQuietHoursInput, None]):
    """Say when one is not to be disturbed outside the inbox (设置免打扰时段); urgent messages come all the same."""

    name = "messaging.set_quiet_hours"
    permission = SIGNED_IN
    title = _("设置免打扰时段")

    def perform(self, actor: Actor, given: SetQuietHoursInput) -> None:
        """Keep the hours."""
        owner = owner_of(actor)
        if owner is None:
            raise NotPermitted
        QuietHours.objects.update_or_create(owner=owner, defaults=given.model_dump())
        self.about(kept=given.kept)
