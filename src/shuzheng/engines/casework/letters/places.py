"""Where an applicant objects (救济机关): the government that reviews and the court, from the place of the office."""

from __future__ import annotations

from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.engines.vocabulary.queries import full_name
from shuzheng.kernel.caching import remembered

#: Digits of a county's code: whoever sits below it is reviewed by the county.
COUNTY = 3
ANY_COURT = "有管辖权的人民法院"


def review_organ_of(division_code: str) -> str:
    """Return the people's government that reviews (行政复议法 §24): that of the office's county, city or province."""
    return f"{_place(division_code)}人民政府"


def court_of(division_code: str) -> str:
    """Return the county's court (行政诉讼法 §14, §18); for offices above a county whichever has jurisdiction."""
    return f"{_place(division_code)}人民法院" if len(lineage(division_code)) >= COUNTY else ANY_COURT


@remembered(seconds=300)
def _place(division_code: str) -> str:
    return full_name(pad(lineage(division_code)[:COUNTY][-1]))
