"""Packs: folders of declarations. Read, check, compare, load — all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ValidationError

from shuzheng.kernel.declaration import Declared, Kind, Manifest, PackSource, Workspace, fact_kinds, kinds
from shuzheng.kernel.definition import published_body, published_keys
from shuzheng.kernel.input import problems
from shuzheng.kernel.pack_comparison import Change, compare
from shuzheng.kernel.pack_requirements import check_codes, check_requirements, in_order
from shuzheng.kernel.source import Located, PackInvalid, Problem, Unreadable, read_yaml

#: What may stand in a pack without being a definition or facts.
FREE = ("pack.yaml", "*.md", "NOTICE", "LICENSE", "examples/**/*", "content/**/*")


def find_packs(paths: Iterable[Path] | None = None) -> list[Path]:
    """Return the folders with a ``pack.yaml`` at or under the given paths (default: the settings' ``PACKS``)."""
    roots = list(paths or settings.PACKS)
    return sorted({file.parent for root in roots for file in Path(root).rglob("pack.yaml")})


def check(paths: Sequence[Path] | None = None) -> list[Problem]:
    """Return everything that is wrong with the packs under the given paths, by file and line."""
    return _examine(find_packs(paths))[1]


def read(paths: Sequence[Path] | None = None) -> list[PackSource]:
    """Return valid packs, those that others stand on first. Raises PackInvalid."""
    packs, found = _examine(find_packs(paths))
    if found:
        raise PackInvalid(found)
    return in_order(packs)


def diff(paths: Sequence[Path] | None = None) -> list[Change]:
    """Return what loading the packs would change. Raises PackInvalid."""
    return [change for pack in read(paths) for change in compare(pack)]


# -- reading and checking --------------------------------------------------------------------------------------


def _examine(folders: list[Path]) -> tuple[list[PackSource], list[Problem]]:
    found: list[Problem] = []
    packs = [pack for folder in folders if (pack := _read_pack(folder, found))]
    workspace = Workspace(published_body, published_keys)
    for pack in packs:
        for declared in pack.declared:
            _enter(declared, workspace, found)
    found += check_codes(packs)
    found += check_requirements(packs)
    for pack in packs:
        found += _check_references(pack, workspace)
    return packs, sorted(set(found), key=lambda p: (p.file, p.line, p.message))


def _read_pack(folder: Path, found: list[Problem]) -> PackSource | None:
    manifest_file = folder / "pack.yaml"
    manifest = _validate(Manifest, _load(manifest_file, read_yaml, found), (), str(manifest_file), found)
    if manifest is None:
        return None
    pack = PackSource(folder, manifest)
    known = {file for pattern in FREE for file in folder.glob(pattern)}
    for kind in kinds().values():
        known |= set(folder.glob(kind.beside)) if kind.beside else set()
        for file in sorted(folder.glob(kind.pattern)):
            known.add(file)
            pack.declared += _read_definitions(kind, file, found)
    for facts in fact_kinds().values():
        pack.facts += [(facts, file) for file in sorted(folder.glob(facts.pattern))]
    known |= {file for _facts, file in pack.facts}
    found += _strangers(folder, known)
    pack.content_hash = _hash(folder)
    return pack


def _load(file: Path, reader: Any, found: list[Problem]) -> Any:
    try:
        return reader(file)
    except Unreadable as error:
        found.append(Problem(str(file), error.line, str(error)))
    except UnicodeDecodeError:
        found.append(Problem(str(file), 1, "文件不是 UTF-8 编码", "请另存为 UTF-8"))
    return None


def _read_definitions(kind: Kind[Any], file: Path, found: list[Problem]) -> Iterator[Declared[Any]]:
    for at, located in _load(file, kind.read, found) or []:
        model = _validate(kind.model, located, at, str(file), found)
        body = _at(located.value, at)
        key = body.get("code", "") if isinstance(body, dict) else ""
        yield Declared(kind.name, str(key), body, str(file), located, at, model)


def _validate(model: type[Any], located: Located | None, at: Any, file: str, found: list[Problem]) -> Any | None:
    if located is None:
        return None
    body = _at(located.value, at)
    if not isinstance(body, dict):
        found.append(Problem(file, located.line(at), "应当是“键: 值”的列表"))
        return None
    try:
        return model.model_validate(body)
    except ValidationError as failure:
        names = field_names(model)
        for error, problem in zip(failure.errors(), problems(failure), strict=True):
            path = (*at, *error["loc"])
            what = ".".join(str(part) for part in error["loc"])
            message = f"{what}：{problem.message}" if what else str(problem.message)
            found.append(Problem(file, _line(located, path), message, _hint(error, names)))
    return None


def _line(located: Located, path: tuple[Any, ...]) -> int:
    """Return the line of a path as pydantic tells it, which may hold tags of unions that the file has not."""
    known = path
    while known and known not in located.lines:
        known = next((p for p in (known[:-2] + known[-1:],) if p in located.lines), known[:-1])
    return located.line(known)


def _hint(error: Any, names: set[str]) -> str:
    if error["type"] != "extra_forbidden":
        return ""
    close = get_close_matches(str(error["loc"][-1]), names, n=1, cutoff=0.6)
    return f"您要写的是“{close[0]}”吗？" if close else "请删去这一项"


def field_names(model: type[BaseModel]) -> set[str]:
    """Return the names of all fields of a model and of the models inside it."""
    schema = model.model_json_schema()
    inner = [schema, *schema.get("$defs", {}).values()]
    return {name for part in inner for name in part.get("properties", {})}


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


def _enter(declared: Declared[Any], workspace: Workspace, found: list[Problem]) -> None:
    if not declared.key:
        return
    place = (declared.kind, declared.key)
    other = workspace.declared.get(place)
    if other is not None:
        found.append(
            declared.problem(f"{declared.kind} “{declared.key}”已在 {other.file}:{other.line('code')} 声明过", "code")
        )
        return
    workspace.declared[place] = declared


def _check_references(pack: PackSource, workspace: Workspace) -> Iterator[Problem]:
    for declared in pack.declared:
        check_kind = kinds()[declared.kind].check
        if check_kind and declared.model is not None:
            yield from check_kind(declared, workspace)
    for facts, file in pack.facts:
        yield from facts.check(file)


def _strangers(folder: Path, known: set[Path]) -> Iterator[Problem]:
    for file in sorted(folder.rglob("*")):
        nested = any((parent / "pack.yaml").exists() for parent in file.parents if folder in parent.parents)
        if file.is_file() and file not in known and not nested and not file.name.startswith("."):
            yield Problem(str(file), 1, "没有哪个引擎读取这个文件", "请核对文件夹名和扩展名，或移出本包")


def _hash(folder: Path) -> str:
    digest = hashlib.new("sm3")
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
