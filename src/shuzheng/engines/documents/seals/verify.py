"""The verifier: is this document sealed, by whom, when, and may one rely on it? (GB/T 38540-2020 §7, GB/T 33190-2016 §18)

Two questions are kept apart. A stamp is *intact* when content, seal and signature fit together to the last byte; it is
*valid* when it is intact and the certificates, times, standing and ledger say that it may be relied on.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import ROOT, Package
from shuzheng.engines.documents.seals import signatures
from shuzheng.engines.documents.seals.algorithms import sm2_verifies
from shuzheng.engines.documents.seals.certificates import Certificate, CertificateUnreadable, certificate
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.relying import check_revocation, check_service, day, settle_time
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3, USUAL, Seal, SesUnreadable, Stamp, read_seal, read_stamp
from shuzheng.engines.documents.seals.signatures import SignatureFile
from shuzheng.engines.documents.seals.trust_store import TrustStore
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.moment import now


def verify_ofd(data: bytes, *, trust: TrustStore, at: datetime | None = None) -> list[SealCheck]:
    """Return a check of every stamp on an OFD document, in their order; none for a document without stamps.

    Raises OfdUnreadable when the bytes are no OFD document at all.
    """
    digested = _Digested(Package.open(data))
    found = signatures.signatures_of(digested.package)
    return [_check(digested, found, one, trust, at or now()) for one in found]


class _Digested:
    """A package whose parts are unpacked and digested once, however many signatures refer to them."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._digests: dict[str, bytes] = {}

    def digest(self, part: str) -> bytes:
        """Return a part's SM3. Raises OfdUnreadable when it is missing."""
        if part not in self._digests:
            self._digests[part] = provider().sm3(self.package.read(part))
        return self._digests[part]


def check_seal(seal: Seal, trust: TrustStore, check: SealCheck) -> None:
    """Judge a seal by itself: its maker's signature, and whether the maker is known."""
    maker = _certificate(seal.maker, check)
    if maker is None:
        return
    if seal.algorithm != SM2_WITH_SM3:
        check.add("method-unknown", method=seal.algorithm)
    elif not (_made_by if len(seal.der) <= USUAL else _made_by.__wrapped__)(maker, seal):
        check.add("seal-forged")
    if trust.chain(maker) is None:
        check.add("maker-unknown", maker=maker.name)
    if not maker.valid_at(seal.content.made_at):
        check.add("maker-period", start=day(maker.not_before), end=day(maker.not_after))


@lru_cache(maxsize=64)
def _made_by(maker: Certificate, seal: Seal) -> bool:
    """Verify a maker's signature once for a seal that many documents bear."""
    return maker.verifies(seal.signed, seal.signature)


def _check(
    digested: _Digested, every: list[SignatureFile], one: SignatureFile, trust: TrustStore, at: datetime
) -> SealCheck:
    check = SealCheck(one.location, kind="sign" if one.kind.lower() == "sign" else "seal")
    package = digested.package
    _check_content(digested, every, one, check)
    try:
        value = package.read(one.value)
    except OfdUnreadable:
        check.add("part-missing", part=one.value)
        return check
    check.digest = provider().sm3(value).hex()
    if check.kind == "sign":
        _check_bare(value, one, trust, check)
        return check
    try:
        stamp = read_stamp(value)
    except SesUnreadable:
        check.add("unreadable")
        return check
    _describe(stamp, check)
    _check_stamp(package, one, stamp, check)
    check_seal(stamp.seal, trust, check)
    _check_trust(stamp, trust, at, check)
    return check


