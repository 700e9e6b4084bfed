"""What a pack may declare: kinds of definitions, each with a pydantic model, and facts loaded in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from shuzheng.kernel.registry import Registry
from shuzheng.kernel.source import Located, Problem, Unreadable, read_yaml

if TYPE_CHECKING:
    from shuzheng.kernel.definition import Stored


class Declaration(BaseModel):
    """Base of every definition in a pack: a natural key and a title; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    #: Natural key, unique within its kind in the whole installation.
    code: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$", max_length=120)
    #: What people call it.
    title: str = Field(min_length=1, max_length=300)


class Manifest(Declaration):
    """``pack.yaml``: what the pack is, its version and what it stands on."""

    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    #: First day on which new work uses the pack's definitions.
    effective: date
    description: str = ""
    #: Packs that must be loaded before.
    requires: list[str] = []
    #: Where facts come from, for the reference page: source → date or licence.
    sources: dict[str, str] = {}
    synthetic: bool = False


M = TypeVar("M", bound=Declaration)


@dataclass
class Declared(Generic[M]):
    """One definition as it stands in a file."""

    kind: str
    key: str
    body: dict[str, Any]
    #: Path of the file, for messages.
    file: str
    located: Located
    #: Place of this definition inside the file (for files that hold a list).
    at: tuple[str | int, ...] = ()
    #: The validated body; absent when it is invalid.
    model: M | None = None

    def line(self, *path: str | int) -> int:
        """Return the line of a field of this definition."""
        return self.located.line((*self.at, *path))

    def problem(self, message: str, *path: str | int, suggestion: str = "") -> Problem:
        """Return a problem at a field of this definition."""
        return Problem(self.file, self.line(*path), message, suggestion)


class Workspace:
    """Everything that references can point to: the packs at hand first, then what is already published."""

    def __init__(
        self, published: Callable[[str, str], BaseModel | None], published_keys: Callable[[str], list[str]]
    ) -> None:
        """Start empty, falling back on the published definitions."""
        self.declared: dict[tuple[str, str], Declared[Any]] = {}
        self._published = published
        self._published_keys = published_keys

    def find(self, kind: str, key: str) -> Any | None:
        """Return the model of a definition, or ``None`` if there is none (or only an invalid one)."""
        own = self.declared.get((kind, key))
        return own.model if own else self._published(kind, key)

    def has(self, kind: str, key: str) -> bool:
        """Say whether a definition exists, valid or not."""
        return (kind, key) in self.declared or self._published(kind, key) is not None

    def keys(self, kind: str) -> list[str]:
        """Return the keys declared in the packs at hand or published, for suggestions."""
        own = [key for (own_kind, key) in self.declared if own_kind == kind]
        return [*own, *self._published_keys(kind)]


def read_one(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a YAML file that holds one definition."""
    return [((), read_yaml(file))]


def read_many(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a YAML file that holds a list of definitions. Raises Unreadable if it holds anything else."""
    located = read_yaml(file)
    if not isinstance(located.value, list):
        raise Unreadable(1, "应当是一个列表，每项以“-”开头")
    return [((index,), located) for index in range(len(located.value))]


Reader = Callable[[Path], list[tuple[tuple[str | int, ...], Located]]]


@dataclass(frozen=True)
class Kind(Generic[M]):
    """A kind of definition: where it stands in a pack, what it may say, what its references mean."""

    name: str
    #: Glob inside the pack, e.g. ``forms/*.yaml``.
    pattern: str
    model: type[M]
    title: Any = ""
    #: How a file is read; the default is one YAML document per file.
    read: Reader = read_one
    #: Checks references and meaning once every definition is read.
    check: Callable[[Declared[M], Workspace], Iterable[Problem]] | None = None
    #: Called in the transaction that publishes versions, with all of them at once (projections for search …).
    publish: Callable[[list[Stored[M]]], None] | None = None
    #: Glob of files that its reader reads beside the definition's own, e.g. ``objectives/*.md``.
    beside: str = ""


@dataclass
class Counts:
    """What a load did."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        """Add up."""
        self.inserted += other.inserted
        self.updated += other.updated
        self.unchanged += other.unchanged
        return self


@dataclass(frozen=True)
class Facts:
    """A kind of facts: rows loaded in bulk into an engine's own tables (divisions, organisations …)."""

    name: str
    pattern: str
    #: Finds what is wrong with a file.
    check: Callable[[Path], Iterable[Problem]]
    #: Loads a file idempotently.
    load: Callable[[Path, Manifest], Counts]
    #: Facts with a lower rank are loaded first.
    rank: int = 0
    #: Loaded before definitions (most) or after them.
    after_definitions: bool = False


@dataclass
class PackSource:
    """A pack on disk, read."""

    folder: Path
    manifest: Manifest
    declared: list[Declared[Any]] = field(default_factory=list)
    facts: list[tuple[Facts, Path]] = field(default_factory=list)
    content_hash: str = ""


_kinds: Registry[Kind[Any]] = Registry("kind of definition")
_facts: Registry[Facts] = Registry("kind of facts")


def register(kind: Kind[Any]) -> Kind[Any]:
    """Let packs declare a kind of definition."""
    return _kinds.add(kind.name, kind)


def register_facts(facts: Facts) -> Facts:
    """Let packs carry a kind of facts."""
    return _facts.add(facts.name, facts)


def kinds() -> Mapping[str, Kind[Any]]:
    """Return every kind of definition."""
    return _kinds


def fact_kinds() -> Mapping[str, Facts]:
    """Return every kind of facts."""
    return _facts
