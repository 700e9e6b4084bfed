"""Real-name verification (实名核验): do name, id number and mobile number belong together?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from shuzheng.engines.identity.models import Person
from shuzheng.kernel.error import Unavailable


class RealNameGateway(ABC):
    """The authority that knows who is who: the population register and the carriers (三要素核验)."""

    @abstractmethod
    def verify(self, name: str, id_number: str, mobile: str) -> bool:
        """Say whether the three belong to one person. Raises Unavailable."""


class DemoRealNameGateway(RealNameGateway):
    """Asks the platform's own table of persons, which in a demo is the synthetic population."""

    def verify(self, name: str, id_number: str, mobile: str) -> bool:
        """Say whether a known person has this name, id number and, if any is known, mobile number."""
        person = Person.objects.by_id_number(id_number)
        return person is not None and person.name == name and person.mobile in ("", mobile)


class FailingRealNameGateway(RealNameGateway):
    """Is never reachable; for tests of what happens then."""

    def verify(self, name: str, id_number: str, mobile: str) -> bool:
        """Raise Unavailable."""
        raise Unavailable


@cache
def _of(path: str) -> RealNameGateway:
    return import_string(path)()


def gateway() -> RealNameGateway:
    """Return the gateway that the settings name."""
    return _of(settings.REAL_NAME_GATEWAY)
