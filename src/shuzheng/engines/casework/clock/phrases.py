"""The words in which a clock is explained: Chinese for residents, English beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shuzheng.engines.casework.clock.ground import GROUNDS, Ground
from shuzheng.engines.casework.clock.rule import ClockRule, LapseEffect, Unit

Tongue = Literal["zh", "en"]

_CHINESE = {
    "start": "{title} {limit}，{day}起算，当日不计入",
    "start_hours": "{title} {limit}，{moment}起算",
    "months": "按月计算：没有暂停时，{limit}到{until}期满，共 {days}（《民法典》第二百零二条）",
    "months_end": "按月计算：没有暂停时，{limit}到{until}期满，共 {days}；那个月没有 {date} 日，以月末日为准（《民法典》第二百零二条）",
    "not_started": "尚未开始计时",
    "one": "第 {n} {unit} {day}",
    "many": "第 {n}–{m} {unit} {span}",
    "weekends": "（{spans} 周末不计）",
    "weekends_many": "（其间 {n} 个周末不计）",
    "weekend": "{span} 周末不计",
    "holiday": "{name} {span} 不计",
    "makeup": "第 {n} {unit} {day}，调休上班，计入",
    "suspend": "{next}起暂停计时（{day}进入{ground}，依据{law}）",
    "suspend_hours": "{moment}起暂停计时（{ground}，依据{law}）",
    "resume": "{next}起继续计时（{day}{ground}结束，暂停期间的 {lost}不计）",
    "resume_hours": "{moment}起继续计时（{ground}结束，暂停期间的 {lost}不计）",
    "resume_other": "{day}{ground}结束，其他程序仍在进行，继续暂停",
    "extend": "{day}经批准延长 {amount}{law}，期限共 {total}",
    "law": "（依据{law}）",
    "rolled": "最后一天 {last} 逢休息日，顺延至休息日结束的次日",
    "woken": "期限届满时仍在暂停，顺延至恢复后的第一{unit}",
    "due": "到期日 {day}，当日 {hour} 前",
    "due_hours": "到期时间 {moment}",
    "paused_now": "目前暂停计时；如果今天恢复，到期日不早于 {day}",
    "stopped": "{day}办结，用时 {used}，没有超期",
    "stopped_late": "{day}办结，已超过期限 {late}",
    "lapsed": "已超过期限 {late}",
    "deemed_accepted": "逾期没有告知，视为自收到申请材料之日起受理（《行政许可法》第三十二条）",
    "deemed_granted": "逾期没有作出决定，视为准予延续（《行政许可法》第五十条）",
    "provisional": "{year}年的放假安排尚未公布，暂按周末推算；公布后如有变化，将通知您",
}
_ENGLISH = {
    "start": "{title}, {limit}, from {day}, which itself does not count",
    "start_hours": "{title}, {limit}, from {moment}",
    "months": "Counted in months: without pauses {limit} end on {until}, {days} in all (Civil Code, art. 202)",
    "months_end": "Counted in months: without pauses {limit} end on {until}, {days} in all; that month has no day {date}, "
    "so its last day counts (Civil Code, art. 202)",
    "not_started": "Not started yet",
    "one": "{unit} {n}: {day}",
    "many": "{unit}s {n}–{m}: {span}",
    "weekends": " (weekend {spans} not counted)",
    "weekends_many": " ({n} weekends between not counted)",
    "weekend": "{span}: weekend, not counted",
    "holiday": "{span}: {name}, not counted",
    "makeup": "{unit} {n}: {day}, make-up working day, counted",
    "suspend": "Paused from {next} ({ground} began on {day}; {law})",
    "suspend_hours": "Paused from {moment} ({ground}; {law})",
    "resume": "Counting again from {next} ({ground} ended on {day}; {lost} not counted)",
    "resume_hours": "Counting again from {moment} ({ground} ended; {lost} not counted)",
    "resume_other": "{ground} ended on {day}; still paused for another procedure",
    "extend": "Extended by {amount} on {day}{law}, {total} in all",
    "law": " ({law})",
    "rolled": "The last day, {last}, is a day off: moved to the day after it",
    "woken": "The limit ended during a pause: moved to the first {unit} after it",
    "due": "Due {day}, before {hour}",
    "due_hours": "Due {moment}",
    "paused_now": "Paused at present; due not before {day} if counting resumed today",
    "stopped": "Closed on {day} after {used}, in time",
    "stopped_late": "Closed on {day}, {late} late",
    "lapsed": "Late by {late}",
    "deemed_accepted": "No notice in time: deemed accepted on the day of receipt (Administrative Licensing Law, art. 32)",
    "deemed_granted": "No decision in time: extension deemed granted (Administrative Licensing Law, art. 50)",
    "provisional": "The holidays of {year} are not announced yet; plain weekends are assumed and you will be told of changes",
}
_UNITS = {
    "zh": {
        Unit.WORKING_DAY: "个工作日",
        Unit.CALENDAR_DAY: "天",
        Unit.MONTH: "个月",
        Unit.HOUR: "小时",
        Unit.WORKING_HOUR: "个工作小时",
    },
    "en": {
        Unit.WORKING_DAY: "working day",
        Unit.CALENDAR_DAY: "day",
        Unit.MONTH: "month",
        Unit.HOUR: "hour",
        Unit.WORKING_HOUR: "working hour",
    },
}
_YEAR = {"zh": "年", "en": "year"}
_FESTIVALS = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "抗战胜利纪念日": "Victory Day",
}
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Words:
    """One language, telling dates as people of one year would: the year is named only where it is another."""

    tongue: Tongue
    year: int
    unit: Unit

    @property
    def _texts(self) -> Mapping[str, str]:
        return _CHINESE if self.tongue == "zh" else _ENGLISH

    def say(self, text: str, **parts: object) -> str:
        """Return a phrase with its parts filled in."""
        said = self._texts[text].format(**parts)
        return said[0].upper() + said[1:]

    def effect(self, lapse: LapseEffect) -> str | None:
        """Return what the law attaches to a lapse, in words, or ``None``."""
        return self._texts.get(str(lapse))

    @property
    def unit_name(self) -> str:
        """Return the unit's name in the singular."""
        return _UNITS[self.tongue][self.unit]

    def units(self, amount: float) -> str:
        """Return an amount of what is counted with its unit, e.g. ``5 个工作日``."""
        return self._amount(amount, self.unit_name)

    def limit(self, amount: int, unit: Unit) -> str:
        """Return a limit with its unit, e.g. ``3 个月``; whole years as such."""
        if unit is Unit.MONTH and amount % 12 == 0:
            return self._amount(amount // 12, _YEAR[self.tongue])
        return self._amount(amount, _UNITS[self.tongue][unit])

    def _amount(self, amount: float, name: str) -> str:
        plural = "s" if self.tongue == "en" and amount != 1 else ""
        return f"{amount:g} {name}{plural}"

    def title(self, rule: ClockRule) -> str:
        """Return the title of a rule."""
        return (rule.title_en if self.tongue == "en" else "") or rule.title

    def date(self, day: date) -> str:
        """Return a date without its weekday, e.g. ``11月23日``."""
        other = day.year != self.year
        if self.tongue == "zh":
            return (f"{day.year}年" if other else "") + f"{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if other else "")

    def day(self, day: date) -> str:
        """Return a date with its weekday, e.g. ``11月23日（周一）``."""
        weekday = _WEEKDAYS[self.tongue][day.weekday()]
        return f"{self.date(day)}（周{weekday}）" if self.tongue == "zh" else f"{weekday} {self.date(day)}"

    def moment(self, at: datetime) -> str:
        """Return a date with its time of day."""
        return f"{self.day(at.date())}{'' if self.tongue == 'zh' else ' '}{at:%H:%M}"

    def span(self, first: date, last: date) -> str:
        """Return a span of days, e.g. ``11月24日–26日``."""
        if first == last:
            return self.date(first)
        same_month = (first.year, first.month) == (last.year, last.month)
        if self.tongue == "zh":
            return f"{self.date(first)}–{last.day}日" if same_month else f"{self.date(first)}–{self.date(last)}"
        return f"{first.day}–{self.date(last)}" if same_month else f"{self.date(first)} – {self.date(last)}"

    def ground(self, ground: Ground) -> str:
        """Return the name of a ground."""
        facts = GROUNDS[ground]
        return facts.chinese if self.tongue == "zh" else facts.english

    def joined(self, texts: list[str]) -> str:
        """Return several statements as one."""
        return ("；" if self.tongue == "zh" else "; ").join(texts)

    def festivals(self, names: list[str]) -> str:
        """Return the names of festivals, joined."""
        said = names if self.tongue == "zh" else [_FESTIVALS.get(name, name) for name in names]
        return ("、" if self.tongue == "zh" else ", ").join(said)
