"""Numbers that people read, copy and dictate: case numbers (办件编号)."""

from __future__ import annotations

from datetime import date

from django.db import connection

from shuzheng.kernel.id import check_character

#: Sequence numbers restart after this many; within one day and item they cannot meet again.
CYCLE = 10_000_000


def reserve_case_numbers(division_code: str, item_code: str, on: date, count: int = 1) -> list[str]:
    """Reserve case numbers: division (6) + date (8) + item (4) + sequence (7) + check character.

    ``item_code`` is four letters or digits. Reservation takes no lock, so windows may reserve in bulk ahead of time;
    a number that is never used stays unused.
    """
    if not 1 <= count <= 10_000:
        raise ValueError("Between 1 and 10,000 numbers can be reserved at once.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('kernel_case_number') FROM generate_series(1, %s)", [count])
        sequence = [row[0] for row in cursor.fetchall()]
    head = f"{division_code[:6]:0<6}{on:%Y%m%d}{item_code[:4].upper():0>4}"
    bodies = [f"{head}{number % CYCLE:07d}" for number in sequence]
    return [body + check_character(body) for body in bodies]
