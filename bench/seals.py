"""How fast documents are stamped and stamps are checked, beside bare SM2 and SM3 over the same bytes in the same run.

``python -m bench.seals`` starts a database of its own in a temporary folder and removes it afterwards. The limit of
stamping is the SM3 of every part and one SM2 signature, that of checking the same digests and two SM2 verifications (the
seal's and the stamp's); zip, XML, ASN.1, grant, log, ledger and storage are what comes on top. ``--quick`` does few.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.database import database

ROUNDS, QUICK = 400, 20
#: A document a second for each of forty counties' halls at once; verification is done by anybody at any time.
GOALS = {"stamp": 0.10, "desk": 0.02, "check": 0.15, "page": 0.05}


@dataclass(frozen=True)
class Timing:
    """Calls a second, and how long all but one in a hundred took at most."""

    rate: float
    #: Milliseconds.
    p99: float


def timed(work: Callable[[], object], rounds: int) -> Timing:
    """Time each of several calls."""
    work()
    spans = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    return Timing(rounds / sum(spans), sorted(spans)[max(0, round(rounds * 0.99) - 1)] * 1000)


@dataclass(frozen=True)
class Bench:
    """What is measured on: a clerk with a standing grant, a document handed in, and one stamped."""

    clerk: Any
    seal: Any
    data: bytes
    stamped: bytes

    def order(self) -> Any:
        """Return an order for the desk."""
        from shuzheng.engines.documents.seals.desk import Order
        from shuzheng.engines.documents.seals.granting import Wish
        from shuzheng.engines.documents.seals.places import OnPage

        return Order(self.seal.code, Wish("decision"), "bench.ofd", OnPage(1, 130, 220))

    def at_the_desk(self) -> bytes:
        """Stamp with everything around it: grant, log, ledger, storage, one transaction."""
        from django.db import transaction

        from shuzheng.engines.documents.seals import desk, results

        with transaction.atomic():
            data, _use = desk.stamp(self.clerk, self.order(), self.data)
            results.keep(self.clerk, data, "bench.ofd", results.OFD)
        return data

    def stamp(self) -> object:
        """Stamp in memory."""
        from shuzheng.engines.documents.seals.keys import seal_keys
        from shuzheng.engines.documents.seals.places import OnPage
        from shuzheng.engines.documents.seals.stamping import Signer, stamp_ofd
        from shuzheng.kernel.moment import now

        certificate = self.seal.certificate
        signer = Signer(bytes(certificate.der), lambda told: seal_keys().sign(certificate.key, told))
        return stamp_ofd(self.data, bytes(self.seal.data), signer, place=OnPage(1, 130, 220), at=now())


def prepare() -> Bench:
    """Make a bureau, its seal, its clerk and a stamped document of three pages."""
    from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer
    from shuzheng.testing.seals import a_document, a_grant, a_seal

    unit = a_unit("administrative-approval", name="赣州市章贡区行政审批局")
    officer = an_officer("李国华", unit=unit)
    seal = a_seal(unit)
    a_grant(seal, officer, standing=True)
    bench = Bench(actor_of_officer(officer), seal, a_document(pages=3), b"")
    return Bench(bench.clerk, seal, bench.data, bench.at_the_desk())


def bare(parts: list[bytes], signatures: Callable[[], object]) -> Callable[[], None]:
    """Return the least that must be computed: the digest of every part, and the signatures."""
    from shuzheng.engines.trust.crypto import provider

    def work() -> None:
        for part in parts:
            provider().sm3(part)
        signatures()

    return work


def limits(bench: Bench, rounds: int) -> tuple[Timing, Timing]:
    """Return the limits of stamping and of checking."""
    from shuzheng.engines.documents.ofd.package import Package
    from shuzheng.engines.trust.crypto import provider

    package = Package.open(bench.stamped)
    parts = [package.read(name) for name in package.names()]
    pair = provider().sm2_generate()
    told = provider().sm3(bench.stamped) * 8
    signature = provider().sm2_sign(pair.private, told)

    def verify_twice() -> None:
        for _ in range(2):
            provider().sm2_verify(pair.public, told, signature)

    signing = timed(bare(parts, lambda: provider().sm2_sign(pair.private, told)), rounds)
    return signing, timed(bare(parts, verify_twice), rounds)


def measure(bench: Bench, rounds: int, table: Table) -> None:
    """Measure everything and fill the table."""
    from shuzheng.engines.documents.seals.reading import check_document
    from shuzheng.engines.documents.seals.trusting import our_trust
    from shuzheng.engines.documents.seals.verify import verify_ofd

    (check,) = check_document(bench.stamped)
    assert check.valid, check.findings
    trust = our_trust()
    signing, verifying = limits(bench, rounds)
    lines = (
        ("stamp a document", "stamp", bench.stamp, signing),
        ("stamp with grant, log, ledger", "desk", bench.at_the_desk, signing),
        ("check a stamp", "check", lambda: verify_ofd(bench.stamped, trust=trust), verifying),
        ("check with standing, ledger", "page", lambda: check_document(bench.stamped), verifying),
    )
    for title, goal, work, limit in lines:
        found = timed(work, rounds)
        ratio = found.rate / limit.rate
        mark = "✓" if ratio >= GOALS[goal] else "✗"
        shown = (f"{found.rate:,.0f}/s", f"{found.p99:.1f} ms", f"{limit.rate:,.0f}/s", f"{ratio:.2f}")
        table.add_row(title, *shown, f"{mark} {GOALS[goal]:.2f}")


def main() -> None:
    """Print the table."""
    rounds = QUICK if "--quick" in sys.argv else ROUNDS
    table = Table(title="seals", title_justify="left")
    for column in ("what", "ours", "p99", "SM2 + SM3 alone", "ratio", "goal"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with database():
        measure(prepare(), rounds, table)
    Console().print(table)


if __name__ == "__main__":
    main()
