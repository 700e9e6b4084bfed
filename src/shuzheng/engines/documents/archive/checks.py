"""The four properties at ingest (真实、完整、可用、安全; DA/T 70-2018): what is found, in words an archivist can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Property = Literal["authentic", "complete", "usable", "safe"]
PROPERTIES: dict[str, Any] = {
    "authentic": _("真实性"),
    "complete": _("完整性"),
    "usable": _("可用性"),
    "safe": _("安全性"),
}
#: Code → property, whether it makes the package unsound, sentence.
FINDINGS: dict[str, tuple[Property, bool, Any]] = {
    "seal-broken": ("authentic", True, _("电子印章验证不通过：{what}")),
    "no-decider": ("authentic", False, _("决定没有记载作出决定的人员。")),
    "no-acts": ("authentic", False, _("没有找到这件事的审计记录，无法附上动作存证。")),
    "required-missing": ("complete", True, _("规定应当归档的“{what}”不在案卷里。")),
    "bytes-missing": ("complete", True, _("“{what}”登记在案，但存储里读不到内容。")),
    "bytes-differ": ("complete", True, _("“{what}”的内容与收件时的摘要不符。")),
    "log-gap": ("complete", True, _("办理记录不连续：第 {what} 条之后有缺失。")),
    "metadata-missing": ("complete", False, _("元数据“{what}”没有内容。")),
    "form-not-rendered": ("usable", False, _("申请表没有生成版式文件（{what}），已保存结构化原文。")),
    "not-lasting": ("usable", False, _("“{what}”不是适合长期保存的格式，建议补存 OFD 或 PDF。")),
    "unreadable": ("usable", True, _("“{what}”无法打开。")),
    "not-scanned": ("safe", False, _("“{what}”没有经过病毒检查。")),
    "quarantined": ("safe", True, _("“{what}”还在隔离区，没有通过安全检查。")),
    "read-back": ("safe", True, _("存入后读回核对不一致。")),
}
#: Kept readable by standards, not by one maker's program.
LASTING = frozenset({"application/ofd", "application/pdf", "image/jpeg", "image/png", "application/json"})
#: Fields of the metadata that must say something.
REQUIRED = ("档号", "题名", "全宗号", "门类", "年度", "保管期限", "责任者", "密级", "办件编号", "办结时间")


@dataclass(frozen=True)
class Finding:
    """Something found about one of the four properties."""

    code: str
    what: str = ""

    @property
    def grave(self) -> bool:
        """Say whether the package may not be called sound with it."""
        return FINDINGS[self.code][1]

    @property
    def sentence(self) -> str:
        """Return it in words."""
        return str(FINDINGS[self.code][2]).format(what=self.what)

    def stored(self) -> dict[str, str]:
        """Return it as the package's record keeps it."""
        return {"code": self.code, "what": self.what}


def of_metadata(metadata: dict[str, Any]) -> Iterable[Finding]:
    """Find fields that should say something and do not."""
    return (Finding("metadata-missing", name) for name in REQUIRED if not metadata.get(name))


def of_process(process: dict[str, Any]) -> Iterable[Finding]:
    """Find gaps in the history, and decisions without a person."""
    numbers = sorted(line["sequence"] for line in process.get("statuses", []) if "sequence" in line)
    for before, after in pairwise(numbers):
        if after != before + 1:
            yield Finding("log-gap", str(before))
    if any(not decision.get("officer") for decision in process.get("decisions", [])):
        yield Finding("no-decider")


def read_again(stored: list[dict[str, str]]) -> list[tuple[str, Any, list[Finding]]]:
    """Return the four properties, each with its name and what was found about it."""
    found = [Finding(one["code"], one.get("what", "")) for one in stored if one["code"] in FINDINGS]
    return [
        (name, title, [finding for finding in found if FINDINGS[finding.code][0] == name])
        for name, title in PROPERTIES.items()
    ]
