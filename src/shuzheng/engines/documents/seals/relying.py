"""Whether an intact stamp may be relied on, whatever its format: the moment that counts, revocation, standing, ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from shuzheng.engines.documents.seals import timestamp_proof
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.trust_store import TrustStore
from shuzheng.kernel.moment import local

#: By how much a stamper's clock may run ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)


def settle_time(
    claimed: datetime, stamped: tuple[bytes | None, bytes], trust: TrustStore, at: datetime, check: SealCheck
) -> datetime:
    """Return the moment at which certificates and standing are judged.

    It is the earliest that somebody else than the stamper proves, by a time stamp or the public ledger; without proof it is
    what the stamper wrote. ``stamped`` is the token, if any, and the value of the signature that it is about.
    """
    token, value = stamped
    proofs = []
    if token is not None:
        judged = timestamp_proof.judge(token, value, trust.time)
        told = "" if judged.at is None else f"{local(judged.at):%Y-%m-%d %H:%M:%S}"
        check.add(judged.code, authority=judged.authority, at=told)
        proofs += [judged.proved] if judged.proved else []
    check.logged = trust.logged(check.digest)
    proofs += [check.logged.at] if check.logged else []
    check.proved_at = min(proofs, default=None)
    when = check.proved_at or claimed
    if max(claimed, when) > at + CLOCKS_DIFFER:
        check.add("in-future")
    if abs(when - claimed) > CLOCKS_DIFFER:
        check.add("time-differs", at=f"{local(when):%Y-%m-%d %H:%M:%S}")
    return when


def check_revocation(revoked: datetime | None, when: datetime, check: SealCheck) -> None:
    """Say what a revocation means: nothing for a stamp that is proved to be older, and only for that."""
    if revoked is None:
        return
    if revoked <= when:
        check.add("revoked", since=day(revoked))
    else:
        check.add("revoked-later" if check.proved_at else "revoked-unproven", since=day(revoked))


def check_service(when: datetime, trust: TrustStore, check: SealCheck) -> None:
    """Ask the seal service about a seal of its own; of others it knows nothing."""
    standing, logged = trust.standing(check.seal_code), check.logged
    if standing is not None and standing.state in ("frozen", "revoked") and standing.since <= when:
        check.add(f"seal-{standing.state}", since=day(standing.since))
    if logged is not None:
        check.add("in-ledger", at=day(logged.at), entry=logged.entry)
    elif standing is not None:
        check.add("not-in-ledger")
    if check.proved_at is None:
        check.add("time-claimed")


def day(moment: datetime) -> str:
    """Return the day of a moment as findings write it."""
    return f"{local(moment):%Y-%m-%d}"
