"""The kernel's own actions."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.declaration import Counts, Declaration, PackSource
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.models import PackRelease
from shuzheng.kernel.pack import read
from shuzheng.kernel.pack_comparison import compare
from shuzheng.kernel.policies import LOAD_PACKS
from shuzheng.kernel.publication import draft_many, publish


class LoadPacksInput(Input):
    """Where the packs are; empty means the folders that the settings name."""

    paths: list[Path] = []


class PackLoaded(BaseModel):
    """What loading one pack did."""

    code: str
    version: str
    definitions: dict[str, int]
    facts: dict[str, int]


class LoadPacksResult(BaseModel):
    """What loading did, pack by pack, in the order of loading."""

    packs: list[PackLoaded]


class LoadPacks(Action[LoadPacksInput, LoadPacksResult]):
    """Load packs (应用包): check everything, then publish what is new or changed and load facts, all or nothing.

    Loading the same content again changes nothing. Raises PackInvalid with every problem by file and line, and
    VersionTaken when content changed but the pack's version was not raised.
    """

    name = "kernel.load_packs"
    permission = LOAD_PACKS
    title = _("装载应用包")

    def check(self, actor: Actor, given: LoadPacksInput) -> None:
        """Let only the platform itself, at its command line, name folders. Raises NotPermitted."""
        if given.paths and actor.channel != "system":
            raise NotPermitted

    def perform(self, actor: Actor, given: LoadPacksInput) -> LoadPacksResult:
        """Load every pack in the order of their requirements."""
        loaded = [install(pack, by=actor.name) for pack in read(given.paths or None)]
        self.about(packs={p.code: p.version for p in loaded})
        self.emit("kernel.packs_loaded", "packs", codes=[p.code for p in loaded])
        return LoadPacksResult(packs=loaded)


def install(pack: PackSource, *, by: str) -> PackLoaded:
    """Publish what a valid pack declares and load its facts; a content that was loaded before is left alone."""
    manifest = pack.manifest
    report = PackLoaded(code=manifest.code, version=manifest.version, definitions={}, facts={})
    release = {"code": manifest.code, "version": manifest.version, "content_hash": pack.content_hash}
    if PackRelease.objects.filter(**release).exists():
        return report
    counts = _load_facts(pack, after_definitions=False)
    report.definitions.update(_publish_definitions(pack, by))
    counts += _load_facts(pack, after_definitions=True)
    report.facts.update(vars(counts))
    PackRelease.objects.create(title=manifest.title, **release)
    return report


def _load_facts(pack: PackSource, *, after_definitions: bool) -> Counts:
    total = Counts()
    for facts, file in sorted(pack.facts, key=lambda entry: entry[0].rank):
        if facts.after_definitions == after_definitions:
            total += facts.load(file, pack.manifest)
    return total


def _publish_definitions(pack: PackSource, by: str) -> dict[str, int]:
    changes = compare(pack)
    changed = {(c.kind, c.key) for c in changes if c.what != "unchanged"}
    drafts = []
    for kind in sorted({kind for kind, _key in changed}):
        bodies = [cast(Declaration, d.model) for d in pack.declared if d.kind == kind and (kind, d.key) in changed]
        drafts += draft_many(kind, bodies, pack.manifest.version, pack=pack.manifest.code)
    publish(drafts, by=by, effective=pack.manifest.effective)
    return {what: sum(c.what == what for c in changes) for what in ("new", "changed", "unchanged")}
