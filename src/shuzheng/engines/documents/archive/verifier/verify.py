#!/usr/bin/env python3
"""核验这份归档信息包：不联网，不依赖任何系统。 Verify this archive package: offline, standard library only.

    python3 verify.py [文件夹]

逐个文件重新计算 SM3（GB/T 32905），与 manifest.json 比对；有存证（evidence.json）时，核对存证的就是这份清单。
Exit status: 0 everything agrees, 1 something does not, 2 the package cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

PIECE = 1 << 20
MANIFEST, EVIDENCE = "manifest.json", "evidence.json"
#: Not covered by the manifest: itself, and what can only be written after it.
OUTSIDE = {MANIFEST, EVIDENCE}
MASK = 0xFFFFFFFF
START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


class Sm3:
    """SM3 in plain Python, for machines whose OpenSSL does not know it."""

    def __init__(self) -> None:
        """Begin."""
        self._state, self._rest, self._length = START, b"", 0

    def update(self, data: bytes) -> None:
        """Take in more."""
        self._length += len(data)
        data = self._rest + data
        whole = len(data) - len(data) % 64
        for at in range(0, whole, 64):
            self._state = _compress(self._state, data[at : at + 64])
        self._rest = data[whole:]

    def hexdigest(self) -> str:
        """Return the digest of what was taken in; nothing may follow."""
        bits = self._length * 8
        self.update(b"\x80" + b"\0" * ((55 - self._length) % 64) + bits.to_bytes(8, "big"))
        return "".join(f"{word:08x}" for word in self._state)


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & MASK


def _words(block: bytes) -> list[int]:
    found = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for n in range(16, 68):
        mixed = found[n - 16] ^ found[n - 9] ^ _turn(found[n - 3], 15)
        found.append(mixed ^ _turn(mixed, 15) ^ _turn(mixed, 23) ^ _turn(found[n - 13], 7) ^ found[n - 6])
    return found


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    a, b, c, d, e, f, g, h = state
    words = _words(block)
    for n in range(64):
        constant = 0x79CC4519 if n < 16 else 0x7A879D8A
        first = _turn((_turn(a, 12) + e + _turn(constant, n)) & MASK, 7)
        second = first ^ _turn(a, 12)
        left = a ^ b ^ c if n < 16 else (a & b) | (a & c) | (b & c)
        right = e ^ f ^ g if n < 16 else (e & f) | (~e & MASK & g)
        one = (left + d + second + (words[n] ^ words[n + 4])) & MASK
        two = (right + h + first + words[n]) & MASK
        a, b, c, d = one, a, _turn(b, 9), c
        e, f, g, h = two ^ _turn(two, 9) ^ _turn(two, 17), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def sm3_of(path: Path) -> str:
    """Return the SM3 of a file, hexadecimal."""
    try:
        digest = hashlib.new("sm3")
    except ValueError:
        digest = Sm3()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def problems(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a package: the file, and changed, missing, added or other-evidence."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    for name, entry in listed.items():
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            yield name, "missing"
        elif path.stat().st_size != entry["size"] or sm3_of(path) != entry["sm3"]:
            yield name, "changed"
    there = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(there - listed.keys() - OUTSIDE):
        yield name, "added"
    if (folder / EVIDENCE).is_file() and sm3_of(folder / MANIFEST) != _evidenced(folder):
        yield MANIFEST, "other-evidence"


def _evidenced(folder: Path) -> str:
    """Return the digest that the evidence is about."""
    evidence = json.loads((folder / EVIDENCE).read_text("utf-8"))
    leaf = json.loads(evidence["leaf"])
    return str(leaf.get("open", {}).get("content", {}).get("digest", ""))


WORDS = {
    "changed": "被改动 changed",
    "missing": "缺失 missing",
    "added": "清单之外 not on the list",
    "other-evidence": "与存证不符 not what the evidence is about",
}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: list[str]) -> int:
    """Verify a folder and say what was found."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        found = list(problems(folder))
        count = len(json.loads((folder / MANIFEST).read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        _say(f"无法读取 unreadable: {problem}")
        return 2
    for name, what in found:
        _say(f"✗ {name}  {WORDS[what]}")
    if found:
        _say(f"不成立：{len(found)} 处不符。 Does not hold.")
        return 1
    sealed = "清单与存证相符" if (folder / EVIDENCE).is_file() else "本包尚未附存证"
    _say(f"成立：{count} 个文件全部相符；{sealed}。 Everything agrees.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
