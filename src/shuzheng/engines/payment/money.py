"""Money: whole fen of CNY inside, yuan at the edge, capitals on receipts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shuzheng.kernel.error import FieldProblem, InvalidInput

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
MYRIADS = ("", "万", "亿")
#: The largest amount that can be written: 9,999 亿 yuan and more.
MOST = 10**14 - 1


def yuan(fen: int) -> str:
    """Return an amount in yuan as people read it: ``1,234.50``."""
    sign, whole = "-" if fen < 0 else "", abs(fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def fen(yuan: Decimal) -> int:
    """Return an amount of yuan in fen, halves rounded up (四舍五入)."""
    return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def capitals(amount: int) -> str:
    """Return an amount of fen in capitals (大写金额), as 《支付结算办法》附件《正确填写票据和结算凭证的基本规定》 has it.

    ``140950`` is 人民币壹仟肆佰零玖元伍角整; a negative amount begins with 负. Raises ValueError beyond MOST.
    """
    if abs(amount) > MOST:
        raise ValueError(amount)
    whole, rest = divmod(abs(amount), 100)
    jiao, last = divmod(rest, 10)
    text = f"{_whole(whole)}元" if whole else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif last and whole:
        text += "零"
    text += f"{DIGITS[last]}分" if last else "整"
    return ("负" if amount < 0 else "") + (f"人民币{text}" if amount else "人民币零元整")


def _whole(number: int) -> str:
    """Write a whole number: groups of four places, a single 零 for any gap."""
    groups, place = [], 0
    while number:
        number, group = divmod(number, 10_000)
        groups.append((group, MYRIADS[place]))
        place += 1
    text, gap = "", False
    for group, myriad in reversed(groups):
        if not group:
            gap = True
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group(group) + myriad
        gap = False
    return text


def _group(number: int) -> str:
    """Write one to four places without leading 零."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return text


def amount_in_fen(text: str) -> int:
    """Return an amount that a person typed in yuan, in fen. Raises InvalidInput unless it has two decimals at most."""
    try:
        number = Decimal(text.replace(",", "").strip())
        if number.is_finite() and number == number.quantize(Decimal("0.01")) and 0 < number * 100 <= MOST:
            return fen(number)
    except InvalidOperation:
        pass
    raise InvalidInput(FieldProblem("amount", str(_("金额应为大于零、最多两位小数的数。"))))
