"""The people to sign in as: documented, the same in every demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: Password of every account of the cast. Only a demo has these accounts; others have no password at all.
PASSWORD = "shuzheng-demo-2026"
HOME = "360702000000"


@dataclass(frozen=True)
class Resident:
    """A resident of the cast."""

    username: str
    name: str
    born: date
    female: bool
    who: str
    elder_mode: bool = False


@dataclass(frozen=True)
class Official:
    """An official of the cast, on the same post in every bureau named, or holding a role."""

    username: str
    name: str
    who: str
    posts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    role: str = ""


DAUGHTER = Resident("limei", "李梅", date(1975, 5, 20), True, "居民；王桂英的女儿，可以替母亲办事")
MOTHER = Resident("wangguiying", "王桂英", date(1941, 3, 2), True, "居民，八十五岁，长者模式", elder_mode=True)
FOUNDER = Resident("chenzhiqiang", "陈志强", date(1982, 4, 9), False, "赣南人家餐饮店的经营者")
OPERATOR = Resident("huangli", "黄丽", date(1991, 12, 1), True, "赣南人家餐饮店的经办人")
RESIDENTS = (DAUGHTER, MOTHER, FOUNDER, OPERATOR)
FIRM = "章贡区赣南人家餐饮店"

_BUREAUS = ("market-supervision", "civil-affairs", "urban-management", "government-service")
CONTACT = Official(
    "fangxin", "方欣", "章贡区市场监管局应用接入联络员", ("handler",), ("market-supervision",), "connection-officer"
)
REVIEWERS = (
    Official("daiyu", "戴宇", "应用接入审核员", role="connection-reviewer"),
    Official("kongfan", "孔凡", "应用接入审核员（复核）", role="connection-reviewer"),
)
MANAGER = Official("tangwei", "唐伟", "应用接入管理员", role="connection-manager")
OFFICIALS = (
    Official("zhangmin", "张敏", "章贡区受理岗（窗口）", ("acceptor",), _BUREAUS),
    Official("liguohua", "李国华", "章贡区承办岗", ("handler",), _BUREAUS),
    Official("hekan", "何勘", "章贡区市场监管局勘验岗", ("inspector",), ("market-supervision", "urban-management")),
    Official("liujianguo", "刘建国", "章贡区审批岗", ("approver",), _BUREAUS),
    Official("yangli", "杨立", "章贡区分管领导", ("leader",), _BUREAUS),
    Official("zhongdu", "钟督", "章贡区督办岗", ("supervisor",), ("peoples-government", *_BUREAUS)),
    Official("yeqing", "叶青", "事项管理员", role="item-manager"),
    Official("luoying", "罗颖", "印章管理员", role="seal-manager"),
    Official("zengshufen", "曾淑芬", "收费管理员", role="cashier"),
    Official("laiguoping", "赖国平", "财务负责人", role="treasurer"),
    Official("xiezhigang", "谢志刚", "对账会计", role="bookkeeper"),
    Official("wenwenhua", "温文华", "档案管理员", role="archivist"),
    Official("gaojie", "高洁", "消息发送员", role="message-sender"),
    Official("renwei", "任伟", "值班运维", role="duty-operator"),
    CONTACT,
    *REVIEWERS,
    MANAGER,
    Official("jinlan", "金兰", "工作日历管理员", role="calendar-keeper"),
    Official("luping", "陆平", "工作日历管理员（复核）", role="calendar-keeper"),
    Official("sysadmin", "赵系", "系统管理员", role="system-administrator"),
    Official("secadmin", "钱安", "安全管理员", role="security-administrator"),
    Official("auditadmin", "孙审", "审计管理员", role="audit-administrator"),
)
ACCOUNTS = [(person.username, PASSWORD, f"{person.name}：{person.who}") for person in (*RESIDENTS, *OFFICIALS)]
