"""Names, numbers and addresses that nobody has: plausible in southern Jiangxi, valid in every check character."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from stdnum.cn import ric, uscc

SURNAMES = "刘陈李黄张钟谢曾王赖郭罗肖朱廖温邱杨吴林胡周徐何彭叶邓严袁欧阳"
COMPOUND = "欧阳"
FEMALE = "梅秀兰芳丽娟燕玲红霞英慧敏静婷琴云莲凤萍"
MALE = "强勇军伟平辉华明建国志文海波涛峰林鹏斌亮"
SHARED = "晓小文春永金家庆德世"
STREETS = (
    "红旗大道",
    "文清路",
    "健康路",
    "章江路",
    "长征大道",
    "赣江路",
    "客家大道",
    "八一四大道",
    "东阳山路",
    "青年路",
)
TRADES = {
    "餐饮店": "6210",
    "小吃店": "6220",
    "超市": "5212",
    "饮品有限公司": "6233",
    "建设工程有限公司": "4813",
    "供水工程有限公司": "4852",
    "网络科技有限公司": "6513",
    "商贸有限公司": "5299",
}
BRANDS = (
    "赣南人家",
    "客家缘",
    "脐橙香",
    "八境",
    "郁孤台",
    "章水",
    "贡江",
    "通天岩",
    "宋城",
    "虔州",
    "红井",
    "云石",
    "梅岭",
    "三江",
)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Names:
    """A supply of names and numbers, the same for the same chance; no number comes twice."""

    def __init__(self, chance: Random) -> None:
        """Draw everything from one chance."""
        self.chance = chance
        self._serial = 0
        self._used: set[str] = set()

    def person(self, *, female: bool) -> str:
        """Return a person's name."""
        surname = self.chance.choice(SURNAMES)
        surname = COMPOUND if surname in COMPOUND else surname
        own = self.chance.choice(FEMALE if female else MALE)
        middle = self.chance.choice(SHARED + (FEMALE if female else MALE)) if self.chance.random() < 0.7 else ""
        return f"{surname}{middle}{own}"

    def birthday(self, youngest: int, oldest: int, today: date) -> date:
        """Return a day of birth of somebody between two ages today."""
        return today - timedelta(days=self.chance.randint(youngest * 366, oldest * 365))

    def id_number(self, county: str, born: date, *, female: bool) -> str:
        """Return a citizen id number (GB 11643) with a right check character."""
        while True:
            serial = self.chance.randrange(0, 998, 2) + (0 if female else 1)
            body = f"{county[:6]}{born:%Y%m%d}{serial:03d}"
            number = body + ric.calc_check_digit(body + "0")
            if number not in self._used:
                self._used.add(number)
                return number

    def mobile(self) -> str:
        """Return a mobile number of a series that is given to nobody twice here."""
        self._serial += 1
        return f"170{self._serial:08d}"

    def address(self, county: str) -> str:
        """Return an address."""
        chance = self.chance
        house = f"{county}{chance.choice(STREETS)} {chance.randint(1, 200)} 号"
        return f"{house} {chance.randint(1, 6)} 单元 {chance.randint(1, 18)}0{chance.randint(1, 4)} 室"

    def firm(self, place: str) -> tuple[str, str]:
        """Return a firm's name and its industry (GB/T 4754)."""
        trade = self.chance.choice(list(TRADES))
        self._serial += 1
        return f"{place}{self.chance.choice(BRANDS)}{self._serial}号{trade}", TRADES[trade]

    def credit_code(self, county: str, *, company: bool) -> str:
        """Return a unified social credit code (GB 32100) with a right check character."""
        serial = "".join(self.chance.choices(_CREDIT, k=9))
        body = f"{'91' if company else '92'}{county[:6]}{serial}"
        return body + uscc.calc_check_digit(body)
