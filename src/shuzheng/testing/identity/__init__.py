"""People, firms, officers and units for tests: valid numbers, one line each.

>>> mother, daughter = a_resident("王桂英", born="1948-03-02"), a_resident("李梅")
>>> clerk = an_officer("张敏", unit=a_unit("market-supervision"), posts=["acceptor", "handler"])
>>> firm = a_firm("赣南人家餐饮店", representative=daughter)
>>> actor_of_person(daughter, party=firm)
"""

from __future__ import annotations

from shuzheng.testing.identity.acting import a_browser, actor_of_officer, actor_of_person
from shuzheng.testing.identity.numbers import a_credit_code, a_mobile, an_id_number
from shuzheng.testing.identity.offices import a_post, a_role, a_unit, an_officer
from shuzheng.testing.identity.people import DIVISION, PASSWORD, a_firm, a_mandate, a_resident, an_account

__all__ = [
    "DIVISION",
    "PASSWORD",
    "a_browser",
    "a_credit_code",
    "a_firm",
    "a_mandate",
    "a_mobile",
    "a_post",
    "a_resident",
    "a_role",
    "a_unit",
    "actor_of_officer",
    "actor_of_person",
    "an_account",
    "an_id_number",
    "an_officer",
]
