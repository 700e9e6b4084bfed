"""A year's holidays: one officer pastes the notice, the effect is counted, another confirms, nothing is used too early."""

from __future__ import annotations

from dataclasses import make_dataclass
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.jobs import recompute_clocks, weigh_calendar
from shuzheng.engines.casework.models import Case, Clock
from shuzheng.engines.vocabulary.models import CalendarProposal, CalendarYear
from shuzheng.engines.vocabulary.queries import forget_calendars, work_calendar
from shuzheng.kernel import moment
from shuzheng.kernel.models import EventRecord
from shuzheng.testing.casework import file_case

PAGE = "/office/calendar/years/"
NOTICE = "一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。\n二、春节：2月5日至11日放假调休，共7天。"
GIVEN = {"year": "2027", "notice": "国办发明电〔2026〕8号", "text": NOTICE}
KEEP = ["vocabulary.keep_calendar"]


@pytest.fixture(autouse=True)
def december():
    """A day on which the next year is still to be announced, and calendars that no test leaves behind."""
    forget_calendars()
    with moment.at(datetime(2026, 12, 21, 2, tzinfo=UTC)):
        yield
    forget_calendars()


@pytest.fixture
def entering(desk_of):
    return desk_of("录入", posts=["handler"], permissions=KEEP)


@pytest.fixture
def confirming(desk_of):
    return desk_of("确认", posts=["handler"], permissions=KEEP)


def counted() -> CalendarProposal:
    """Run the job that follows the entry that is open."""
    proposal = CalendarProposal.objects.get(state=CalendarProposal.State.PROPOSED)
    event = EventRecord.objects.get(type="vocabulary.calendar_proposed", subject=str(proposal.pk))
    weigh_calendar.func(event={"subject": event.subject, "data": event.data})
    proposal.refresh_from_db()
    return proposal


