"""Codes of divisions and the paths that follow from them; pure functions."""

from __future__ import annotations

#: Digits of the unpadded code of each level: province, city, county, township, village.
DIGITS = (2, 4, 6, 9, 12)
LENGTH = 12


def pad(code: str) -> str:
    """Return a code with all twelve digits; no code stays none."""
    return code.ljust(LENGTH, "0") if code else ""


def lineage(code: str) -> list[str]:
    """Return the unpadded codes from the province down to the code itself, which may be padded."""
    known = [code[:digits] for digits in DIGITS if digits <= len(code)]
    while len(known) > 1 and not known[-1][len(known[-2]) :].strip("0"):
        known.pop()
    return known


def path(code: str) -> str:
    """Return the path of a code, padded or not: 36.3607.360702, the scope of permissions; nothing of nothing."""
    return ".".join(lineage(code))
