"""Checking seals on PDF with pyHanko's own validator."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from shuzheng.engines.documents.seals.certificates import TrustStore
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.pdf import digest_of
from shuzheng.engines.documents.seals.verify import CLOCKS_DIFFER, check_service
from shuzheng.kernel.moment import now


class PdfUnreadable(ValueError):
    """The bytes are no PDF that can be read."""


def verify_pdf(data: bytes, *, trust: TrustStore, anchors: list[bytes], at: datetime | None = None) -> list[SealCheck]:
    """Return a check of every signature on a PDF, in their order. ``anchors`` are authorities (DER). Raises PdfUnreadable."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        found = reader.embedded_regular_signatures
        return [_check(one, trust, anchors, at or now()) for one in found]
    except (PdfError, ValueError, KeyError, IndexError, TypeError, RecursionError) as problem:
        raise PdfUnreadable(str(problem)) from problem


def _check(signature: Any, trust: TrustStore, anchors: list[bytes], at: datetime) -> SealCheck:
    told: dict[str, Any] = signature.sig_object
    check = SealCheck(signature.field_name, kind="pdf", digest=digest_of(signature))
    check.seal_code, check.seal_name = str(told.get("/Reason", "")), str(told.get("/Name", ""))
    check.signed_at = signature.self_reported_timestamp
    check.signer = _name(signature.signer_cert.subject)
    check.issuer = _name(signature.signer_cert.issuer)
    signed = check.signed_at or at
    if signed > at + CLOCKS_DIFFER:
        check.add("in-future")
    _judge(signature, anchors, signed, check)
    check_service(signed, trust, check, stamped=False)
    return check


def _judge(signature: Any, anchors: list[bytes], signed: datetime, check: SealCheck) -> None:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in anchors],
        allow_fetching=False,
        moment=signed,
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
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION or (
        level is not None and level > ModificationLevel.FORM_FILLING
    ):
        check.add("pdf-changed")
    if not status.trusted:
        check.add("signer-unknown", issuer=check.issuer)


def _name(name: x509.Name) -> str:
    told = name.native.get("common_name")
    return told if isinstance(told, str) else name.human_friendly
