"""What people see of the acquirer: a pay page that says at once that it is a demonstration."""

from __future__ import annotations

from html import escape
from typing import Any

_PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示收单机构</title><style>
body{{font:18px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;margin:0;background:#f3f5f8;color:#1b2430}}
header{{background:#8a4b00;color:#fff;padding:12px 16px;text-align:center}}
main{{max-width:26rem;margin:24px auto;background:#fff;border-radius:12px;padding:24px;box-shadow:0 1px 6px #0002}}
strong.sum{{display:block;font-size:2.4rem;text-align:center;margin:8px 0 16px}}
dl{{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 20px}}dt{{color:#5b6675}}dd{{margin:0;overflow-wrap:anywhere}}
button{{font:inherit;width:100%;min-height:48px;border-radius:8px;border:1px solid #1456b8;background:#1456b8;color:#fff;margin-top:10px}}
button.no{{background:#fff;color:#1456b8}}p.bad{{background:#fdecea;color:#8c1d18;border-radius:8px;padding:10px}}</style>
<header><b>演示收单机构</b> · 不会扣真钱</header><main>{content}</main></html>"""


def pay(order: dict[str, Any], trouble: str = "") -> bytes:
    """Return the pay page of an order."""
    amount = f"{order['amount'] // 100:,}.{order['amount'] % 100:02d}"
    rows = [("收款方", "财政专户（演示）"), ("事由", order["subject"]), ("订单号", order["number"])]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(str(value))}</dd>" for name, value in rows)
    told = f'<p class="bad" role="alert">{escape(trouble)}</p>' if trouble else ""
    if order["state"] == "paid":
        told = '<p role="status">这笔订单已经付过款，不会再次扣款。</p>'
    form = (
        '<form method="post"><button name="do" value="pay">确认付款</button>'
        '<button class="no" name="do" value="cancel">返回，不付款</button></form>'
    )
    return _PAGE.format(content=f'{told}<strong class="sum">¥{amount}</strong><dl>{listed}</dl>{form}').encode()


def gone() -> bytes:
    """Return the page of an order that is not there."""
    return _PAGE.format(content="<h1>没有这个订单</h1><p>请从缴款书页面重新进入。</p>").encode()
