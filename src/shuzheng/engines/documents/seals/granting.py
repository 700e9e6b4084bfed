"""Finding the grant under which a seal is used, and counting the use (精准授权)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shuzheng.engines.documents.seals.errors import GrantSpent, NeedsApproval, NotGranted, OutsideGrant
from shuzheng.engines.documents.seals.models import Seal, SealGrant
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today


@dataclass(frozen=True)
class Wish:
    """What somebody wants a seal for."""

    document_kind: str
    item_code: str = ""
    #: An application of the middle platform, in whose name the actor calls.
    application_id: UUID | None = None


def held(actor: Actor, wish: Wish) -> Q:
    """Return the condition that a grant was given to the actor: personally, by post, as an application or a process."""
    if wish.application_id is not None:
        return Q(application_id=wish.application_id)
    if actor.channel == "system":
        return Q(process=True)
    holders = Q(officer_id=actor.officer_id) if actor.officer_id else Q(pk=None)
    for unit_id, post_code in actor.posts:
        holders |= Q(unit_id=unit_id, post_code=post_code)
    return holders


def grants_of(actor: Actor) -> Q:
    """Return the condition of all grants that an officer holds and that are in force today."""
    return held(actor, Wish("")) & in_force()


def in_force() -> Q:
    """Return the condition that a grant holds today."""
    day = today()
    return Q(revoked_at=None, valid_from__lte=day, valid_to__gte=day)


def find(actor: Actor, seal: Seal, wish: Wish, *, approved: UUID | None = None, asking: bool = False) -> SealGrant:
    """Return the grant that covers a wish; ``approved`` names the grant of an approved request, ``asking`` seeks one for it.

    Raises NotGranted, OutsideGrant, GrantSpent or NeedsApproval, whichever says best what is missing.
    """
    offered = list(
        SealGrant.objects.filter(held(actor, wish) & in_force(), seal=seal).order_by("-standing", "valid_to")
    )
    if approved is not None:
        offered = [grant for grant in offered if grant.pk == approved]
    if not offered:
        raise NotGranted
    refusals = [(grant, _refusal(grant, actor, wish, asking or approved is not None)) for grant in offered]
    fitting = next((grant for grant, refusal in refusals if refusal is None), None)
    if fitting is None:
        raise min((refusal for _grant, refusal in refusals if refusal), key=_closeness)
    return fitting


def count(grant: SealGrant) -> None:
    """Count one use; of two who take the last one, the second is refused. Raises GrantSpent."""
    if grant.most_uses is None:
        return
    locked = SealGrant.objects.select_for_update().get(pk=grant.pk)
    if locked.spent or locked.revoked_at is not None:
        raise GrantSpent(most=grant.most_uses)
    locked.used += 1
    locked.save(update_fields=["used"])


def _refusal(grant: SealGrant, actor: Actor, wish: Wish, approved: bool) -> Exception | None:
    """Return why a grant does not cover a wish, or nothing."""
    checks: list[tuple[bool, Callable[[], Exception]]] = [
        (wish.document_kind in grant.document_kinds, lambda: _outside(_("文书类型"), grant.document_kinds)),
        (_covers_item(grant, wish.item_code), lambda: _outside(_("事项"), grant.item_codes)),
        (_in_place(grant, actor.address), lambda: _outside(_("用印地点"), [grant.place or ", ".join(grant.networks)])),
        (not grant.spent, lambda: GrantSpent(most=grant.most_uses)),
        (approved or grant.standing, NeedsApproval),
    ]
    return next((refuse() for fits, refuse in checks if not fits), None)


def _covers_item(grant: SealGrant, item_code: str) -> bool:
    return item_code in grant.item_codes if item_code else not grant.item_codes


def _in_place(grant: SealGrant, address: str) -> bool:
    if not grant.networks:
        return True
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in ip_network(network, strict=False) for network in grant.networks)


def _outside(what: str, scope: list[str]) -> OutsideGrant:
    return OutsideGrant(what=what, scope="、".join(scope) or _("不属于任何事项的文书"))


def _closeness(refusal: Exception) -> int:
    """Order refusals by how little is missing."""
    return [NeedsApproval, GrantSpent, OutsideGrant].index(type(refusal))
