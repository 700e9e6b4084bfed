"""What a check of a seal says, in words for residents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.trust_store import Logged


class Weight(StrEnum):
    """What a finding means for the stamp."""

    #: Content, seal or signature is not what was stamped.
    BROKEN = "broken"
    #: Intact, but the stamp must not be relied on.
    UNTRUSTED = "untrusted"
    #: Worth knowing.
    NOTE = "note"


#: Code → weight and sentence.
FINDINGS: dict[str, tuple[Weight, Any]] = {
    "unreadable": (Weight.BROKEN, _("印章或签名的数据已损坏，无法读取。")),
    "part-missing": (Weight.BROKEN, _("盖章时文件里有“{part}”，现在没有了。")),
    "part-changed": (Weight.BROKEN, _("盖章以后，文件内容被改动过（{part}）。")),
    "part-added": (Weight.BROKEN, _("盖章以后，文件里多了未受保护的内容（{part}）。")),
    "partial-coverage": (
        Weight.NOTE,
        _("签章未覆盖全部文件：{parts} 不受这个章保护，盖章后改动也看不出来；其中的标题、摘要等请以页面内容为准。"),
    ),
    "pdf-changed": (Weight.BROKEN, _("盖章以后，PDF 的内容被改动或增加过。")),
    "pdf-partly": (Weight.BROKEN, _("这个签名只覆盖 PDF 的一部分，没有覆盖的部分可以随意改动。")),
    "pdf-added": (Weight.NOTE, _("盖章以后，文件按允许的方式增加过内容（例如另外的签章），盖章时的内容没有改动。")),
    "pdf-unsigned-end": (
        Weight.UNTRUSTED,
        _("最后一个章之后，文件又有过修改，没有人为这些修改盖章。请向出具单位索取没有改过的文件。"),
    ),
    "names-ambiguous": (Weight.BROKEN, _("文件里有仅大小写不同的同名内容，不同软件看到的可能不一样。")),
    "signature-file-changed": (Weight.BROKEN, _("盖章位置或保护范围的说明被改动过。")),
    "value-wrong": (Weight.BROKEN, _("签名值与内容不符：不是用这枚印章的密钥盖的，或盖章后被改动。")),
    "seal-forged": (Weight.BROKEN, _("印章数据与制章单位的签名不符，印章是伪造的或被改动过。")),
    "seal-differs": (Weight.BROKEN, _("文件里附带的印章与实际盖章所用的印章不是同一枚。")),
    "signer-not-listed": (Weight.BROKEN, _("盖章人的证书不在这枚印章授权的证书之内。")),
    "method-unknown": (Weight.BROKEN, _("签名算法不是 SM2（{method}），按国家标准不能认定。")),
    "seal-period": (Weight.UNTRUSTED, _("盖章时这枚印章不在有效期内（有效期 {start} 至 {end}）。")),
    "certificate-period": (Weight.UNTRUSTED, _("盖章时证书不在有效期内（有效期 {start} 至 {end}）。")),
    "signer-unknown": (
        Weight.UNTRUSTED,
        _("签发盖章证书的机构（{issuer}）不在本系统信任的名单里，无法确认印章归谁所有。"),
    ),
    "maker-unknown": (Weight.UNTRUSTED, _("制章单位（{maker}）的证书不在本系统信任的名单里。")),
    "maker-period": (Weight.UNTRUSTED, _("制章时，制章单位的证书不在有效期内（有效期 {start} 至 {end}）。")),
    "key-usage": (Weight.UNTRUSTED, _("盖章证书的用途不包括签名。")),
    "revoked": (Weight.UNTRUSTED, _("盖章证书在盖章以前已被吊销（{since}）。")),
    "revoked-unproven": (
        Weight.UNTRUSTED,
        _("盖章证书后来被吊销（{since}），而盖章时间只是盖章方自己填写的，无法确认是在吊销以前盖的。"),
    ),
    "revoked-later": (Weight.NOTE, _("盖章证书在盖章以后被吊销（{since}），不影响此前盖的章。")),
    "seal-frozen": (Weight.UNTRUSTED, _("盖章时这枚印章已被冻结（{since}起）。")),
    "seal-revoked": (Weight.UNTRUSTED, _("盖章时这枚印章已被撤销（{since}起）。")),
    "not-in-ledger": (Weight.UNTRUSTED, _("公开的用章账本里没有这次用章记录：这个章不是按规定流程盖的，无效。")),
    "in-ledger": (Weight.NOTE, _("这次用章已记入公开账本（{at}，编号 {entry}）。")),
    "in-future": (Weight.UNTRUSTED, _("盖章时间在未来，不可信。")),
    "time-claimed": (Weight.NOTE, _("盖章时间由盖章方自己填写，没有第三方时间证明。")),
    "time-stamped": (Weight.NOTE, _("时间戳机构“{authority}”证明：这个章在 {at} 已经盖好。")),
    "time-differs": (Weight.NOTE, _("盖章方填写的时间与已证明的时间（{at}）不一致，以证明的时间为准。")),
    "time-unreadable": (Weight.BROKEN, _("章上附带的时间戳已损坏，无法读取。")),
    "time-imprint": (Weight.BROKEN, _("章上附带的时间戳不是为这个章签发的。")),
    "time-forged": (Weight.BROKEN, _("章上附带的时间戳签名不对，是伪造的或被改动过。")),
    "time-purpose": (Weight.UNTRUSTED, _("签发时间戳的证书（{authority}）不是专门用于签发时间戳的，这个时间不可信。")),
    "time-period": (Weight.UNTRUSTED, _("签发时间戳时，时间戳机构（{authority}）的证书不在有效期内，这个时间不可信。")),
    "time-revoked": (Weight.UNTRUSTED, _("时间戳机构（{authority}）的证书已被吊销，它签发的时间不可信。")),
    "time-authority-unknown": (
        Weight.NOTE,
        _("章上附带的时间戳由“{authority}”签发，它不在本系统信任的名单里，没有采信。"),
    ),
    "no-certificate": (Weight.UNTRUSTED, _("这是不带证书的数字签名，文件没有说明由谁签署，无法核对签名是否真实。")),
    "signer-found": (Weight.NOTE, _("签名与受信任的证书“{name}”相符。")),
}


@dataclass(frozen=True)
class Finding:
    """One thing that a check found."""

    code: str
    message: str

    @property
    def weight(self) -> Weight:
        """Return what it means for the stamp."""
        return FINDINGS[self.code][0]

    @classmethod
    def of(cls, code: str, **words: Any) -> Finding:
        """Return a finding with its sentence in the active language."""
        return cls(code, str(FINDINGS[code][1]).format(**words))


@dataclass
class SealCheck:
    """What is known of one stamp on a document."""

    #: Path of its Signature.xml.
    location: str
    #: ``seal``, ``sign`` or ``pdf``.
    kind: str = "seal"
    seal_code: str = ""
    seal_name: str = ""
    signer: str = ""
    issuer: str = ""
    #: What the stamper wrote.
    signed_at: datetime | None = None
    #: When it existed at the latest, by a time stamp or the ledger; nothing where nobody but the stamper says so.
    proved_at: datetime | None = None
    #: Its place in the public ledger, once looked up.
    logged: Logged | None = None
    version: int | None = None
    #: SM3 of SignedValue.dat, hexadecimal: the stamp's name in the ledger.
    digest: str = ""
    #: Parts of the file whose changes this stamp does not show: the list of signatures, and what its maker left out.
    uncovered: tuple[str, ...] = ()
    #: The seal's picture: kind and bytes, when it could be read.
    picture: tuple[str, bytes] | None = None
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, **words: Any) -> None:
        """Note a finding once."""
        finding = Finding.of(code, **words)
        if finding not in self.findings:
            self.findings.append(finding)

    @property
    def broken(self) -> bool:
        """Say whether content, seal or signature is not what was stamped."""
        return any(finding.weight is Weight.BROKEN for finding in self.findings)

    @property
    def intact(self) -> bool:
        """Say whether all of it is mathematically what was stamped; without a key to check with, nobody can say."""
        return not self.broken and all(finding.code != "no-certificate" for finding in self.findings)

    @property
    def valid(self) -> bool:
        """Say whether the stamp may be relied on."""
        return all(finding.weight is Weight.NOTE for finding in self.findings)
