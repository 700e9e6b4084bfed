"""Grounds on which a clock may be stopped (不计入办理时限的特别程序), each with the law that allows it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Ground(StrEnum):
    """Why time is not counted."""

    SUPPLEMENT = "supplement"
    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    LISTING = "listing"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"
    SITE_SURVEY = "site_survey"
    ANNOUNCEMENT = "announcement"
    THIRD_PARTY = "third_party"


class GroundFacts(NamedTuple):
    """What people call a ground, and the general law behind it."""

    chinese: str
    english: str
    #: Empty where no general law excludes this time: the rule that allows the ground must name its own law.
    basis: str = ""


_PERMIT_45 = "《行政许可法》第四十五条"

GROUNDS: dict[Ground, GroundFacts] = {
    Ground.SUPPLEMENT: GroundFacts("补正材料", "supplementing materials", "《行政许可法》第三十二条"),
    Ground.HEARING: GroundFacts("听证", "hearing", _PERMIT_45),
    Ground.TENDER: GroundFacts("招标", "tender", _PERMIT_45),
    Ground.AUCTION: GroundFacts("拍卖", "auction", _PERMIT_45),
    Ground.LISTING: GroundFacts("挂牌", "listing"),
    Ground.INSPECTION: GroundFacts("检验", "inspection of goods", _PERMIT_45),
    Ground.TESTING: GroundFacts("检测", "testing", _PERMIT_45),
    Ground.QUARANTINE: GroundFacts("检疫", "quarantine", _PERMIT_45),
    Ground.APPRAISAL: GroundFacts("鉴定", "appraisal", _PERMIT_45),
    Ground.EXPERT_REVIEW: GroundFacts("专家评审", "expert review", _PERMIT_45),
    Ground.SITE_SURVEY: GroundFacts("现场勘验", "on-site survey"),
    Ground.ANNOUNCEMENT: GroundFacts("公告公示", "public announcement"),
    Ground.THIRD_PARTY: GroundFacts("征求意见", "consulting third parties", "《政府信息公开条例》第三十三条"),
}
