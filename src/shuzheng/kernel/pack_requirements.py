"""Packs that stand on each other: their codes, what they require, and the order in which they load."""

from __future__ import annotations

from collections.abc import Iterator

from shuzheng.kernel.declaration import PackSource
from shuzheng.kernel.models import PackRelease
from shuzheng.kernel.source import Problem, nearest, read_yaml


def check_codes(packs: list[PackSource]) -> Iterator[Problem]:
    """Find packs that call themselves alike."""
    first: dict[str, PackSource] = {}
    for pack in packs:
        other = first.setdefault(pack.manifest.code, pack)
        if other is not pack:
            file = pack.folder / "pack.yaml"
            told = f"包“{pack.manifest.code}”已在 {other.folder} 声明过"
            yield Problem(str(file), read_yaml(file).line(("code",)), told, "请改用别的代码")


def check_requirements(packs: list[PackSource]) -> Iterator[Problem]:
    """Find required packs that do not exist, and packs that require each other."""
    present = {pack.manifest.code: pack for pack in packs}
    for pack in packs:
        file = str(pack.folder / "pack.yaml")
        lines = read_yaml(pack.folder / "pack.yaml")
        for index, code in enumerate(pack.manifest.requires):
            if code not in present and not _loaded(code):
                yield Problem(file, lines.line(("requires", index)), f"依赖的包“{code}”不存在", nearest(code, present))
            elif code in present and _reaches(present, code, pack.manifest.code, set()):
                yield Problem(file, lines.line(("requires", index)), f"包之间循环依赖：{pack.manifest.code} ⇄ {code}")


def _loaded(code: str) -> bool:
    return PackRelease.objects.filter(code=code).exists()


def _reaches(packs: dict[str, PackSource], start: str, goal: str, seen: set[str]) -> bool:
    if start == goal:
        return True
    if start in seen or start not in packs:
        return False
    seen.add(start)
    return any(_reaches(packs, code, goal, seen) for code in packs[start].manifest.requires)


def in_order(packs: list[PackSource]) -> list[PackSource]:
    """Return the packs, those that others stand on first."""
    by_code = {pack.manifest.code: pack for pack in packs}
    ordered: dict[str, PackSource] = {}

    def place(pack: PackSource) -> None:
        for code in pack.manifest.requires:
            if code in by_code and code not in ordered:
                place(by_code[code])
        ordered[pack.manifest.code] = pack

    for pack in packs:
        place(pack)
    return list(ordered.values())
