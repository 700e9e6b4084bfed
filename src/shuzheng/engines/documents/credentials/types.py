"""The type of a licence (电子证照目录, GB/T 36902 and 36903), as a pack declares it in ``credentials/*.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.documents.credentials.identifier import TYPE_CODE
from shuzheng.kernel.declaration import Declaration

KIND = "credential_type"
#: What every face may show without the type declaring it.
BUILT_IN: dict[str, str] = {
    "title": "证照名称",
    "identifier": "电子证照标识",
    "number": "证照编号",
    "issuer": "发证机关",
    "issued_on": "发证日期",
    "valid_from": "有效期自",
    "valid_until": "有效期至",
    "verify_code": "查验码",
    "verify_url": "查验地址",
}
#: Gaps of a number: ``{division}`` six digits, ``{serial}`` with its width, ``{year}``, ``{kind}`` from ``kinds``.
GAP = re.compile(r"\{([a-z]+)(?::(\d))?\}")
_GAPS = frozenset({"division", "serial", "year", "kind", "check"})
_SOURCE = re.compile(r"(answers|holder|case)\.[a-z][a-z0-9_]*")


class Part(BaseModel):
    """Base of what a type is made of: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class PhotoRule(Part):
    """How a photograph of the holder (证件照) stands on the face: its size in millimetres, to which it is cropped."""

    width: float = Field(default=26, ge=10, le=120)
    height: float = Field(default=32, ge=10, le=160)


class LicenceElement(Part):
    """A metadata element of the licence (照面信息): an element of the vocabulary and where its value comes from."""

    element: str
    #: Name in the licence and on its face; the element's own with underscores when empty.
    code: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    title: str = ""
    #: ``answers.x``, ``holder.name`` or ``case.number``.
    source: str = Field(pattern=_SOURCE.pattern)
    #: The answer is a list.
    many: bool = False
    optional: bool = False
    #: Anyone who verifies the licence sees it, masked by the element's rule unless ``open``.
    public: bool = False
    #: Shown to the public as it is: what the law has every holder display.
    open: bool = False
    #: The element is a photograph; it stands on the face alone and leaves the platform in no other way.
    photo: PhotoRule | None = None

    @model_validator(mode="after")
    def _photo_is_kept_back(self) -> Self:
        if self.photo and (self.public or self.open or self.many):
            raise ValueError("照片只印在照面上，不能写 public、open 或 many")
        return self

    @property
    def name(self) -> str:
        """Return its name in the licence."""
        return self.code or self.element.replace("-", "_")


class Validity(Part):
    """For how long a licence holds (有效期); exactly one of these, and ``since`` beside it."""

    #: Name of the answer that holds the first day; the decision's own day when empty.
    since: str = ""
    years: int | None = Field(default=None, ge=1, le=100)
    days: int | None = Field(default=None, ge=1, le=36500)
    #: Name of the answer that holds the last day.
    until: str = ""
    long_term: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum((self.years is not None, self.days is not None, bool(self.until), self.long_term)) != 1:
            raise ValueError("有效期请写 years、days、until、long_term 之一")
        return self


class Numbering(Part):
    """How the number that stands on the paper is made (证照编号)."""

    #: e.g. ``JY{kind}{division}{serial:7}{check}``.
    pattern: str = Field(max_length=60)
    #: Answer by which ``{kind}`` is chosen, and what stands for each of its values.
    by: str = ""
    kinds: dict[str, str] = {}

    @model_validator(mode="after")
    def _gaps_known(self) -> Self:
        unknown = {name for name, _width in GAP.findall(self.pattern)} - _GAPS
        if unknown or re.search(r"[{}]", GAP.sub("", self.pattern)):
            raise ValueError(f"编号规则只能用 {'、'.join(sorted(_GAPS))}")
        if "{serial" not in self.pattern:
            raise ValueError("编号规则要有 {serial}，否则会重号")
        if "{kind}" in self.pattern and not (self.by and self.kinds):
            raise ValueError("编号规则用了 {kind}，请写明 by 和 kinds")
        return self


class SealRule(Part):
    """Which seal of the issuing unit is put on it, and where on the face."""

    kind: Literal["official", "special"] = "official"
    #: What stands below the star, for special seals, e.g. 行政审批专用章; empty takes any.
    purpose: str = ""
    #: Name of the place on the face.
    place: str = "office"


class CredentialType(Declaration):
    """A kind of licence."""

    description: str = ""
    #: 21 characters of the national catalogue: the defining organ's credit code and three digits (GB/T 36904 §5).
    type_code: Annotated[str, Field(pattern=f"^{TYPE_CODE.pattern}$")]
    #: The last three digits are our own, because the national catalogue could not be consulted.
    provisional: bool = False
    category: Literal["licence", "certificate", "proof", "card"] = "licence"
    #: Kinds of bureaus that issue it.
    issuers: tuple[str, ...] = Field(min_length=1)
    holder: Literal["person", "legal", "any"] = "any"
    elements: tuple[LicenceElement, ...] = Field(min_length=1, max_length=100)
    number: Numbering | None = None
    #: Code of the document template of its face.
    face: str
    #: Template of the print copy; the face with a watermark when empty.
    copy_face: str = ""
    validity: Validity
    seal: SealRule = SealRule()
    #: Service items by which it is issued, renewed or replaced.
    items: tuple[str, ...] = ()
    renewed_by: str = ""
    replaced_by: str = ""
    #: Days before the end at which the holder is reminded.
    remind: tuple[Annotated[int, Field(ge=1, le=366)], ...] = (90, 30, 7)
    legal_basis: tuple[str, ...] = Field(min_length=1)
    synthetic: bool = False

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [one.name for one in self.elements]
        taken = sorted({name for name in names if names.count(name) > 1 or name in BUILT_IN})
        if taken:
            raise ValueError(f"元素名重复或与固有名称相同：{'、'.join(taken)}")
        return self

    @property
    def mandate_items(self) -> tuple[str, ...]:
        """Return the service items whose mandate lets an operator use the licence."""
        return tuple(dict.fromkeys(one for one in (*self.items, self.renewed_by, self.replaced_by) if one))

    def public_elements(self) -> Iterable[LicenceElement]:
        """Return what anyone who verifies may see."""
        return (one for one in self.elements if one.public)


def names_of(model: CredentialType) -> dict[str, Any]:
    """Return every name that a face of this type may use."""
    return {**BUILT_IN, **{one.name: one.title or one.name for one in model.elements}}
