"""Numbers that people read, copy and dictate: case numbers (办件编号)."""

from __future__ import annotations

import os
from datetime import date
from itertools import islice
from threading import Lock

from django.db import connection

from shuzheng.kernel.id import check_character

#: Sequence numbers restart after this many; within one day and item they cannot meet again.
CYCLE = 10_000_000
#: Sequence numbers that a process takes from the database at a time.
BLOCK = 32


class _Block:
    """Sequence numbers that one process took and has not used; each database has its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[str, list[int]] = {}

    def take(self, count: int) -> list[int]:
        """Take so many, the lowest first."""
        with self._lock:
            left = self._left.setdefault(str(connection.settings_dict["NAME"]), [])
            if len(left) < count:
                left += _draw(max(count, BLOCK))
            taken = list(islice(left, count))
            del left[:count]
            return taken

    def forget(self) -> None:
        """Leave what a parent process took to the parent."""
        self.__init__()


_block = _Block()
os.register_at_fork(after_in_child=_block.forget)


def reserve_case_numbers(division_code: str, item_code: str, on: date, count: int = 1) -> list[str]:
    """Reserve case numbers: division (6) + date (8) + item (4) + sequence (7) + check character.

    ``item_code`` is four letters or digits. Reservation takes no lock on the database, so windows may reserve in bulk
    ahead of time; a number that is never used stays unused.
    """
    if not 1 <= count <= 10_000:
        raise ValueError("Between 1 and 10,000 numbers can be reserved at once.")
    head = f"{division_code[:6]:0<6}{on:%Y%m%d}{item_code[:4].upper():0>4}"
    bodies = [f"{head}{number % CYCLE:07d}" for number in _block.take(count)]
    return [body + check_character(body) for body in bodies]


def _draw(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('kernel_case_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
