"""Which letter a case gives at which act (文书规则): what is usual, and what an item declares otherwise. Pure.

Sources: 行政许可法 §32 (acceptance, supplements, non-acceptance), §38 and §39 (decisions, reasons, remedies, seal), §42 (extension),
§44 (service within ten days), §45 (special procedures), §58 (fees).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field


class Occasion(StrEnum):
    """What a letter is given for."""

    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement"
    NON_ACCEPTANCE = "non-acceptance"
    SUSPENSION = "suspension"
    EXTENSION = "extension"
    APPROVAL = "approval"
    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"
    PAYMENT = "payment"
    RECEIPT = "receipt"


OCCASIONS: dict[Occasion, Any] = {
    Occasion.ACCEPTANCE: _("受理通知书"),
    Occasion.SUPPLEMENT: _("补正告知书"),
    Occasion.NON_ACCEPTANCE: _("不予受理决定书"),
    Occasion.SUSPENSION: _("特别程序告知书"),
    Occasion.EXTENSION: _("延长期限告知书"),
    Occasion.APPROVAL: _("准予决定书"),
    Occasion.REFUSAL: _("不予决定书"),
    Occasion.WITHDRAWAL: _("撤回申请确认书"),
    Occasion.PAYMENT: _("缴款通知书"),
    Occasion.RECEIPT: _("送达回证"),
}
#: Occasions on which the applicant's rights are decided: their letters name remedies, and a later one takes their place.
DECISIONS = frozenset({Occasion.NON_ACCEPTANCE, Occasion.APPROVAL, Occasion.REFUSAL})
#: Ways of service as messaging knows them, in the order in which a policy climbs them.
Way = Literal["electronic", "direct", "mail", "left", "notice"]
LADDER: tuple[Way, ...] = ("electronic", "direct", "mail", "notice")


class LetterRule(BaseModel):
    """One letter of an item: its template, its word in the number, its seal, and how it is served."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    occasion: Occasion
    #: Code of a document template; empty for an act that gives no letter.
    template: str = Field(default="", max_length=120)
    #: What stands between the office and the year in the number (文号代字).
    word: str = Field(default="", max_length=20)
    #: Kind of seal, and what stands below its star where the unit has several.
    seal: Literal["official", "special", "contract", "finance", "none"] = "official"
    seal_purpose: str = Field(default="", max_length=20)
    #: Ways of service, tried one after another; empty for a letter that is not served in law.
    serve: tuple[Way, ...] = ()

    @property
    def document_kind(self) -> str:
        """Return the kind of document that a grant of the seal must name."""
        return "decision" if self.occasion in DECISIONS else "notice"


def _usual(occasion: Occasion, template: str, word: str, serve: tuple[Way, ...] = ()) -> LetterRule:
    return LetterRule(occasion=occasion, template=template, word=word, serve=serve)


#: What every item gives that declares nothing.
USUAL: dict[Occasion, LetterRule] = {
    rule.occasion: rule
    for rule in (
        _usual(Occasion.ACCEPTANCE, "acceptance-letter", "受"),
        _usual(Occasion.SUPPLEMENT, "supplement-notice", "补"),
        _usual(Occasion.NON_ACCEPTANCE, "non-acceptance-decision", "不受", LADDER),
        _usual(Occasion.SUSPENSION, "suspension-notice", "特"),
        _usual(Occasion.EXTENSION, "extension-notice", "延"),
        _usual(Occasion.APPROVAL, "approval-decision", "准", LADDER),
        _usual(Occasion.REFUSAL, "refusal-decision", "不准", LADDER),
        _usual(Occasion.WITHDRAWAL, "withdrawal-confirmation", "撤"),
        _usual(Occasion.PAYMENT, "payment-notice", "缴"),
        _usual(Occasion.RECEIPT, "service-receipt", "送"),
    )
}


def rule_for(declared: Iterable[LetterRule], occasion: Occasion) -> LetterRule | None:
    """Return the rule of an occasion, the item's own before the usual one; ``None`` where the item gives no letter.

    What an item's rule leaves out (word) stays usual; a rule without a template switches the letter off.
    """
    usual = USUAL[occasion]
    own = next((rule for rule in declared if rule.occasion == occasion), None)
    if own is None:
        return usual
    if not own.template:
        return None
    return own if own.word else own.model_copy(update={"word": usual.word})


def next_way(ladder: Iterable[str], failed: Iterable[str], *, electronic: bool) -> str:
    """Return the way of service to try next: the first that has not failed; empty when none is left.

    ``electronic`` says whether the recipient agreed to it (民事诉讼法 §90).
    """
    tried = set(failed) | (set() if electronic else {"electronic"})
    return next((way for way in ladder if way not in tried), "")
