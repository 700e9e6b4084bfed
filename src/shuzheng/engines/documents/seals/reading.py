"""Checking whatever somebody brings: OFD or PDF, with the trust of this installation."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.trusting import our_trust, pdf_anchors
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.kernel.error import InvalidInput


class NotCheckable(InvalidInput):
    """The bytes are no document that can be checked."""

    code = "not-checkable"
    message = gettext_lazy("只能查验 OFD 和 PDF 文件。照片、截图和扫描件没有电子签章，不能查验。")


def check_document(data: bytes) -> list[SealCheck]:
    """Return a check of every stamp on a document, none for a document without stamps. Raises NotCheckable."""
    if data.startswith(b"%PDF"):
        from shuzheng.engines.documents.seals.verify_pdf import PdfUnreadable, verify_pdf  # slow to load

        try:
            return verify_pdf(data, trust=our_trust(), anchors=pdf_anchors())
        except PdfUnreadable:
            raise NotCheckable(message=_("这份 PDF 已损坏或已加密，无法查验。请向出具单位重新索取。")) from None
    if not data.startswith(b"PK"):
        raise NotCheckable
    try:
        return verify_ofd(data, trust=our_trust())
    except OfdUnreadable as problem:
        raise NotCheckable(message=_("这份文件无法查验：{reason}").format(reason=problem.reason)) from None
