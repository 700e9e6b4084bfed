"""A million cases by COPY, plausible because each is the copy of a case that was really lived through the actions.

Some hundreds of cases are played at simulated times over a year, in several counties, with every ending. Their rows are
then repeated: the last eight digits of every key become a counter, so that the copies of one case lie side by side in
the indexes as the cases of one day would.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from shuzheng.engines.casework.actions.deciding import ApproveCase, RejectCase
from shuzheng.engines.casework.actions.filing import FileCase
from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement, RefuseAcceptance
from shuzheng.engines.casework.actions.pausing import SuspendCase
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import DIVISION, a_resident, a_unit, actor_of_officer, actor_of_person, an_officer

#: Table → the column that names its case.
TABLES = {
    "casework_case": "id",
    "casework_casestatus": "case_id",
    "casework_task": "case_id",
    "casework_clock": "case_id",
    "casework_clockfact": "case_id",
    "casework_decision": "case_id",
    "casework_processinstance": "case_id",
}
COUNTIES = (DIVISION, "360703000000", "360704000000", "360102000000", "360103000000", "360402000000")
#: Of twenty cases one is still open.
OPEN_SHARE = 0.05
#: Days ago on which closed and open cases are filed.
CLOSED_DAYS, OPEN_DAYS = range(40, 400, 30), range(1, 16, 3)
#: Applicants of one case's copies; each files several times a year.
APPLICANTS = 2000
#: Copies that are sent at once.
BLOCK = 500
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: A case's or a decision's number: division, day, item, sequence and check character.
NUMBER = re.compile(r"[0-9]{14}([0-9A-Z]{4})[0-9]{7}[0-9A-Z]")
#: Where copies differ.
MARK, APPLICANT = b"~~~~~~~~", b"@@@@@@@@"


@dataclass(frozen=True)
class Desk:
    """A county's counter: who applies and who handles."""

    division: str
    resident: Actor
    officer: Actor

    def file(self) -> UUID:
        """File and return the case."""
        return FileCase.do(
            self.resident,
            item_code="generic-matter",
            division_code=self.division,
            answers={"application_content": "路灯坏了三天，请派人来修。"},
        ).pk


def _accepted(desk: Desk) -> UUID:
    case = desk.file()
    AcceptCase.do(desk.officer, case_id=case)
    return case


def _examined(desk: Desk) -> UUID:
    case = _accepted(desk)
    ForwardStep.do(desk.officer, case_id=case, opinion="情况属实")
    return case


def _granted(desk: Desk) -> UUID:
    case = _examined(desk)
    ApproveCase.do(desk.officer, case_id=case, reasons="已派单维修")
    return case


def _refused(desk: Desk) -> UUID:
    case = _examined(desk)
    RejectCase.do(desk.officer, case_id=case, reasons="该路段不属于本辖区管理")
    return case


def _not_accepted(desk: Desk) -> UUID:
    case = desk.file()
    RefuseAcceptance.do(desk.officer, case_id=case, reason="不属于本机关职权", remedy="请向市城管局申请")
    return case


def _waiting(desk: Desk) -> UUID:
    case = desk.file()
    wanted = [{"code": "other", "title": "现场照片", "problem": "看不清位置"}]
    AskSupplement.do(desk.officer, case_id=case, wanted=wanted)
    return case


def _suspended(desk: Desk) -> UUID:
    case = _accepted(desk)
    SuspendCase.do(desk.officer, case_id=case, ground="inspection", note="现场勘验")
    return case


#: Endings of closed cases, the usual one several times; standings of open ones.
CLOSED: tuple[Callable[[Desk], UUID], ...] = (_granted, _granted, _granted, _granted, _refused, _not_accepted)
OPEN: tuple[Callable[[Desk], UUID], ...] = (Desk.file, _accepted, _examined, _waiting, _suspended)


