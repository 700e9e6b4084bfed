"""From a request to an actor: who has signed in, what they may do, on whose behalf they act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from shuzheng.engines.identity import authority as authorities
from shuzheng.engines.identity import second_factor
from shuzheng.engines.identity.actors import compose, own_choice, self_choice
from shuzheng.engines.identity.authority import Authority
from shuzheng.engines.identity.errors import NoSuchParty
from shuzheng.engines.identity.models import Account, AccountSession
from shuzheng.engines.identity.parties import DUTY, SELF, PartyChoice, resolve
from shuzheng.engines.identity.session_store import ORIGIN
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now, today

#: Names inside the session.
AUTHORITY, ACTING, SEEN, FACTOR, LOST = "authority", "acting", "seen", "second_factor", "acting_lost"
#: How exactly the last use is known.
GRAIN = timedelta(minutes=1)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in a request; nobody's name if nobody has signed in.

    Costs no statement beyond session and account unless posts, roles, mandates or the day have changed.
    """
    address, correlation_id = client_address(request), getattr(request, "correlation_id", "") or new_id().hex
    if not request.user.is_authenticated:
        return Actor(name="", address=address, correlation_id=correlation_id)
    account = cast(Account, request.user)
    _keep_alive(request)
    authority = _authority(request, account)
    choice = _choice(request, account, authority)
    return compose(account, authority, choice, channel="web", address=address, correlation_id=correlation_id)


def act_as(request: HttpRequest, key: str) -> PartyChoice:
    """Choose on whose behalf the session acts from now on. Raises NoSuchParty."""
    account = cast(Account, request.user)
    choice = _resolve(request, account, _authority(request, account), key)
    request.session[ACTING] = _to_session(choice, account)
    return choice


def begin(request: HttpRequest, account: Account) -> None:
    """Mark a new session with where it began, and end the oldest beyond an officer's limit."""
    request.session[ORIGIN] = {
        "handle": str(new_id()),
        "started": now().isoformat(),
        "address": client_address(request)[:45],
        "agent": request.headers.get("User-Agent", "")[:200],
    }
    request.session[SEEN] = now().timestamp()
    if hasattr(account, "officer"):
        _end_beyond_limit(account)


def live(account_id: UUID) -> list[AccountSession]:
    """Return an account's sessions that have not ended, the latest first."""
    return list(AccountSession.objects.filter(account_id=account_id, expire_date__gt=now()).order_by("-seen_at")[:100])


def end(account_id: UUID, *, handle: UUID | None = None, keep: str | None = None) -> int:
    """End one session of an account, or all of them but the one with the key ``keep``; return how many."""
    sessions = AccountSession.objects.filter(account_id=account_id)
    if handle is not None:
        sessions = sessions.filter(handle=handle)
    return sessions.exclude(session_key=keep or "").delete()[0]


def client_address(request: HttpRequest) -> str:
    """Return the client's network address, as the server or the trusted proxy in front of it tells."""
    return request.META.get("REMOTE_ADDR") or ""


def lacks_second_factor(request: HttpRequest) -> bool:
    """Say whether an officer has signed in without the second factor that the powers of office need."""
    return request.session.get(FACTOR) is False


def take_lost(request: HttpRequest) -> str:
    """Return once the name of the party whose mandate ended during the session, or nothing."""
    return request.session.pop(LOST, "") if LOST in request.session else ""


def _end_beyond_limit(account: Account) -> None:
    """Leave room for the session that begins now."""
    for session in live(account.pk)[settings.OFFICER_SESSIONS - 1 :]:
        session.delete()


def _keep_alive(request: HttpRequest) -> None:
    """Note the use of the session once a minute; a session made without a sign-in page gets its origin here."""
    session, moment = request.session, now().timestamp()
    if ORIGIN not in session:
        begin(request, cast(Account, request.user))
    elif moment - session.get(SEEN, 0) >= GRAIN.total_seconds():
        session[SEEN] = moment


def _authority(request: HttpRequest, account: Account) -> Authority:
    kept = request.session.get(AUTHORITY)
    if kept is not None:
        authority = Authority.from_session(kept)
        if authority.fresh(account) and not lacks_second_factor(request):
            return authority
    authority = authorities.load(account)
    request.session[AUTHORITY] = authority.to_session()
    if authority.officer_id and second_factor.demanded():
        request.session[FACTOR] = second_factor.enrolled(account)
    return authority


def _choice(request: HttpRequest, account: Account, authority: Authority) -> PartyChoice:
    """Return on whose behalf the session acts, checked anew whenever anything about the account has changed."""
    kept = request.session.get(ACTING)
    if kept is None:
        return self_choice(authority) if lacks_second_factor(request) else own_choice(authority)
    if (kept["version"], kept["day"]) == (account.authority_version, authority.day):
        return _from_session(kept)
    try:
        choice = _resolve(request, account, authority, kept["key"])
    except NoSuchParty:
        request.session[LOST] = kept["name"]
        del request.session[ACTING]
        return _choice(request, account, authority)
    request.session[ACTING] = _to_session(choice, account)
    return choice


def _resolve(request: HttpRequest, account: Account, authority: Authority, key: str) -> PartyChoice:
    if key == SELF:
        return self_choice(authority)
    if key == DUTY and authority.officer_id and not lacks_second_factor(request):
        return PartyChoice(DUTY, None, "duty")
    if key == DUTY or not authority.person_id:
        raise NoSuchParty
    return resolve(UUID(authority.person_id), key)


def _to_session(choice: PartyChoice, account: Account) -> dict[str, Any]:
    party = choice.party
    return {
        "key": choice.key,
        "ground": choice.ground,
        "kind": party.kind if party else "",
        "id": str(party.id) if party else "",
        "name": party.name if party else "",
        "division": party.division if party else "",
        "mandate": str(choice.mandate_id or ""),
        "version": account.authority_version,
        "day": today().isoformat(),
    }


def _from_session(kept: dict[str, Any]) -> PartyChoice:
    party = Party(kept["kind"], UUID(kept["id"]), kept["name"], kept["division"]) if kept["id"] else None
    mandate_id = UUID(kept["mandate"]) if kept["mandate"] else None
    return PartyChoice(kept["key"], party, kept["ground"], mandate_id)
