"""The machine and the data folder: everything that can be examined before Django is set up."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from shuzheng.cli.doctor.finding import Finding, fine, note, wrong
from shuzheng.settings.environment import home

ROOT = Path(__file__).resolve().parents[4]
OLDEST_PYTHON = (3, 11)
#: Gigabytes of free disk below which something is wrong, or deserves a look.
SCARCE, LITTLE = 1, 5
NAMED_REQUIREMENTS = ROOT / "requirements.in"


def examine_machine() -> Iterator[Finding]:
    """Yield findings about Python, libraries, front-end packages, disk, keys and clock."""
    yield _python()
    yield _libraries()
    yield _assets()
    yield _disk()
    yield from _keys()
    yield _clock()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return wrong(
            f"Python {version} 太旧。",
            f"Python {version} is too old.",
            "Install Python 3.11 or newer 安装 Python 3.11 以上版本",
        )
    if sys.prefix == sys.base_prefix:
        return note(
            f"Python {version}，未使用虚拟环境。", f"Python {version}, outside a virtual environment.", "make setup"
        )
    return fine(f"Python {version}，虚拟环境 {sys.prefix}。", f"Python {version} in a virtual environment.")


def _libraries() -> Finding:
    missing = []
    for line in NAMED_REQUIREMENTS.read_text().splitlines() if NAMED_REQUIREMENTS.exists() else ():
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line.partition(" #")[0])
        try:
            if not requirement.specifier.contains(metadata.version(requirement.name)):
                missing.append(str(requirement))
        except metadata.PackageNotFoundError:
            missing.append(requirement.name)
    if missing:
        return wrong(f"缺少程序库：{'、'.join(missing)}。", "Libraries are missing.", "make setup")
    return fine("程序库齐全。", "All libraries are installed.")


def _assets() -> Finding:
    from shuzheng.settings.assets import VENDOR

    absent = sorted({folder for folder, _shown in VENDOR.values() if not (ROOT / "node_modules" / folder).is_dir()})
    if absent and not (home() / "static").joinpath("staticfiles.json").exists():
        return wrong(
            f"缺少前端资源（{len(absent)} 组），页面将没有样式。",
            "Front-end packages are missing; pages would be bare.",
            "make setup",
        )
    return fine("前端资源齐全。", "Front-end packages are there.")


def _disk() -> Finding:
    folder = home()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1024**3
    told = f"{free:.1f} GB"
    if free < SCARCE:
        return wrong(
            f"磁盘只剩 {told}。", f"Only {told} of disk are left.", f"Free space on the disk of {folder} 清理磁盘"
        )
    if free < LITTLE:
        return note(
            f"磁盘剩余 {told}。", f"{told} of disk are left.", f"Plan for more space on the disk of {folder} 准备扩容"
        )
    return fine(f"磁盘剩余 {told}。", f"{told} of disk are left.")


def _keys() -> Iterator[Finding]:
    folder = home() / "keys"
    if not folder.is_dir():
        yield fine("尚无密钥，首次启动时生成。", "No keys yet; they are made at the first start.")
        return
    loose = [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]
    if loose:
        names = " ".join(str(path) for path in loose)
        yield wrong("其他账户可以读取密钥。", "Other accounts can read keys.", f"chmod go-rwx {names}")
    else:
        yield fine("密钥齐备，只有本账户可读。", "Keys are there and only this account can read them.")


def _clock() -> Finding:
    if time.time() < ROOT.stat().st_ctime:
        return wrong(
            "系统时钟偏慢。",
            "The clock of this machine is behind.",
            "Set the clock, e.g. timedatectl set-ntp true 校准时钟",
        )
    zone = os.environ.get("TZ") or time.tzname[0]
    return fine(
        f"系统时区 {zone}；数政一律按北京时间办理。",
        f"The machine's zone is {zone}; Shuzheng always works in Asia/Shanghai.",
    )