def _check_content(digested: _Digested, every: list[SignatureFile], one: SignatureFile, check: SealCheck) -> None:
    """Compare every part with its digest, and find parts that nothing protects."""
    package = digested.package
    names = package.names()
    covered = {reference.part.casefold() for reference in one.references}
    if len({name.casefold() for name in names}) != len(names):
        check.add("names-ambiguous")
    for reference in one.references:
        try:
            same = digested.digest(reference.part) == reference.digest
        except OfdUnreadable:
            check.add("part-missing", part=reference.part)
            continue
        if not same:
            check.add("part-changed", part=reference.part)
    allowed = {part.casefold() for signature in every for part in signature.own_parts}
    lists = {path.casefold() for path in signatures.lists_of(package)}
    for name in names:
        if name.casefold() not in covered | allowed | lists and name != ROOT:
            check.add("part-added", part=name)
    check.uncovered = tuple(name for name in names if name.casefold() in (lists | {ROOT.casefold()}) - covered)
    if ROOT in check.uncovered:
        check.add("partial-coverage", parts=ROOT)


def _check_bare(value: bytes, one: SignatureFile, trust: TrustStore, check: SealCheck) -> None:
    """Judge a signature without a seal (数字签名), whose value is SM2 over Signature.xml and names no certificate."""
    known = next((c for c in (*trust.pinned, *trust.anchors) if c.verifies(one.data, value)), None)
    if known is None:
        check.add("no-certificate")
        return
    check.signer, check.issuer = known.name, known.issuer
    check.add("signer-found", name=known.name)


def _describe(stamp: Stamp, check: SealCheck) -> None:
    content = stamp.seal.content
    check.seal_code, check.seal_name, check.version = content.code, content.name, stamp.version
    check.signed_at, check.picture = stamp.signed_at, (content.picture.kind, content.picture.data)


def _check_stamp(package: Package, one: SignatureFile, stamp: Stamp, check: SealCheck) -> None:
    """Check what is mathematics: digest, signature value, the list of stampers, the seal beside the stamp."""
    if provider().sm3(one.data) != stamp.digest or stamp.location.lstrip("/") != one.location:
        check.add("signature-file-changed")
    if stamp.algorithm != SM2_WITH_SM3 or one.method not in ("", SM2_WITH_SM3):
        check.add("method-unknown", method=stamp.algorithm)
    if not stamp.seal.lists(stamp.certificate):
        check.add("signer-not-listed")
    signer = _certificate(stamp.certificate, check)
    if signer is not None:
        check.signer, check.issuer = signer.name, signer.issuer
        if not sm2_verifies(signer.public_key, stamp.signed, stamp.signature):
            check.add("value-wrong")
    _check_file(package, one, stamp, check)


def _check_file(package: Package, one: SignatureFile, stamp: Stamp, check: SealCheck) -> None:
    if one.seal is None:
        return
    try:
        if read_seal(package.read(one.seal)).der != stamp.seal.der:
            check.add("seal-differs")
    except (OfdUnreadable, SesUnreadable):
        check.add("seal-differs")


def _check_trust(stamp: Stamp, trust: TrustStore, at: datetime, check: SealCheck) -> None:
    """Check what is a matter of trust: time, periods, chain, revocation, standing, ledger."""
    content = stamp.seal.content
    when = settle_time(stamp.signed_at, (stamp.time_stamp, stamp.signature), trust, at, check)
    if not content.valid_from <= when <= content.valid_to:
        check.add("seal-period", start=day(content.valid_from), end=day(content.valid_to))
    signer = _certificate(stamp.certificate, check)
    if signer is not None:
        _check_signer(signer, when, trust, check)
    check_service(when, trust, check)


def _check_signer(signer: Certificate, when: datetime, trust: TrustStore, check: SealCheck) -> None:
    if not signer.valid_at(when):
        check.add("certificate-period", start=day(signer.not_before), end=day(signer.not_after))
    if not signer.may_sign():
        check.add("key-usage")
    chain = trust.chain(signer)
    if chain is None:
        check.add("signer-unknown", issuer=signer.issuer)
        return
    check_revocation(trust.revoked_at(chain), when, check)


def _certificate(der: bytes, check: SealCheck) -> Certificate | None:
    try:
        return certificate(der)
    except CertificateUnreadable:
        check.add("unreadable")
        return None
