"""Run the sandbox SMS centre: ``python -m shuzheng.sandbox.smsc``."""

from __future__ import annotations

import argparse
import sys

from shuzheng.sandbox.smsc.centre import serve


def main() -> None:
    """Open both doors and send receipts until interrupted; prints the ports once they are open."""
    parser = argparse.ArgumentParser(description="沙箱短信中心：演示用，不会发出任何短信。")
    parser.add_argument("--http", type=int, default=9200)
    parser.add_argument("--cmpp", type=int, default=7890)
    parser.add_argument("--store", default="smsc.sqlite")
    parser.add_argument("--callback", default="", help="Address that receipts of the HTTP door are posted to.")
    parser.add_argument("--key", default="sandbox")
    parser.add_argument("--secret", default="sandbox-secret")
    parser.add_argument("--account", default="900001")
    given = vars(parser.parse_args())
    serve(given.pop("store"), **given, opened=_tell)


def _tell(http: int, cmpp: int) -> None:
    sys.stdout.write(f"{http} {cmpp}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
