"""Reserving (预留办件编号): numbers for cases that do not exist yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.casework.models import NumberReservation
from shuzheng.engines.casework.numbers import number_code
from shuzheng.engines.casework.policies import ACCEPT
from shuzheng.engines.casework.serving import place_served
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today
from shuzheng.kernel.number import reserve_case_numbers


class ReserveNumbersInput(Input):
    """How many numbers a window wants for an item."""

    item_code: str = Field(max_length=120)
    division_code: str = Field(pattern=r"^\d{12}$")
    count: int = Field(default=1, ge=1, le=1000)


class NumbersReserved(BaseModel):
    """The numbers, in order."""

    numbers: list[str]


class ReserveNumbers(Action[ReserveNumbersInput, NumbersReserved]):
    """Reserve case numbers before their cases exist (预留办件编号), for a window or for paper forms."""

    name = "casework.reserve_numbers"
    permission = ACCEPT
    title = _("预留办件编号")

    def scope(self, actor: Actor, given: ReserveNumbersInput) -> str:
        """Require the permission where the numbers will be used."""
        return str(self._place(given).path)

    def _place(self, given: ReserveNumbersInput) -> Division:
        return place_served(get("service_item", given.item_code).body, given.division_code)

    def perform(self, actor: Actor, given: ReserveNumbersInput) -> NumbersReserved:
        """Take the numbers and remember who has them. Raises ServedElsewhere."""
        item, place = get("service_item", given.item_code).body, self._place(given)
        numbers = reserve_case_numbers(place.code, number_code(item), today(), given.count)
        NumberReservation.objects.bulk_create(
            NumberReservation(
                number=number,
                division_code=place.code,
                item_code=item.code,
                reserved_by=actor.officer_id,
            )
            for number in numbers
        )
        self.about(None, item=item.code, count=given.count)
        return NumbersReserved(numbers=numbers)
