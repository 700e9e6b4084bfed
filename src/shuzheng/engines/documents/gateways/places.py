"""Addresses of storages: a folder, or ``s3://bucket/prefix?endpoint=https://…``; what it does not say, the settings say."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from shuzheng.engines.documents.gateways.filesystem import FilesystemStorage
from shuzheng.engines.documents.gateways.s3 import S3Storage
from shuzheng.engines.documents.gateways.s3_client import S3Place
from shuzheng.engines.documents.gateways.storage import Storage

#: What an address may say of its endpoint.
SAID = ("endpoint", "region", "credentials", "authorities")


class BadAddress(ValueError):
    """An address names no storage."""


def ours() -> str:
    """Return the address of this installation's own storage. Raises BadAddress."""
    if settings.STORAGE == "filesystem":
        return str(settings.HOME)
    if settings.STORAGE != "s3":
        raise BadAddress(f"SHUZHENG_STORAGE: {settings.STORAGE!r} is neither filesystem nor s3")
    if not settings.S3_BUCKET:
        raise BadAddress("SHUZHENG_S3_BUCKET is not set")
    return f"s3://{settings.S3_BUCKET}/{settings.S3_PREFIX}".rstrip("/")


def at(address: str, area: str = "") -> Storage:
    """Return the storage at an address, or an area within it. Raises BadAddress."""
    if "://" not in address:
        return FilesystemStorage(Path(address).expanduser() / area)
    return S3Storage(place_of(address, area), Path(settings.HOME) / (area or "scratch") / "parts")


def place_of(address: str, area: str = "") -> S3Place:
    """Read an address of a bucket. Raises BadAddress."""
    parts = urlsplit(address)
    said = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or set(said) - set(SAID):
        raise BadAddress(f"{address!r} is not s3://bucket/prefix?endpoint=…&region=…&credentials=…&authorities=…")
    elsewhere = "credentials" in said
    found = {name: str(said.get(name) or getattr(settings, f"S3_{name.upper()}")) for name in SAID}
    prefix = "/".join(filter(None, [parts.path.strip("/"), area]))
    return S3Place(
        bucket=parts.netloc,
        prefix=prefix,
        endpoint=found["endpoint"].rstrip("/"),
        region=found["region"],
        access_key="" if elsewhere else settings.S3_ACCESS_KEY,
        secret_key="" if elsewhere else settings.S3_SECRET_KEY,
        credentials=found["credentials"],
        path_style=settings.S3_PATH_STYLE,
        authorities=found["authorities"],
        connect_timeout=settings.S3_CONNECT_TIMEOUT,
        read_timeout=settings.S3_READ_TIMEOUT,
        attempts=settings.S3_ATTEMPTS,
        part_size=settings.S3_PART_SIZE,
    )
