#!/usr/bin/env python3
"""Verify an evidence file of a Shuzheng ledger: offline, alone, and without trusting who gave it to you.

    python verify_evidence.py evidence.json [--file licence.ofd] [--key KEY] [--witness KEY] [--english]

One file, standard library only where Python's OpenSSL knows SM3; else it takes SM3 from ``gmssl-fast`` or ``cryptography``.
SM2 (GB/T 32918.2) is computed here, since verifying holds no secret. Exit status: 0 everything holds, 1 something does
not, 2 the file cannot be read. KEY is a verifier key as the ledger's page shows it; without one, the key that came with the
evidence is used, and the report says that you have to compare it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

LOG, WITNESS = b"\xffsm2-sm3/v1", b"\xffsm2-sm3-cosignature/v1"
CHINA = timezone(timedelta(hours=8))
MAX_BYTES = 1 << 20
#: Bytes of a sealed document once unpacked, at most.
MAX_UNPACKED = 200 << 20
#: One thing to say: whether it holds (or neither), in Chinese and in English.
Said = tuple[bool | None, str, str]

# The curve sm2p256v1 (GB/T 32918.5).
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
#: A point of the curve, or the point at infinity.
Point = tuple[int, int] | None


class Unreadable(Exception):
    """The evidence is not written as evidence is; says why in Chinese and English."""


# -- cryptography ------------------------------------------------------------------------------------------------


def find_sm3() -> Callable[[bytes], bytes]:
    """Return SM3 (GB/T 32905) from wherever this machine has it."""
    try:
        hashlib.new("sm3")
        return lambda data: hashlib.new("sm3", data).digest()
    except ValueError:
        pass
    try:
        return importlib.import_module("gmssl_fast").sm3
    except ImportError:
        pass
    try:
        hashes: Any = importlib.import_module("cryptography.hazmat.primitives.hashes")
    except ImportError:
        sys.exit(
            "本机没有 SM3，请安装 gmssl-fast 或 cryptography。\nNo SM3 here: pip install gmssl-fast (or cryptography)."
        )

    def sm3(data: bytes) -> bytes:
        work = hashes.Hash(hashes.SM3())
        work.update(data)
        return work.finalize()

    return sm3


def add(one: Point, other: Point) -> Point:
    """Add two points of the curve."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = (3 * one[0] * one[0] + A) * pow(2 * one[1], -1, P) % P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P) % P
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(factor: int, point: Point) -> Point:
    """Multiply a point."""
    result: Point = None
    while factor:
        if factor & 1:
            result = add(result, point)
        point, factor = add(point, point), factor >> 1
    return result


def sm2_valid(sm3: Callable[[bytes], bytes], public: bytes, data: bytes, signature: bytes) -> bool:
    """Say whether ``r ‖ s`` is a signature of data under ``04 ‖ x ‖ y`` with the default identifier."""
    if len(public) != 65 or public[0] != 4 or len(signature) != 64:
        return False
    x, y, r, s = (int.from_bytes(raw[at : at + 32], "big") for raw, at in
                  ((public, 1), (public, 33), (signature, 0), (signature, 32)))  # fmt: skip
    if not (x < P and y < P and 0 < r < N and 0 < s < N) or (y * y - x * x * x - A * x - B) % P:
        return False
    parts = [number.to_bytes(32, "big") for number in (A, B, *G, x, y)]
    identity = sm3(b"\x00\x80" + b"1234567812345678" + b"".join(parts))
    digest = int.from_bytes(sm3(identity + data), "big")
    sum_ = (r + s) % N
    point = add(times(s, G), times(sum_, (x, y)))
    return sum_ != 0 and point is not None and (digest + point[0]) % N == r


