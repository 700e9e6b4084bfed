"""How fast the audit and the cryptography are, each beside its limit measured in the same run.

``python bench/trust.py`` starts a database of its own in a temporary folder and removes it afterwards.
Audit: rows written and verified per second against raw psycopg inserting, copying and reading the same columns; how fast
they are proved is measured by ``bench/ledger.py``.
Cryptography: operations per second in Python against the ``openssl speed`` command, where it knows the algorithm.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from bench.database import database

SECONDS = 2.0
BLOCK = 64 * 1024


def rate(work: Callable[[], object], units: int = 1) -> float:
    """Return units of work done per second, repeating it for about ``SECONDS``."""
    work()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        work()
        count += 1
    return count * units / (time.perf_counter() - start)


def once(work: Callable[[], object], units: int) -> float:
    """Return units per second of work that can be done only once."""
    start = time.perf_counter()
    work()
    return units / (time.perf_counter() - start)


def openssl(*arguments: str) -> list[float]:
    """Return the figures of the last line that ``openssl speed`` prints; nothing if it is absent or does not know how."""
    if shutil.which("openssl") is None:
        return []
    done = subprocess.run(
        ["openssl", "speed", "-seconds", "1", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return []
    return [float(figure) for figure in re.findall(r"(?<=\s)\d+\.\d+(?=k?(?:\s|$))", done.stdout.splitlines()[-1])]


def measure_audit(table: Table) -> None:
    """Add the audit's rows to the table."""
    from bench.trust_limits import RawAudit, entries
    from shuzheng.engines.trust.audit import write
    from shuzheng.engines.trust.ledger import sequence
    from shuzheng.engines.trust.ledger.verification import verify_ledger

    raw = RawAudit()
    single, batch = entries(1), entries(1000)
    add(
        table,
        "write 1 record and commit",
        "rows/s",
        rate(lambda: write(single)),
        rate(raw.insert_one),
        "psycopg INSERT",
    )
    add(table, "write 1,000 records", "rows/s", rate(lambda: write(batch), 1000), rate(raw.copy, 1000), "COPY")
    sequence()
    report = verify_ledger()
    if not report.sound:
        raise SystemExit(f"The ledger is broken: {report.finding}")
    add(
        table,
        f"verify {report.size:,} records",
        "rows/s",
        once(verify_ledger, report.size),
        raw.read(),
        "reading them",
    )


def measure_crypto(table: Table) -> None:
    """Add the primitives' rows to the table."""
    from shuzheng.engines.trust.crypto import blind_index, open_sealed, provider, seal

    crypto, data, key, nonce = provider(), os.urandom(BLOCK), bytes(16), bytes(12)
    pair = crypto.sm2_generate()
    signature = crypto.sm2_sign(pair.private, data[:64])
    size = ["-bytes", str(BLOCK), "-evp"]
    sm3, sm4 = (first(openssl(*size, name)) for name in ("sm3", "sm4-ctr"))
    sm2 = openssl("sm2") or [0.0, 0.0]
    add(table, "SM3, 64 KiB", "MB/s", rate(lambda: crypto.sm3(data), BLOCK) / 1e6, sm3, "openssl sm3")
    add(
        table,
        "SM4-GCM, 64 KiB",
        "MB/s",
        rate(lambda: crypto.sm4_gcm_encrypt(key, nonce, data), BLOCK) / 1e6,
        sm4,
        "openssl sm4-ctr",
    )
    add(table, "SM2 sign", "/s", rate(lambda: crypto.sm2_sign(pair.private, data[:64])), sm2[-2], "openssl sm2")
    add(
        table,
        "SM2 verify",
        "/s",
        rate(lambda: crypto.sm2_verify(pair.public, data[:64], signature)),
        sm2[-1],
        "openssl sm2",
    )
    sealed = seal("13812341234", "bench.person.mobile")
    add(table, "encrypt a field", "/s", rate(lambda: seal("13812341234", "bench.person.mobile")))
    add(table, "decrypt a field", "/s", rate(lambda: open_sealed(sealed, "bench.person.mobile")))
    add(table, "blind index", "/s", rate(lambda: blind_index("110101199003071234", "bench.person")))


def first(figures: list[float]) -> float:
    """Return megabytes per second of openssl's kilobytes, or nothing."""
    return figures[-1] / 1000 if figures else 0.0


def add(table: Table, what: str, unit: str, ours: float, limit: float = 0.0, named: str = "") -> None:
    """Add a row: our figure, the limit's, and their ratio."""
    beside = (
        (f"{limit:,.0f}", named, f"{ours / limit:.2f}")
        if limit
        else ("", f"{named} not available" if named else "", "")
    )
    table.add_row(what, f"{ours:,.0f}", unit, *beside)


def main() -> None:
    """Measure and print one table."""
    table = Table(title="trust")
    for heading in ("what", "ours", "unit", "limit", "measured with", "ratio"):
        table.add_column(heading, justify="right" if heading in ("ours", "limit", "ratio") else "left", no_wrap=True)
    with database():
        measure_audit(table)
        measure_crypto(table)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
