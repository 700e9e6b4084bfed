"""What a letter speaks of: the case, the act and what was said with it, and the law for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shuzheng.engines.casework.definitions.item import ItemKind
from shuzheng.engines.casework.models import Case
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.identity.models import OrgUnit

PERMIT_LAW = "《中华人民共和国行政许可法》"


@dataclass(frozen=True)
class Matter:
    """Everything that a letter may speak of."""

    whole: WholeCase
    unit: OrgUnit
    number: str
    #: Moment of the act.
    at: datetime
    said: Mapping[str, Any]
    #: Number of the letter that this one corrects.
    replaces: str = ""

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.whole.case

    @property
    def licence(self) -> bool:
        """Say whether the item is a licence, to which 行政许可法 applies."""
        return self.whole.item.kind is ItemKind.LICENCE

    def ground(self, article: str) -> str:
        """Return the laws of the item and, for a licence, the article of 行政许可法; never empty."""
        laws = [f"{basis.law}{basis.article}" for basis in self.whole.item.legal_basis]
        return "和".join([*laws[:1], *([f"{PERMIT_LAW}{article}"] if self.licence else [])]) or "有关规定"

    def procedure(self, article: str) -> str:
        """Return the article of 行政许可法 for a licence, else the item's own law."""
        return f"{PERMIT_LAW}{article}" if self.licence else self.ground(article)