# -- the ledger's formats ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A verifier key (C2SP vkey): whose, of which type, which point."""

    name: str
    type: bytes
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Key:
        """Return the key of a line. Raises Unreadable."""
        name, _, rest = text.strip().partition("+")
        raw = decode(rest.partition("+")[2])
        key = cls(name, raw[:-65], raw[-65:])
        if not name or key.type not in (LOG, WITNESS) or key.id.hex() != rest.partition("+")[0]:
            raise Unreadable("公钥格式不对 / not a verifier key")
        return key

    @property
    def id(self) -> bytes:
        """Return the four bytes by which signatures name it."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.type + self.public).digest()[:4]


@dataclass(frozen=True)
class Checkpoint:
    """A signed head: text, size, root, and signature lines as (name, key id, signature)."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> Checkpoint:
        """Return the checkpoint of a signed note. Raises Unreadable."""
        text, blank, signatures = note.rpartition("\n\n")
        head = text.split("\n")
        if not blank or len(head) < 3 or not head[1].isdecimal():
            raise Unreadable("树头格式不对 / not a checkpoint")
        lines = []
        for line in signatures.splitlines():
            dash, name, body = (*line.split(" "), "", "")[:3]
            raw = decode(body)
            if dash != "—" or len(raw) < 5:
                raise Unreadable("签名行格式不对 / not a signature line")
            lines.append((name, raw[:4], raw[4:]))
        return cls(text + "\n", head[0], int(head[1]), decode(head[2]), tuple(lines))


def decode(text: Any) -> bytes:
    """Return the bytes of base64. Raises Unreadable."""
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        raise Unreadable("不是 base64 / not base64") from None


def root_of(sm3: Callable[[bytes], bytes], leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162 §2.1.3.2), or nothing if it cannot be one."""
    node, place, last = sm3(b"\x00" + leaf), index, size - 1
    if not 0 <= index < size:
        return None
    for beside in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            node = sm3(b"\x01" + beside + node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = sm3(b"\x01" + node + beside)
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


# -- the report --------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """What was found, in plain words."""

    english: bool
    lines: list[str] = field(default_factory=list)
    sound: bool = True

    def say(self, good: bool | None, chinese: str, english: str) -> None:
        """Add a line; ``None`` is neither good nor bad."""
        mark = {True: "✔", False: "✘", None: "•"}[good]
        self.sound = self.sound and good is not False
        self.lines.append(f"{mark} {english if self.english else chinese}")


def verify(evidence: dict[str, Any], report: Report, trusted: list[Key], file: bytes | None) -> None:
    """Check one piece of evidence and report. Raises Unreadable."""
    sm3, leaf = find_sm3(), str(evidence["leaf"])
    entry, head = json.loads(leaf), Checkpoint.parse(str(evidence["checkpoint"]))
    index, proof = int(evidence["index"]), [decode(one) for one in evidence["proof"]]
    describe(entry, report)
    held = root_of(sm3, leaf.encode(), index, head.size, proof) == head.root
    report.say(
        held,
        f"这条记载{'在账本里，是第' if held else '不在账本里，或被改动过：第'} {index + 1} 项（共 {head.size} 项）。",
        f"The entry {'is in the ledger' if held else 'is NOT in the ledger, or was changed'}: "
        f"number {index + 1} of {head.size}.",
    )
    own = [Key.parse(one) for one in evidence.get("keys", [])]
    check_log(head, own, trusted, report, sm3)
    check_witnesses(head, own, trusted, report, sm3)
    if file is not None:
        check_file(entry, file, report, sm3)


def describe(entry: dict[str, Any], report: Report) -> None:
    """Say what the entry says."""
    said = entry["open"]
    moment = datetime.fromisoformat(said["at"]).astimezone(CHINA)
    when, about = f"{moment:%Y-%m-%d %H:%M:%S}", said.get("subject") or said.get("name") or ""
    report.say(
        None,
        f"记载：{said.get('kind')} {about}，北京时间 {when}。",
        f"Entry: {said.get('kind')} {about}, {when} China time.",
    )
    if entry.get("closed"):
        report.say(
            None,
            "有一部分不公开，只核验它没有变过。",
            "Part of it is not public; only that it is unchanged is checked.",
        )


def check_log(
    head: Checkpoint, own: list[Key], trusted: list[Key], report: Report, sm3: Callable[[bytes], bytes]
) -> None:
    """Check the log's signature under the head."""
    known = [key for key in trusted if key.type == LOG]
    signed = [key for key in known or own if key.type == LOG and key.name == head.origin and signs(key, head, sm3)]
    report.say(
        bool(signed),
        f"账本“{head.origin}”的签名{'有效' if signed else '无效，这份证据不可信'}。",
        f"The signature of the log '{head.origin}' is {'valid' if signed else 'NOT valid'}.",
    )
    if signed and not known:
        report.say(
            None,
            f"公钥来自证据文件本身，请与账本页面公布的比对：{signed[0].name}+{signed[0].id.hex()}。",
            f"The key came with the evidence; compare it with the published one: {signed[0].name}+{signed[0].id.hex()}.",
        )


