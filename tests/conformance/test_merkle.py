"""Merkle proofs against the vectors of transparency-dev/merkle (RFC 6962 and 9162, subtrees); the bad ones must fail."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.trust.ledger.tree import Hasher, consistent, extends, includes

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "merkle"
SHA256 = Hasher(lambda data: hashlib.sha256(data).digest())
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"no vectors in {VECTORS}")


def vectors(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the vectors of a folder, every hash as bytes."""
    for file in sorted((VECTORS / kind).rglob("*.json")):
        vector = json.loads(file.read_text())
        hashes = {
            key: base64.b64decode(vector[key] or "") for key in ("root", "root1", "root2", "leafHash") if key in vector
        }
        proof = [base64.b64decode(item) for item in vector.get("proof") or []]
        yield f"{file.relative_to(VECTORS)} {vector['desc']}", {**vector, **hashes, "proof": proof}


def holds(kind: str, vector: dict[str, Any]) -> bool:
    """Say what we make of a vector."""
    start = vector.get("start", 0)
    if kind.endswith("inclusion"):
        end = vector["end"] if "end" in vector else vector["treeSize"]
        roots = vector["leafHash"], vector["root"]
        return includes(SHA256, vector["leafIdx"], (start, end), roots, vector["proof"])
    roots = vector["root1"], vector["root2"]
    if kind == "consistency":
        return extends(SHA256, vector["size1"], vector["size2"], roots, vector["proof"])
    return consistent(SHA256, (start, vector["end"]), vector["size"], roots, vector["proof"])


@pytest.mark.parametrize(
    ("kind", "count"), [("inclusion", 98), ("consistency", 98), ("subtreeinclusion", 204), ("subtreeconsistency", 118)]
)
def test_every_vector_gets_the_verdict_it_wants(kind: str, count: int) -> None:
    verdicts = {name: (holds(kind, vector), not vector["wantErr"]) for name, vector in vectors(kind)}
    assert len(verdicts) == count
    assert {name: verdict for name, verdict in verdicts.items() if verdict[0] is not verdict[1]} == {}
    assert {wanted for _ours, wanted in verdicts.values()} == {True, False}
