"""``shuzheng storage``: move files and archive packages between storages, and see whether a storage works."""

from __future__ import annotations

from typing import Annotated

import typer

from shuzheng.cli.console import fail, out, say
from shuzheng.cli.site import set_up, site
from shuzheng.cli.storage_copying import Copying, Tally, wanted

app = typer.Typer(
    name="storage", help="Where files lie: check a storage, copy everything to another.", no_args_is_help=True
)
TO = "The other storage: a folder, or s3://bucket/prefix?endpoint=https://…&credentials=/file."
KEPT = (
    "But the bucket keeps versions of what is deleted, with no rule that ends them: what is destroyed here stays there. "
    "See docs/howto/store-files-on-s3.md. 存储桶保留已删除内容的历史版本，销毁不彻底。"
)
UNTOLD = "Whether the bucket keeps versions of what is deleted, it does not tell. 无法得知存储桶是否保留已删除内容的历史版本。"


@app.command()
def check(
    at: Annotated[str, typer.Option(help="Another storage than this installation's own.")] = "",
) -> None:
    """Write, read and delete a few bytes. 试写、试读、试删。"""
    set_up()
    from shuzheng.engines.documents.gateways import places
    from shuzheng.kernel.error import Unavailable

    try:
        address = at or places.ours()
        for area in ("files", "archive"):
            places.at(address, area).probe()
        kept = places.at(address, "files").keeps_deleted()
    except (Unavailable, places.BadAddress, OSError) as problem:
        fail(reason_of(problem))
    say(f"{address.partition('?')[0]} can be written, read and cleared. 存储可用。")
    if kept is not False:
        say(KEPT if kept else UNTOLD)


@app.command()
def copy(
    to: Annotated[str, typer.Option(help=TO)],
    source: Annotated[str, typer.Option("--from", help="Another source than this installation's own storage.")] = "",
    verify: Annotated[
        bool, typer.Option(help="Read every copy back and compare its SM3, also of what was there.")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option(help="Remove from the other storage what no record names, as what was disposed of meanwhile."),
    ] = False,
) -> None:
    """Copy all files and packages to another storage, comparing SM3; run again, it goes on where it stopped.

    Work may go on meanwhile: run it once more when the site stands still, then change SHUZHENG_STORAGE. 迁移存储，可续传。
    """
    with site():
        from shuzheng.engines.documents.gateways import places
        from shuzheng.kernel.error import Unavailable

        done = Tally()
        try:
            if prune and places.at(to, "files").where == places.at(places.ours(), "files").where:
                fail("The storage in use is never pruned: what is being stored at this moment has no record yet.")
            for area, keys in wanted().items():
                target = places.at(to, area)
                Copying(places.at(source or places.ours(), area), target, area, verify, prune, done).run(keys)
        except (Unavailable, places.BadAddress, OSError) as problem:
            fail(f"Stopped after {done.copied} copies; run it again to go on. {reason_of(problem)}")
    for key in done.damaged:
        out.print(key, markup=False, highlight=False)
    say(f"{done.copied} copied, {done.there} there already, {len(done.damaged)} missing or damaged.")
    if done.unnamed:
        what = "removed" if prune else "left; --prune removes them, so that what was destroyed is gone there too"
        say(f"{done.unnamed} at the other storage that no record names: {what}.")
    if done.damaged:
        raise typer.Exit(1)


def reason_of(problem: Exception) -> str:
    """Return what an operator should know of a storage that does not work."""
    params = getattr(problem, "params", {})
    return str(params.get("reason") or problem)
