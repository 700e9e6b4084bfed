"""The ledger's heads: signing them, reading them, and whose signatures count."""

from __future__ import annotations

from django.conf import settings

from shuzheng.engines.trust import signing
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.ledger.note import LOG, Checkpoint, Key, Note, Signature
from shuzheng.engines.trust.ledger.tree import Growth, Hasher
from shuzheng.engines.trust.models import TreeHead
from shuzheng.kernel.moment import now

#: Purpose of the key that signs heads.
PURPOSE = "ledger"


def hasher() -> Hasher:
    """Return how our tree is hashed: with SM3."""
    return Hasher(provider().sm3)


def origin() -> str:
    """Return the name of this installation's log."""
    return settings.SHUZHENG_LEDGER_ORIGIN


def signers() -> list[Key]:
    """Return the keys that ever signed our heads, the newest first."""
    return [Key(origin(), LOG, public) for public in signing.authentic(PURPOSE)]


def is_ours(note: Note) -> bool:
    """Say whether a note carries a signature of this log."""
    return any(note.signed_by(key, provider().sm2_verify) for key in signers())


def add_head(growth: Growth) -> TreeHead:
    """Sign the head of a tree that has grown and keep it."""
    at = now()
    text = str(Checkpoint(origin(), growth.size, growth.root, (f"time {int(at.timestamp())}",)))
    given = signing.sign(PURPOSE, text.encode())
    key = Key(origin(), LOG, given.public)
    note = Note(text, (Signature(key.name, key.id, given.value),))
    return TreeHead.objects.create(
        size=growth.size, at=at, root=growth.root, frontier=b"".join(growth.frontier), note=str(note)
    )


def newest() -> TreeHead | None:
    """Return the newest head."""
    return TreeHead.objects.order_by("-size").first()


def growth_of(head: TreeHead | None) -> Growth:
    """Return the tree of a head, ready to grow on."""
    if head is None:
        return Growth(hasher())
    kept = bytes(head.frontier)
    return Growth(hasher(), head.size, [kept[at : at + 32] for at in range(0, len(kept), 32)])
