"""Sets up an empty site for the tests of whole systems and prints the cookies of residents who have signed in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from shuzheng.cli.database import apply_migrations
from shuzheng.cli.site import site

PACKS = Path(__file__).resolve().parents[2] / "packs"


def main(count: int) -> None:
    """Migrate, load what filing needs, make residents and print their cookies as JSON."""
    with site():
        apply_migrations(verbosity=0)
        json.dump(cookies_of_residents(count), sys.stdout)


def cookies_of_residents(count: int) -> list[dict[str, str]]:
    """Return the cookies of so many residents who have signed in through the page."""
    from shuzheng.testing.identity import a_browser, a_resident, a_unit, an_account
    from shuzheng.testing.packs import install_packs, some_divisions

    some_divisions()
    install_packs(PACKS / "base", PACKS / "public-service/generic-matter")
    a_unit("government-service")
    browsers = [a_browser(an_account(a_resident(account=False))) for _ in range(count)]
    return [{name: cookie.value for name, cookie in one.cookies.items()} for one in browsers]


if __name__ == "__main__":
    main(int(sys.argv[1]))
