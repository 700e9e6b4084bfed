"""How indicators are calculated: one set-based SQL statement each, in the file of its name.

``casework.open_tasks`` stands in ``casework/open_tasks.sql``. A statement yields ``division_path, unit_id, post,
officer_id, key, day, value`` and may use the parameters ``now``, ``today`` and ``since``, the first day of a series to
count again. Figures of divisions are given for every division above as well, by the function ``insight_above``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Calculation:
    """One way to calculate an indicator."""

    name: str
    sql: str

    @property
    def series(self) -> bool:
        """Say whether it yields one value a day; then only the days counted again are replaced."""
        return "%(since)s" in self.sql


@cache
def calculations() -> dict[str, Calculation]:
    """Return every calculation by name."""
    return {c.name: c for c in (_read(file) for file in sorted(FOLDER.glob("*/*.sql")))}


def _read(file: Path) -> Calculation:
    return Calculation(f"{file.parent.name}.{file.stem}", file.read_text("utf-8").strip().rstrip(";"))
