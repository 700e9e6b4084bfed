"""From the words of a source to ours: bureaus, themes, kinds, applicants, divisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.definitions.item import ApplicantKind, ItemKind
from shuzheng.engines.casework.importing.entry import Entry, Rejected
from shuzheng.engines.casework.units import SERVICE_CENTRE
from shuzheng.engines.vocabulary.code_list import CodeList
from shuzheng.engines.vocabulary.divisions import pad
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel import definition

#: Codes of kinds (GB/T 39554.1); 02 and 03, penalties and compulsion, are nothing that anybody applies for.
KINDS: dict[str, ItemKind] = {
    "01": ItemKind.LICENCE,
    "04": ItemKind.LEVY,
    "05": ItemKind.BENEFIT,
    "06": ItemKind.INSPECTION,
    "07": ItemKind.CONFIRMATION,
    "08": ItemKind.REWARD,
    "09": ItemKind.ADJUDICATION,
    "10": ItemKind.OTHER,
    "20": ItemKind.PUBLIC_SERVICE,
}
NAMES: dict[str, ItemKind] = {
    "行政许可": ItemKind.LICENCE,
    "行政征收": ItemKind.LEVY,
    "行政给付": ItemKind.BENEFIT,
    "行政检查": ItemKind.INSPECTION,
    "行政确认": ItemKind.CONFIRMATION,
    "行政奖励": ItemKind.REWARD,
    "行政裁决": ItemKind.ADJUDICATION,
    "其他行政权力": ItemKind.OTHER,
    "公共服务": ItemKind.PUBLIC_SERVICE,
}
APPLICANTS: dict[str, ApplicantKind] = {
    "自然人": "person",
    "企业法人": "company",
    "非法人企业": "company",
    "事业法人": "institution",
    "行政机关": "institution",
    "社会组织法人": "organisation",
    "其他组织": "organisation",
    "个体工商户": "sole-trader",
}
EVERYBODY: tuple[ApplicantKind, ...] = ("person", "company", "institution", "organisation", "sole-trader")


@dataclass(frozen=True)
class Mapping:
    """The words known; read once per file."""

    #: Word in a department's name → kind of bureau.
    departments: dict[str, str]
    #: Name of a theme → our code.
    themes: dict[str, str]

    @classmethod
    def published(cls) -> Mapping:
        """Return the mapping of the published code lists ``department-word`` and ``theme-word``."""
        return cls(_targets("department-word"), _targets("theme-word"))

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self.departments, key=len, reverse=True)

    @cached_property
    def _places(self) -> dict[str, bool]:
        return {}

    def bureau(self, department: str, field: str, entry: Entry) -> str:
        """Return the kind of bureau of a department's name; the service centre, with a warning, where none is known."""
        word = next((word for word in self._words if word in department), None)
        if word is None:
            text = _("没有与“{name}”对应的机构类型，由政务服务中心受理。")
            entry.warn(field, str(text).format(name=department))
            return SERVICE_CENTRE
        return self.departments[word]

    def owner(self, department: str, field: str, entry: Entry, *, level: str, area: str) -> dict[str, Any]:
        """Return an item's owner: limited to its division if that is one of this installation's."""
        return {
            "unit": self.bureau(department, field, entry),
            "name": department,
            "levels": [level],
            "division": area if self.is_ours(area) else "",
        }

    def theme_codes(self, names: Iterable[str], field: str, entry: Entry) -> list[str]:
        """Return our codes of themes; what is unknown is warned of and left out."""
        codes = []
        for name in names:
            known = next(
                (code for word, code in self.themes.items() if name == word or name.startswith(f"{word}（")), ""
            )
            if not known:
                entry.warn(field, str(_("主题“{name}”没有对照，已略去。")).format(name=name))
            codes += [known] if known else []
        return list(dict.fromkeys(codes)) or ["other"]

    def is_ours(self, division: str) -> bool:
        """Say whether a division is one of this installation's."""
        code = pad(division)
        if code not in self._places:
            self._places[code] = Division.objects.filter(code=code).exists()
        return self._places[code]


def _targets(code_list: str) -> dict[str, str]:
    found: CodeList | None = definition.find("code_list", code_list)
    return {entry.code: entry.note for entry in found.codes} if found else {}


def kind_of(written: str, field: str) -> ItemKind:
    """Return the kind of an item from its name or code. Raises Rejected."""
    kind = NAMES.get(written) or KINDS.get(written.zfill(2))
    if kind is None:
        raise Rejected(field, str(_("“{kind}”不是可以申请办理的事项类型。")).format(kind=written))
    return kind


def applicants_of(names: Iterable[str], field: str, entry: Entry) -> list[ApplicantKind]:
    """Return the kinds of applicants; what is unknown is warned of, and none at all means everybody."""
    found: list[ApplicantKind] = []
    for name in names:
        kind = APPLICANTS.get(name)
        if kind is None:
            entry.warn(field, str(_("服务对象“{name}”没有对照，已略去。")).format(name=name))
        else:
            found.append(kind)
    # An enterprise without legal personality is a sole trader as often as a partnership.
    if "company" in found:
        found.append("sole-trader")
    return list(dict.fromkeys(found)) or list(EVERYBODY)
