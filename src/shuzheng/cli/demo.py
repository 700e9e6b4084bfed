"""The demo: everything set up, a story played, served."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from rich.progress import Progress
from rich.table import Table

from shuzheng.cli.console import out, progress, say
from shuzheng.cli.database import apply_migrations
from shuzheng.cli.packs import load_packs
from shuzheng.cli.serve import Host, Port, serve
from shuzheng.cli.site import database, set_up

STORY = "shuzheng.demo.story"
PAGES = {"/": "办事大厅 citizen portal", "/office/": "工作台 office", "/admin/": "管理后台 operators"}


class Story(Protocol):
    """The module that plays the demo's story through the real actions."""

    #: (user name, password, who it is) of the accounts to try.
    ACCOUNTS: list[tuple[str, str, str]]

    def pages(self) -> dict[str, str]:
        """Return what else there is to look at, by path."""
        ...

    def told(self) -> bool:
        """Say whether this database holds the story already."""
        ...

    def tell(self, progress: Progress) -> None:
        """Play the story, showing how far it is."""
        ...


def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Set up a demo and serve it: database, packs, a story of ninety simulated days. The second start is quick."""
    os.environ["SHUZHENG_DEMO"] = "1"
    with database():
        set_up()
        apply_migrations(verbosity=0)
        load_packs()
        story = _story()
        if story is not None and not story.told():
            with progress() as bar:
                story.tell(bar)
        _introduce(f"http://{host}:{port}", story)
        serve(host, port)


def _story() -> Story | None:
    if find_spec(STORY) is None:
        return None
    return cast(Story, import_module(STORY))


def _introduce(address: str, story: Story | None) -> None:
    for path, what in {**PAGES, **(story.pages() if story else {})}.items():
        say(f"{address}{path:<10} {what}")
    accounts = story.ACCOUNTS if story else []
    table = Table("account 账号", "password 密码", "who 身份", box=None)
    for account in accounts:
        table.add_row(*account)
    if accounts:
        out.print(table)