def test_two_officers_announce_a_year_with_its_effect_before_their_eyes(entering, confirming, clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    before = Case.objects.get().due_at
    assert before.year == 2027
    assert "2027 年的放假安排还没有录入" in entering.get(PAGE).content.decode()
    entering.post(PAGE, **GIVEN)
    page = entering.get(PAGE).content.decode()
    assert "正在计算影响" in page
    assert "须由另一人确认" in page
    proposal = counted()
    assert (proposal.seen, proposal.earlier, proposal.later) == (1, 0, 1)
    page = confirming.get(PAGE).content.decode()
    assert "1 件在办办件的到期日会推后，0 件会提前" in page
    assert "2027年1月9日" in page
    confirming.post(f"{PAGE}{proposal.pk}/confirm/")
    calendar = work_calendar("360702000000", fresh=True)
    assert not calendar.is_provisional(datetime(2027, 6, 1, tzinfo=UTC).date())
    page = entering.get(PAGE).content.decode()
    assert "还没有录入" not in page
    assert "国办发明电〔2026〕8号" in page


def test_the_effect_is_what_recomputing_does(entering, confirming, clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    entering.post(PAGE, **GIVEN)
    proposal = counted()
    confirming.post(f"{PAGE}{proposal.pk}/confirm/")
    before = Case.objects.get().due_at
    event = EventRecord.objects.filter(type="vocabulary.calendar_changed").latest("time")
    recompute_clocks.func(event={"data": event.data})
    assert Case.objects.get().due_at > before
    assert not Clock.objects.filter(case=case, state="running", provisional=True).exists()


def test_the_effect_is_counted_a_batch_at_a_time(entering, clerk, resident, monkeypatch) -> None:
    for _n in range(3):
        AcceptCase.do(clerk.actor, case_id=file_case(resident).pk)
    entering.post(PAGE, **GIVEN)
    monkeypatch.setattr("shuzheng.engines.casework.weighing.BATCH", 2)
    deferred = []
    monkeypatch.setattr(weigh_calendar, "defer", lambda **given: deferred.append(given))
    assert not counted().weighed
    weigh_calendar.func(**deferred[0])
    proposal = CalendarProposal.objects.get()
    assert (proposal.weighed, proposal.seen, proposal.later) == (True, 3, 3)


def test_a_notice_comes_from_a_file_too(entering) -> None:
    file = SimpleUploadedFile("notice.txt", ("\ufeff" + NOTICE).encode(), "text/plain")
    entering.browser.post(PAGE, {"year": "2027", "notice": "国办发明电〔2026〕8号", "file": file})
    assert CalendarProposal.objects.get().days[0]["day"] == "2027-01-01"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "请大家放假"}, "没有读到放假安排"),
        ({"text": "一、元旦：2月30日至31日放假。"}, "看不懂第 1 行"),
        ({"text": "一、元旦：1月1日放假。1月5日上班。"}, "第 1 段：调休上班的日子应是周六或周日"),
        ({"year": "二七年"}, "年份应为四位数字"),
        ({"year": "2099"}, "2040"),
        ({"notice": ""}, "notice"),
        ({"file": SimpleUploadedFile("a.txt", "一、元旦".encode("gb18030"))}, "不是 UTF-8"),
        ({"file": SimpleUploadedFile("a.txt", b"x" * 30_000)}, "文件太大"),
    ],
)
def test_a_wrong_notice_is_refused_in_words_and_kept(entering, change, said) -> None:
    answer = entering.browser.post(PAGE, {**GIVEN, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CalendarProposal.objects.exists()


def test_an_entry_is_laid_aside_or_taken_back_before_it_begins(entering, confirming) -> None:
    entering.post(PAGE, **GIVEN)
    confirming.post(f"{PAGE}{counted().pk}/discard/")
    assert "已作废" in entering.get(PAGE).content.decode()
    entering.post(PAGE, **GIVEN)
    confirming.post(f"{PAGE}{counted().pk}/confirm/")
    entering.post(f"{PAGE}2027/withdraw/", reason="录入有误")
    assert CalendarYear.objects.order_by("id").last().status == "announced"
    proposal = counted()
    page = entering.get(PAGE).content.decode()
    assert "撤回放假安排" in page
    assert "须由另一人确认" in page
    entering.post(f"{PAGE}{proposal.pk}/confirm/")
    assert CalendarYear.objects.order_by("id").last().status == "announced"
    confirming.post(f"{PAGE}{proposal.pk}/confirm/")
    assert CalendarYear.objects.order_by("id").last().status == "provisional"
    assert confirming.browser.post(f"{PAGE}{CalendarProposal.objects.first().pk}/burn/").status_code == 404


def test_a_day_of_the_whole_country_is_entered_by_one_and_confirmed_by_another(
    entering, confirming, clerk, case
) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    day = work_calendar(None).nth_working_day(moment.today(), 2)
    assert "须由另一人确认" in entering.get("/office/calendar/").content.decode()
    entering.post("/office/calendar/", day=day.isoformat(), working="rest", reason="全省停电检修")
    assert work_calendar(None, fresh=True).is_working(day)
    page = entering.get(PAGE).content.decode()
    assert "全省停电检修" in page
    assert "调整工作日" in page
    proposal = counted()
    assert (proposal.seen, proposal.later) == (1, 1)
    confirming.post(f"{PAGE}{proposal.pk}/confirm/")
    assert not work_calendar("360702000000", fresh=True).is_working(day)
    entering.post("/office/calendar/", day=day.isoformat(), working="clear", reason="检修改期")
    assert "取消调整" in entering.get(PAGE).content.decode()


def test_who_keeps_one_division_only_does_not_announce_years(desk_of, clerk) -> None:
    local = desk_of("县里", posts=["handler"], permissions=KEEP, scope="36.3607.360702")
    assert local.get(PAGE).status_code == 403
    assert clerk.get(PAGE).status_code == 403
    assert "年度放假安排" not in local.get("/office/calendar/").content.decode()


def test_a_count_that_breaks_off_is_tried_again() -> None:
    """Without the count nobody may confirm: one exception must not leave a proposal waiting for good."""
    retry = weigh_calendar.retry_strategy
    assert retry is not None
    assert retry.get_retry_decision(exception=OSError(), job=make_dataclass("Job", ["attempts"])(0)) is not None