def check_witnesses(
    head: Checkpoint, own: list[Key], trusted: list[Key], report: Report, sm3: Callable[[bytes], bytes]
) -> None:
    """Check the cosignatures; a witness that you named has to be among them."""
    named = [key for key in trusted if key.type == WITNESS]
    for key in named or [key for key in own if key.type == WITNESS]:
        good = signs(key, head, sm3)
        report.say(
            good,
            f"见证方“{key.name}”{'也签了名：它看到的是同一本账' if good else '没有有效的签名'}。",
            f"The witness '{key.name}' {'cosigned: it saw the same ledger' if good else 'has NOT cosigned'}.",
        )


def signs(key: Key, head: Checkpoint, sm3: Callable[[bytes], bytes]) -> bool:
    """Say whether a key's signature stands under the head."""
    return any(sm2_valid(sm3, key.public, data, raw) for data, raw in signed_by(key, head))


def signed_by(key: Key, head: Checkpoint) -> Iterator[tuple[bytes, bytes]]:
    """Yield what a key claims to have signed, with the raw signature."""
    for name, key_id, raw in head.lines:
        if (name, key_id) == (key.name, key.id):
            moment = int.from_bytes(raw[:8], "big")
            witnessed = f"cosignature/v1\ntime {moment}\n{head.text}".encode(), raw[8:]
            yield (head.text.encode(), raw) if key.type == LOG else witnessed


def check_file(entry: dict[str, Any], file: bytes, report: Report, sm3: Callable[[bytes], bytes]) -> None:
    """Check that a file is the one whose digest the entry holds, or bears the stamp that it names."""
    wanted = str(entry["open"].get("content", {}).get("digest", ""))
    if entry["open"].get("kind") == "seal.stamp":
        check_stamp(wanted, file, report, sm3)
        return
    good = wanted in (sm3(file).hex(), hashlib.sha256(file).hexdigest())
    report.say(
        good,
        "文件与记载的摘要一致，一个字节都没有变。" if good else "文件与记载的摘要不一致：不是这份文件，或被改动过。",
        "The file is the one that was recorded."
        if good
        else "The file is NOT the one that was recorded, or was changed.",
    )


def check_stamp(wanted: str, file: bytes, report: Report, sm3: Callable[[bytes], bytes]) -> None:
    """Look for the recorded stamp in a sealed file, and compare what it protects; who stamped is for /verify/ to say."""
    try:
        found = pdf_stamp(wanted, file, sm3) if file.startswith(b"%PDF") else ofd_stamp(wanted, file, sm3)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, RuntimeError, NotImplementedError) as problem:
        raise Unreadable(f"{type(problem).__name__}: {problem}") from problem
    report.say(
        found is not None,
        "文件上有账本记载的这个章。" if found is not None else "文件上没有账本记载的这个章。",
        f"The file {'bears' if found is not None else 'does NOT bear'} the stamp that was recorded.",
    )
    for good, chinese, english in found or []:
        report.say(good, chinese, english)


