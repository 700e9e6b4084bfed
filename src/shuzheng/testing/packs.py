"""Packs for tests: read and checked once a process, installed in every test's own transaction."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.db import transaction

from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.actions import install
from shuzheng.kernel.declaration import PackSource
from shuzheng.kernel.pack import read

#: Code → name of the divisions that tests live in.
PLACES = {
    "36": "江西省",
    "3607": "赣州市",
    "360702": "章贡区",
    "360702001": "解放街道",
    "3604": "九江市",
    "360402": "濂溪区",
}


@transaction.atomic
def install_packs(*paths: Path, facts: bool = False) -> None:
    """Install packs without their facts, which take seconds; ``some_divisions`` stands in for those."""
    for pack in _sources(paths):
        install(
            pack if facts else PackSource(pack.folder, pack.manifest, pack.declared, [], pack.content_hash), by="test"
        )


def some_divisions() -> None:
    """Make the few divisions that tests live in."""
    Division.objects.bulk_create(
        [
            Division(
                code=pad(code),
                name=name,
                full_name="".join(PLACES[label] for label in lineage(code)),
                level=len(lineage(code)),
                path=".".join(lineage(code)),
                parent_code=pad(lineage(code)[-2]) if len(lineage(code)) > 1 else "",
                source="test",
            )
            for code, name in PLACES.items()
        ],
        ignore_conflicts=True,
    )


@lru_cache
def _sources(paths: tuple[Path, ...]) -> list[PackSource]:
    return read(list(paths))
