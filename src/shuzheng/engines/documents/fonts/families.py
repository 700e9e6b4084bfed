"""Which families there are, where they are found, and which face writes a character.

| family | what it is for | found as |
|---|---|---|
| song 宋体 | text | ``song.ttf`` in the folder, else Noto Serif SC |
| hei 黑体 | headings | ``hei.ttf`` in the folder, else Noto Sans SC |
| fang 仿宋, kai 楷体 | text of official letters, names | ``fang.ttf``, ``kai.ttf`` in the folder, else as song |

Bold is ``song-bold.ttf`` (``hei-bold.ttf`` …) in the folder, else made from the regular weight.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from shuzheng.engines.documents.fonts.errors import FontMissing, GlyphMissing
from shuzheng.engines.documents.fonts.face import Face

Family = Literal["song", "hei", "fang", "kai"]
NAMES: dict[Family, str] = {"song": "宋体", "hei": "黑体", "fang": "仿宋", "kai": "楷体"}
PACKAGE = "pylopdf_fonts_zh_cn"
_PACKAGED: dict[Family, str] = {
    "song": "NotoSerifSC-Regular.otf",
    "hei": "NotoSansSC-Regular.otf",
    "fang": "NotoSerifSC-Regular.otf",
    "kai": "NotoSerifSC-Regular.otf",
}
_SUFFIXES = (".ttf", ".otf", ".ttc")


@lru_cache(maxsize=32)
def face(family: Family, *, bold: bool = False, folder: Path | None = None) -> Face:
    """Return a face of a family; loaded once. Raises FontMissing."""
    own_bold = _in_folder(folder, f"{family}-bold") if bold else None
    if own_bold is not None:
        return Face(NAMES[family], own_bold, serif=family != "hei")
    file = _in_folder(folder, family) or _packaged(family)
    if file is None:
        raise FontMissing(_advice(family, folder))
    return Face(NAMES[family], file, bold=bold, serif=family != "hei")


def missing(folder: Path | None = None) -> list[str]:
    """Return a sentence for each family that is not to be found; for ``shuzheng doctor``."""
    return [_advice(f, folder) for f in get_args(Family) if not (_in_folder(folder, f) or _packaged(f))]


def split(text: str, family: Family, *, bold: bool = False, folder: Path | None = None) -> list[tuple[Face, str]]:
    """Return the text in runs of one face each: the family asked for, and another where that has no glyph.

    Raises GlyphMissing with all characters that no family has, FontMissing.
    """
    order = [family, *(f for f in get_args(Family) if f != family)]
    runs: list[tuple[Face, str]] = []
    unknown: list[str] = []
    for character in text:
        chosen = next((f for f in order if character in face(f, bold=bold, folder=folder)), None)
        if chosen is None:
            unknown.append(character)
            continue
        used = face(chosen, bold=bold, folder=folder)
        if runs and runs[-1][0] is used:
            runs[-1] = (used, runs[-1][1] + character)
        else:
            runs.append((used, character))
    if unknown:
        raise GlyphMissing("".join(dict.fromkeys(unknown)))
    return runs


def _in_folder(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    return next((file for suffix in _SUFFIXES if (file := folder / f"{name}{suffix}").is_file()), None)


def _packaged(family: Family) -> Path | None:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    file = Path(next(iter(found.submodule_search_locations))) / _PACKAGED[family]
    return file if file.is_file() else None


def _advice(family: Family, folder: Path | None) -> str:
    place = f"字体目录 {folder} 中的 {family}.ttf" if folder else "字体目录（未设置）"
    return f"找不到{NAMES[family]}：{place}和 Python 包 {PACKAGE} 都没有。请运行 pip install pylopdf-fonts-zh-cn。"
