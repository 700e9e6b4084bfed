"""What a check is, how it is tried, and how it reaches the other side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urljoin

import requests

#: Seconds that an answer may take.
PATIENCE = 10
Subject = TypeVar("Subject")


class Verdict(Enum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    #: It could not be tried here; the finding says why.
    LEFT_OUT = "left-out"


class Failed(Exception):
    """The other side does not conform; says in what."""


class LeftOut(Exception):
    """The check cannot be tried; says why."""


@dataclass(frozen=True)
class Answer:
    """What the other side answered."""

    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON. Raises Failed."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Failed(f"status {self.status}: the body is not JSON") from None


class Fetch(Protocol):
    """Sends one request: method, path, headers, body."""

    def __call__(self, method: str, path: str, headers: Mapping[str, str] = {}, body: bytes = b"") -> Answer:
        """Return the answer. Raises Failed where there is none."""
        ...


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """One thing that is promised at the boundary."""

    name: str
    #: The clause that asks for it.
    standard: str
    #: Returns what was found; raises Failed or LeftOut.
    attempt: Callable[[Subject], str] = field(repr=False)


@dataclass(frozen=True)
class Result:
    """What became of a check."""

    check: Check[Any]
    verdict: Verdict
    finding: str

    def plain(self) -> dict[str, str]:
        """Return it for a report."""
        check = self.check
        return {
            "check": check.name,
            "standard": check.standard,
            "verdict": self.verdict.value,
            "finding": self.finding,
        }


def try_all(checks: Iterable[Check[Subject]], subject: Subject) -> list[Result]:
    """Try every check; one that fails keeps none of the others from being tried."""
    return [_try(check, subject) for check in checks]


def _try(check: Check[Subject], subject: Subject) -> Result:
    try:
        return Result(check, Verdict.PASSED, check.attempt(subject))
    except LeftOut as reason:
        return Result(check, Verdict.LEFT_OUT, str(reason))
    except Failed as finding:
        return Result(check, Verdict.FAILED, str(finding))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Result(check, Verdict.FAILED, f"the answer has another form than promised: {error!r}")


def need(condition: object, finding: str) -> None:
    """Raise Failed with a finding unless the condition holds."""
    if not condition:
        raise Failed(finding)


def over_http(base_url: str) -> Fetch:
    """Return what sends requests to an address; redirects are answers like others."""

    def fetch(method: str, path: str, headers: Mapping[str, str] = {}, body: bytes = b"") -> Answer:
        url = urljoin(base_url, path) if path else base_url
        try:
            found = requests.request(
                method, url, headers=dict(headers), data=body, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException as error:
            raise Failed(f"no answer: {type(error).__name__}") from None
        return Answer(found.status_code, {k.lower(): v for k, v in found.headers.items()}, found.content)

    return fetch
