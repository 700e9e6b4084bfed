"""The sealed samples of other people's software, and ways to alter them."""

from __future__ import annotations

from pathlib import Path

from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals.certificates import Certificate
from shuzheng.engines.documents.seals.ses import read_stamp
from shuzheng.engines.documents.seals.signatures import SignatureFile, signatures_of
from shuzheng.engines.documents.seals.trust_store import TrustStore

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "conformance" / "ofd"
#: Sealed documents of four makers; the first was stamped after its seal had expired.
SEALED = ("SESV4SignDoc", "v4signed", "V4RideRight", "SignScaleError", "999", "signedFile")


def sample(name: str) -> bytes:
    """Return a sample's bytes."""
    return (FOLDER / name).read_bytes()


def only_signature(data: bytes) -> SignatureFile:
    """Return the one signature of a document."""
    (one,) = signatures_of(Package.open(data))
    return one


def believing(data: bytes) -> TrustStore:
    """Return a trust store that pins a sample's own certificates, for their authorities are not to be had."""
    stamp = read_stamp(Package.open(data).read(only_signature(data).value))
    return TrustStore(pinned=(Certificate(stamp.certificate), Certificate(stamp.seal.maker)))


def altered(data: bytes, part: str, position: int, difference: int) -> bytes:
    """Return the document with one byte of one part changed, packed anew."""
    package = Package.open(data)
    content = bytearray(package.read(part))
    content[position % len(content)] ^= difference
    package.put(part, bytes(content))
    return package.to_bytes()
