"""From a signed call to an actor: the one place where connected applications prove who they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpResponse

from shuzheng.engines.identity.applications import key_kinds, signing
from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.applications.errors import (
    AddressNotAllowed,
    ApplicationStopped,
    BadSignature,
    ClockSkew,
    CredentialEnded,
    MalformedSignature,
    Replayed,
)
from shuzheng.engines.identity.models import (
    Application,
    ApplicationCall,
    ApplicationCapability,
    ApplicationCredential,
)
from shuzheng.engines.identity.policies import TRY_CONNECTION
from shuzheng.engines.identity.sessions import client_address
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import local, now, today
from shuzheng.kernel.refusals import worth_recording

#: Seconds by which the two clocks may differ.
SKEW = 300
#: How exactly the last use of a key is known.
GRAIN = timedelta(minutes=1)
CALLING = frozenset({Application.State.TESTING, Application.State.ONLINE})


def is_signed(request: Request) -> bool:
    """Say whether a request claims to come from an application."""
    return request.path.startswith("/api/") and "Signature-Input" in request.headers


def message_of(request: Request) -> signing.Message:
    """Return the parts of a request that can be signed."""
    path, _mark, _query = request.get_full_path().partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return signing.Message(str(request.method), path, request.META.get("QUERY_STRING", ""), headers, request.body)


def authenticate(request: Request) -> tuple[Actor, ApplicationCall]:
    """Return the application as the actor, and the record of its call.

    Raises MalformedSignature, BadSignature, ClockSkew, CredentialEnded, AddressNotAllowed, ApplicationStopped, Replayed.
    A refusal of a known application is on its record.
    """
    message = message_of(request)
    try:
        signature = signing.read(message)
        told = signature.base(message)
        intact = signing.digest_holds(message)
    except signing.Malformed as problem:
        raise MalformedSignature(missing=str(problem)) from None
    credential = _credential(signature.key_id)
    if credential is None:
        raise BadSignature
    call = _call(request, credential, signature.nonce)
    try:
        _require_signed(signature, told, credential, intact=intact)
        _require_welcome(request, signature, credential)
        _use_up(call)
    except ShuzhengError as refusal:
        _record_refusal(call, refusal)
        raise
    _note_use(credential)
    told = {"address": client_address(request), "correlation_id": request.correlation_id}
    return actor_of(credential.application, **told), call


def note_outcome(call: ApplicationCall, response: HttpResponse) -> None:
    """Write how a call was answered; the code of a refusal is read from its problem details."""
    problem = ""
    if response.get("Content-Type", "").startswith("application/problem+json"):
        problem = str(json.loads(response.content).get("code", ""))[:60]
    ApplicationCall.objects.filter(pk=call.pk).update(status=response.status_code, problem=problem)


def actor_of(application: Application, *, address: str = "", correlation_id: str = "") -> Actor:
    """Return an application as an actor, with what it may do today and nothing else."""
    scope, grants = str(application.division_path), {Grant(TRY_CONNECTION, str(application.division_path))}
    if application.state == Application.State.ONLINE:
        grants |= set(_grants(application, scope))
    return Actor(
        name=application.name,
        account_id=application.account_id,
        application_id=application.pk,
        application=application.code,
        channel="api",
        address=address,
        grants=frozenset(grants),
        correlation_id=correlation_id or new_id().hex,
    )


def _grants(application: Application, scope: str) -> Iterable[Grant]:
    rows = ApplicationCapability.objects.filter(application=application, withdrawn_at=None, approved_at__isnull=False)
    for one in rows:
        declared = capabilities().get(one.capability)
        if declared and declared.permission and one.in_force(today()):
            yield Grant(declared.permission, scope, frozenset(one.things))


def _credential(key_id: str) -> ApplicationCredential | None:
    return ApplicationCredential.objects.select_related("application").filter(key_id=key_id).first()


def _require_signed(
    signature: signing.Signature, told: bytes, credential: ApplicationCredential, *, intact: bool
) -> None:
    """Raise BadSignature, from which nothing is told of the application to whoever does not hold its key."""
    kind = credential.kind
    fitting = signature.algorithm in ("", kind) and key_kinds.holds(
        kind, credential.secret, credential.public_key, told, signature.value
    )
    if not fitting or not intact:
        raise BadSignature


def _require_welcome(request: Request, signature: signing.Signature, credential: ApplicationCredential) -> None:
    moment, application = now(), credential.application
    apart = abs(round(moment.timestamp()) - signature.created)
    if apart > SKEW:
        raise ClockSkew(seconds=apart, most=SKEW, server=f"{local(moment):%Y-%m-%d %H:%M:%S}")
    if not credential.live(moment):
        raise CredentialEnded
    if application.state not in CALLING:
        raise ApplicationStopped(state=Application.State(application.state).label)
    address = client_address(request)
    if application.networks and not _within(address, application.networks):
        raise AddressNotAllowed(address=address)


def _within(address: str, networks: list[str]) -> bool:
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in ip_network(network, strict=False) for network in networks)


def _call(request: Request, credential: ApplicationCredential, nonce: str) -> ApplicationCall:
    return ApplicationCall(
        application_id=credential.application_id,
        nonce=nonce,
        key_id=credential.key_id,
        at=now(),
        method=str(request.method)[:8],
        path=request.path[:200],
        address=client_address(request)[:45],
        correlation_id=request.correlation_id,
    )


def _use_up(call: ApplicationCall) -> None:
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        raise Replayed from None


def _record_refusal(call: ApplicationCall, refusal: ShuzhengError) -> None:
    """Put a refusal on the application's record, of each network only so many a minute."""
    if worth_recording(call.address) is None:
        return
    call.nonce, call.status, call.problem = "", refusal.status, refusal.code
    call.save(force_insert=True)


def _note_use(credential: ApplicationCredential) -> None:
    old = Q(used_at=None) | Q(used_at__lt=now() - GRAIN)
    if credential.used_at is None or credential.used_at < now() - GRAIN:
        ApplicationCredential.objects.filter(old, pk=credential.pk).update(used_at=now())