def seed(conninfo: str, cases: int, *, counties: int = len(COUNTIES)) -> dict[str, int]:
    """Bring a database to so many cases and return the rows of each table; foreign keys are not checked meanwhile."""
    closed, opened = _play(COUNTIES[:counties])
    still_open = int(cases * OPEN_SHARE)
    plan = [*_shares(closed, cases - still_open), *_shares(opened, still_open)]
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda table: _copy(conninfo, table, plan), TABLES))
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    return dict(zip(TABLES, counts, strict=True))


def _play(counties: Iterable[str]) -> tuple[list[UUID], list[UUID]]:
    """Live through the cases that are copied; return the closed and the open ones."""
    desks = [_desk(division) for division in counties]
    closed = [
        _lived(live, desk, days) for days in CLOSED_DAYS for desk in desks for live in CLOSED[days // 30 % 3 :: 3]
    ]
    opened = [_lived(live, desk, days) for days in OPEN_DAYS for desk in desks for live in OPEN]
    return closed, opened


def _desk(division: str) -> Desk:
    unit = a_unit("government-service", division)
    officer = an_officer("王芳", unit=unit, posts=["acceptor", "handler", "approver"])
    return Desk(division, actor_of_person(a_resident("刘洋", division_code=division)), actor_of_officer(officer))


def _lived(live: Callable[[Desk], UUID], desk: Desk, days: int) -> UUID:
    with at(_office_hours(now() - timedelta(days=days))):
        return live(desk)


def _office_hours(moment: datetime) -> datetime:
    return moment.replace(hour=2, minute=moment.microsecond % 60)


def _shares(lived: list[UUID], copies: int) -> Iterator[tuple[UUID, int]]:
    """Yield each case with how often it is copied."""
    for place, case in enumerate(lived):
        yield case, copies * (place + 1) // len(lived) - copies * place // len(lived)


def _copy(conninfo: str, table: str, plan: list[tuple[UUID, int]]) -> int:
    """Copy a table's rows of every case as often as planned; return how many rows that makes."""
    rows = 0
    with psycopg.connect(conninfo) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for place, (case, copies) in enumerate(plan):
            pattern = _pattern(connection, table, case, place)
            if not pattern:
                continue
            with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                for block in _blocks(pattern, copies):
                    copy.write(block)
            rows += pattern.count(b"\n") * copies
    return rows


def _pattern(connection: psycopg.Connection, table: str, case: UUID, place: int) -> bytes:
    """Return a case's rows as COPY writes them, with marks where copies differ."""
    query = f"COPY (SELECT * FROM {table} WHERE {TABLES[table]} = '{case}') TO STDOUT".encode()
    with connection.cursor().copy(query) as copy:
        text = b"".join(copy).decode()
    applicant = connection.execute("SELECT applicant_id FROM casework_case WHERE id = %s", [case]).fetchone()
    own = _own_keys(connection, case)
    text = KEY.sub(lambda key: key[0][:-8] + MARK.decode() if UUID(key[0]) in own else key[0], text)
    text = NUMBER.sub(lambda number: f"{number[1]}{place:05d}{MARK.decode()}", text)
    return text.replace(str(applicant[0]), str(applicant[0])[:-8] + APPLICANT.decode()).encode() if applicant else b""


def _own_keys(connection: psycopg.Connection, case: UUID) -> set[UUID]:
    """Return the keys of everything that belongs to a case."""
    union = " UNION ALL ".join(f"SELECT id FROM {table} WHERE case_id = %(case)s" for table in KEYED)
    return {case, *(row[0] for row in connection.execute(union.encode(), {"case": case}).fetchall())}


KEYED = [table for table, column in TABLES.items() if column == "case_id" and table != "casework_processinstance"]


def _blocks(pattern: bytes, copies: int) -> Iterator[bytes]:
    for start in range(0, copies, BLOCK):
        yield b"".join(
            pattern.replace(MARK, b"%08x" % copy).replace(APPLICANT, b"%08x" % (copy % APPLICANTS))
            for copy in range(start, min(start + BLOCK, copies))
        )