def pdf_stamp(wanted: str, file: bytes, sm3: Callable[[bytes], bytes]) -> list[Said] | None:
    """Return what can be said of the signature whose container has this SM3: its range holds the digest that it signed."""
    for one in re.finditer(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", file):
        start, length, behind, rest = (int(number) for number in one.groups())
        try:
            container = bytes.fromhex(file[start + length + 1 : behind - 1].decode("ascii"))
        except ValueError:
            continue
        if sm3(container).hex() != wanted:
            continue
        covered = file[start : start + length] + file[behind : behind + rest]
        same, end = start == 0 and hashlib.sha256(covered).digest() in container, behind + rest
        told: list[Said] = [
            (
                same,
                f"章所保护的内容{'没有改动' if same else '被改动过'}。",
                f"What it protects is {'unchanged' if same else 'CHANGED'}.",
            )
        ]
        if end < len(file):
            told.append(
                (
                    None,
                    f"盖章以后文件又增加了 {len(file) - end} 字节，这里不判断，请用查验页核对。",
                    f"{len(file) - end} bytes were added after the stamp and are not judged here; use the public page.",
                )
            )
        return told
    return None


def ofd_stamp(wanted: str, file: bytes, sm3: Callable[[bytes], bytes]) -> list[Said] | None:
    """Return what can be said of the stamp with this SM3: it holds the digest of its list, and the list those of the parts."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise Unreadable("文件过大 / too large once unpacked")
        parts = {entry.filename.lstrip("/"): archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    digests = {name: sm3(content) for name, content in parts.items()}
    value = next((content for name, content in parts.items() if digests[name].hex() == wanted), None)
    if value is None:
        return None
    listed = next(
        (name for name, digest in digests.items() if digest in value and name.endswith("Signature.xml")), None
    )
    if listed is None:
        return [(False, "章所附的保护清单被改动过。", "The stamp's list of parts is CHANGED.")]
    found: list[Said] = []
    tree = ElementTree.fromstring(parts[listed])  # noqa: S314  # its digest lies in the recorded stamp
    for node in tree.iterfind(".//{*}Reference"):
        name = str(node.get("FileRef")).lstrip("/")
        check = "".join((node.findtext("{*}CheckValue") or "").split())
        if base64.b64encode(digests.get(name, b"")).decode() != check:
            found.append((False, f"“{name}”被改动过，或者不见了。", f"{name} is CHANGED, or gone."))
    told = "章所保护的各部分没有改动；有没有增加内容，请用查验页核对。"
    return found or [(True, told, "What it protects is unchanged; whether parts were added, the public page tells.")]


def main(arguments: list[str] | None = None) -> int:
    """Verify what the command line names; print the report; return the exit status."""
    parser = argparse.ArgumentParser(description="Verify evidence of a Shuzheng ledger, offline (离线核验存证).")
    parser.add_argument("evidence", type=Path)
    parser.add_argument("--file", type=Path, help="the document whose digest was recorded, or that bears the stamp")
    parser.add_argument("--key", action="append", default=[], help="verifier key of the log that you trust")
    parser.add_argument(
        "--witness", action="append", default=[], help="verifier key of a witness that must have cosigned"
    )
    parser.add_argument("--english", action="store_true", help="report in English")
    given = parser.parse_args(arguments)
    report = Report(given.english)
    try:
        raw = given.evidence.read_bytes()
        evidence = json.loads(raw) if len(raw) <= MAX_BYTES else {}
        if evidence.get("format") != "shuzheng-evidence/1":
            raise Unreadable("不是证据文件 / not an evidence file")
        file = given.file.read_bytes() if given.file else None
        verify(evidence, report, [Key.parse(one) for one in (*given.key, *given.witness)], file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Unreadable) as error:
        print(f"✘ 无法读取 / cannot be read: {error}", file=sys.stderr)
        return 2
    print("\n".join(report.lines))
    if given.english:
        print("Everything holds." if report.sound else "This evidence does NOT hold.")
    else:
        print("结论：全部成立。" if report.sound else "结论：不成立，请勿采信。")
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
