"""HTTP API of licences for other systems (电子证照共享服务接口, in the shape of GB/T 36906): catalogue, verification, use."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router
from pydantic import BaseModel, Field

from shuzheng.engines.documents.credentials import verifying
from shuzheng.engines.documents.credentials.actions.using import UseCredentialAsSystem
from shuzheng.engines.documents.credentials.content import title_of
from shuzheng.engines.documents.credentials.policies import SHARE
from shuzheng.engines.documents.credentials.standing import Standing
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.documents.credentials.uses import UsedCredential
from shuzheng.kernel.api import Allow
from shuzheng.kernel.definition import Stored, get, listing
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC

router = Router()


class ElementOut(BaseModel):
    """A metadata element of a type."""

    name: str
    title: str
    #: Code of the element in the vocabulary.
    element: str
    required: bool
    #: Shown to whoever verifies.
    public: bool


class TypeOut(BaseModel):
    """A type of licence (GB/T 36902)."""

    code: str
    title: str
    type_code: str
    category: str
    #: Kinds of bureaus that issue it, and service items by which it is issued.
    issuers: list[str]
    items: list[str]
    legal_basis: list[str]
    version: str


class WholeTypeOut(TypeOut):
    """A type with its metadata elements (GB/T 36903)."""

    elements: list[ElementOut]


class StandingOut(BaseModel):
    """How a licence stands."""

    state: str
    title: str
    since: str = ""


class VerdictOut(BaseModel):
    """What the public is told of a licence."""

    identifier: str
    title: str
    issuer: str
    valid_from: date
    valid_until: date | None
    standing: StandingOut
    #: How it stood on the day asked for.
    then: StandingOut | None = None
    #: Only for whoever has the printed code: number, digest of the original, holder and public elements, masked.
    number: str = ""
    digest: str = ""
    holder: str = ""
    elements: dict[str, str] = {}


class UseIn(BaseModel):
    """On what authorisation, for what, on whose behalf."""

    authorisation: str = Field(max_length=40)
    purpose: str = Field(min_length=2, max_length=200)
    organisation: str = Field(default="", max_length=200)


@router.get("/types", auth=Allow(PUBLIC), response=list[TypeOut])
def types(request: Request) -> list[TypeOut]:
    """Return the catalogue of types in force."""
    return [TypeOut(**_summary(stored)) for stored in listing(KIND)]


@router.get("/types/{code}", auth=Allow(PUBLIC), response=WholeTypeOut)
def one_type(request: Request, code: str) -> WholeTypeOut:
    """Return a type with its metadata elements. Raises NoDefinition."""
    stored = get(KIND, code)
    elements = [
        ElementOut(
            name=one.name, title=title_of(one), element=one.element, required=not one.optional, public=one.public
        )
        for one in stored.body.elements
    ]
    return WholeTypeOut(**_summary(stored), elements=elements)


@router.get("/verify/{code}", auth=Allow(PUBLIC), response=VerdictOut)
def verify(request: Request, code: str, on: date | None = None) -> VerdictOut:
    """Say how a licence stands, by printed code or identifier. Raises NoSuchCredential, TooManyQueries."""
    verdict = verifying.verify(code, request.META.get("REMOTE_ADDR", ""), on)
    found = verdict.credential
    secret = {"number": found.number, "digest": found.digest, "holder": verdict.holder} if verdict.whole else {}
    return VerdictOut(
        identifier=found.identifier,
        title=found.title,
        issuer=found.unit.name,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        standing=_standing(verdict.standing),
        then=_standing(verdict.then) if verdict.then else None,
        elements=dict(verdict.elements),
        **secret,
    )


@router.post("/uses", auth=Allow(SHARE), response=UsedCredential)
def use(request: Request, given: UseIn) -> UsedCredential:
    """Use a licence under the holder's authorisation; the holder sees it. Raises NotAuthorised."""
    return UseCredentialAsSystem.do(request.actor, given.model_dump(exclude_defaults=True))


def _summary(stored: Stored[CredentialType]) -> dict[str, Any]:
    body = stored.body
    plain = body.model_dump(include={"code", "title", "type_code", "category"})
    lists = {name: list(getattr(body, name)) for name in ("issuers", "items", "legal_basis")}
    return {**plain, **lists, "version": stored.version}


def _standing(found: Standing) -> StandingOut:
    since = found.since.isoformat() if found.since else ""
    return StandingOut(state=found.state, title=str(found.title), since=since)
