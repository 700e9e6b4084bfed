"""Reading divisions: by code, by name, by place, and by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet

from shuzheng.engines.vocabulary import boundaries
from shuzheng.engines.vocabulary.divisions import pad, path
from shuzheng.engines.vocabulary.errors import OutsideBoundaries, UnknownDivision
from shuzheng.engines.vocabulary.models import Division, DivisionBoundary, DivisionChange
from shuzheng.engines.vocabulary.queries.history import outcomes
from shuzheng.kernel.page import Page, page

#: Least likeness (0–1, by trigrams) of a name to a mistyped one: one wrong character in four.
LIKENESS = 0.2


@dataclass(frozen=True)
class Hit:
    """A division found by name."""

    division: Division
    #: The earlier name that was searched for, if it was an earlier one.
    former_name: str = ""


def current() -> QuerySet[Division]:
    """Return the divisions of the present edition."""
    return Division.objects.filter(valid_to__isnull=True)


def division(code: str) -> Division:
    """Return a division by its code, padded or not, also one that has ended. Raises UnknownDivision."""
    found = Division.objects.filter(code=pad(code.strip())).first()
    if found is None:
        raise UnknownDivision(division=code)
    return found


def is_division(code: str) -> bool:
    """Say whether a code, padded or not, names a present division."""
    return current().filter(code=pad(code)).exists()


def divisions(codes: Iterable[str]) -> dict[str, Division]:
    """Return divisions by the codes as given, unknown ones left out, in one statement."""
    padded = {code: pad(code) for code in codes}
    found = Division.objects.in_bulk(set(padded.values()))
    return {code: found[full] for code, full in padded.items() if full in found}


def full_name(code: str) -> str:
    """Return 江西省赣州市章贡区 for its code; an unknown code is its own name."""
    found = Division.objects.filter(code=pad(code)).values_list("full_name", flat=True).first()
    return found if found is not None else code


def children(code: str = "", *, after: str | None = None, size: int = 100) -> Page[Division]:
    """Return a page of the divisions right below another, or of the provinces, in the order of their codes."""
    return page(current().filter(parent_code=pad(code)), order=("code",), after=after, size=size)


def ancestors(code: str) -> list[Division]:
    """Return the divisions above a code, the province first. Raises UnknownDivision."""
    own = division(code)
    above = Division.objects.filter(path__contains_path=own.path).exclude(pk=own.pk)
    return list(above.order_by("level"))


def search(text: str, *, within: str = "", level: int | None = None, size: int = 20) -> list[Hit]:
    """Find present divisions by parts of their names or former names, else by likely misspellings (down to townships).

    ``text`` may name the divisions above before the one sought: ``赣州 章贡``. ``within`` is a code, ``level`` 1–5.
    """
    terms = text.split()
    if not terms:
        return []
    scope = current().filter(path__within=path(within)) if within else current()
    if level:
        scope = scope.filter(level=level)
    above = Q()
    for term in terms[:-1]:
        above &= Q(full_name__contains=term)
    exact = scope.filter(above, name__contains=terms[-1]).order_by("level", "code")[:size]
    hits = [Hit(found) for found in exact]
    hits += _by_former_name(terms[-1], scope.filter(above), {hit.division.code for hit in hits})
    hits.sort(key=lambda hit: (hit.division.level, bool(hit.former_name), hit.division.code))
    return hits[:size] or _by_likeness(terms[-1], scope.filter(above), size)


def _by_former_name(name: str, scope: QuerySet[Division], known: set[str]) -> list[Hit]:
    changes = DivisionChange.objects.filter(old_name__contains=name).order_by("-effective_on")[:20]
    former: dict[str, str] = {}
    for change, code in outcomes(changes):
        if code not in known:
            former.setdefault(code, change.old_name)
    present = scope.filter(code__in=former).order_by("code")
    return [Hit(found, former[found.code]) for found in present if found.name != former[found.code]]


def _by_likeness(name: str, scope: QuerySet[Division], size: int) -> list[Hit]:
    likely = scope.filter(level__lte=Division.Level.TOWNSHIP).annotate(likeness=TrigramSimilarity("name", name))
    return [Hit(found) for found in likely.filter(likeness__gte=LIKENESS).order_by("-likeness", "level", "code")[:size]]


def division_at(longitude: float, latitude: float) -> Division:
    """Return the county at a point in degrees (CGCS2000, as WGS 84 to within a metre). Raises OutsideBoundaries."""
    code = boundaries.county_at(longitude, latitude)
    if code is None:
        raise OutsideBoundaries
    return division(code)


def boundary_collection(codes: Sequence[str]) -> dict[str, object]:
    """Return the boundaries of divisions as a GeoJSON FeatureCollection with names; unknown ones are left out."""
    padded = [pad(code) for code in codes]
    names = dict(Division.objects.filter(code__in=padded).values_list("code", "name"))
    rows = DivisionBoundary.objects.filter(code__in=padded).order_by("code").values_list("code", "geometry")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code, "name": names.get(code, "")},
                "geometry": shape,
            }
            for code, shape in rows
        ],
    }
