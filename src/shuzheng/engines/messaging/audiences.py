"""Who a bulk is for (收件范围), walked by key in batches, so that any number costs the memory of one batch."""

from __future__ import annotations

import json
from typing import Any, LiteralString
from uuid import UUID

from django.db import connection

from shuzheng.engines.messaging.categories import category
from shuzheng.engines.messaging.models import Bulk, BulkRecipient, GroupMember
from shuzheng.engines.messaging.sending import Recipient

#: Each yields owner, person, account and values, for owners beyond the cursor.
_LIST: LiteralString = """
    SELECT r.person_id AS owner, r.person_id AS person, NULL::uuid AS account, r.values
    FROM messaging_bulkrecipient r WHERE r.bulk_id = %(bulk)s AND r.person_id > %(cursor)s
"""
_DIVISION: LiteralString = """
    SELECT p.id AS owner, p.id AS person, NULL::uuid AS account, '{}'::jsonb AS values
    FROM messaging_preference c JOIN identity_person p ON p.id = c.owner
    WHERE c.category = %(category)s AND c.channel = 'inbox' AND c.wanted
      AND p.division_code LIKE %(division)s AND p.id > %(cursor)s
"""
_ACCOUNTS: LiteralString = """
    SELECT a.id AS owner, a.person_id AS person, CASE WHEN a.person_id IS NULL THEN a.id END AS account,
           '{}'::jsonb AS values
    FROM identity_account a WHERE a.is_active AND a.id > %(cursor)s
"""
_SIZE: LiteralString = "SELECT count(*) FROM ({source}) who"
_BATCH: LiteralString = """
    SELECT who.owner, who.person, who.account, who.values, coalesce(c.wanted, %(default)s) AS wanted
    FROM ({source} ORDER BY owner LIMIT %(limit)s) who
    LEFT JOIN messaging_preference c
      ON c.owner = coalesce(who.person, who.account) AND c.category = %(category)s AND c.channel = 'inbox'
    ORDER BY who.owner
"""
_SOURCES: dict[str, LiteralString] = {
    "list": _LIST,
    # Those who were in the group when the bulk was submitted: whoever joins later was not agreed to.
    "group": _LIST,
    "division": _DIVISION,
    "accounts": _ACCOUNTS,
}
#: Members of a group taken over in one piece.
PIECE = 5000
NOBODY = UUID(int=0)


def fix(bulk: Bulk) -> None:
    """Write down who is in a bulk's group now: it goes to these, whatever becomes of the group."""
    BulkRecipient.objects.filter(bulk=bulk).delete()
    members = GroupMember.objects.filter(group_id=bulk.group_id).order_by("person_id")
    last = NOBODY
    while people := list(members.filter(person_id__gt=last).values_list("person_id", flat=True)[:PIECE]):
        BulkRecipient.objects.bulk_create([BulkRecipient(bulk=bulk, person_id=person) for person in people])
        last = people[-1]


def size(bulk: Bulk, category_code: str) -> int:
    """Return how many people a bulk is for; counted once, when it is submitted."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE.format(source=_SOURCES[bulk.audience]), _given(bulk, category_code, NOBODY))
        return cursor.fetchone()[0]


def batch(bulk: Bulk, category_code: str, limit: int) -> tuple[list[Recipient], UUID | None, int]:
    """Return the next recipients who want such messages, the new cursor (``None`` at the end), and how many do not."""
    given = {**_given(bulk, category_code, bulk.cursor or NOBODY), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_BATCH.format(source=_SOURCES[bulk.audience]), given)
        rows = cursor.fetchall()
    everybody = category(category_code).compulsory
    wanted = [Recipient(row[1], row[2], _values(row[3])) for row in rows if row[4] or everybody]
    return wanted, rows[-1][0] if len(rows) == limit else None, len(rows) - len(wanted)


def _given(bulk: Bulk, category_code: str, cursor: UUID) -> dict[str, Any]:
    significant = bulk.division_code.rstrip("0")
    whole = significant.ljust(-(-len(significant) // 2) * 2 if len(significant) <= 6 else len(significant), "0")
    return {
        "bulk": bulk.pk,
        "cursor": cursor,
        "category": category_code,
        # A list names people on purpose; who never chose is told unless the category is only for those who said yes.
        "default": not category(category_code).opt_in,
        "division": f"{whole}%",
    }


def _values(found: Any) -> dict[str, str]:
    if found in ("{}", {}):
        return {}
    return json.loads(found) if isinstance(found, str) else found
