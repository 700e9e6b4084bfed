"""Checking seals on PDF with pyHanko's own validator."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from shuzheng.engines.documents.seals.certificates import certificate
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.pdf import digest_of
from shuzheng.engines.documents.seals.relying import check_revocation, check_service, settle_time
from shuzheng.engines.documents.seals.trust_store import TrustStore
from shuzheng.kernel.moment import now


class PdfUnreadable(ValueError):
    """The bytes are no PDF that can be read."""


def verify_pdf(data: bytes, *, trust: TrustStore, anchors: list[bytes], at: datetime | None = None) -> list[SealCheck]:
    """Return a check of every signature on a PDF, in their order. ``anchors`` are authorities (DER). Raises PdfUnreadable."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        store = replace(trust, anchors=(*trust.anchors, *(certificate(der) for der in anchors)))
        found = reader.embedded_regular_signatures
        checks = [_check(one, store, anchors, at or now()) for one in found]
        if checks:
            _look_behind(reader.embedded_signatures[-1], found[-1], checks[-1])
    except (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as problem:
        raise PdfUnreadable(str(problem)) from problem
    return checks


def _check(signature: Any, trust: TrustStore, anchors: list[bytes], at: datetime) -> SealCheck:
    told: dict[str, Any] = signature.sig_object
    check = SealCheck(signature.field_name, kind="pdf", digest=digest_of(signature))
    check.seal_code, check.seal_name = str(told.get("/Reason", "")), str(told.get("/Name", ""))
    check.signed_at = signature.self_reported_timestamp
    check.signer = _name(signature.signer_cert.subject)
    check.issuer = _name(signature.signer_cert.issuer)
    stamped = (_token(signature.signer_info), signature.signer_info["signature"].native)
    when = settle_time(check.signed_at or at, stamped, trust, at, check)
    _judge(signature, anchors, when, check)
    chain = trust.chain(certificate(signature.signer_cert.dump()))
    if chain is not None:
        check_revocation(trust.revoked_at(chain), when, check)
    check_service(when, trust, check)
    return check


def _token(signer: Any) -> bytes | None:
    """Take the time stamp out of a signature's unsigned attributes, so that it is judged here like those on OFD."""
    token = None
    for attribute in signer["unsigned_attrs"] or []:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0].dump()
    if token is not None:
        del signer["unsigned_attrs"]
    return token


def _judge(signature: Any, anchors: list[bytes], when: datetime, check: SealCheck) -> None:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in anchors],
        allow_fetching=False,
        moment=when,
        revocation_mode="soft-fail",
    )
    try:
        status = validate_pdf_signature(signature, context)
    except SignatureValidationError:
        check.add("unreadable")
        return
    if not (status.intact and status.valid):
        check.add("value-wrong")
    level = status.modification_level
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        check.add("pdf-partly")
    elif level is None or level > ModificationLevel.FORM_FILLING:
        check.add("pdf-changed")
    elif status.coverage < SignatureCoverageLevel.ENTIRE_FILE:
        check.add("pdf-added")
    if not status.trusted:
        check.add("signer-unknown", issuer=check.issuer)


def _look_behind(newest: Any, seal: Any, check: SealCheck) -> None:
    """Flag revisions behind the last signature for which nobody stands; what only helps checking later is no content."""
    if newest.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE:
        return
    result = seal.diff_result
    if not isinstance(result, DiffResult) or result.modification_level > ModificationLevel.LTA_UPDATES:
        check.add("pdf-unsigned-end")


def _name(name: x509.Name) -> str:
    told = name.native.get("common_name")
    return told if isinstance(told, str) else name.human_friendly
