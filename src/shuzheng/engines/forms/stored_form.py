"""Published forms, compiled once and compiled again when one of their elements has changed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.compiler import compile_form
from shuzheng.engines.forms.elements import Published

if TYPE_CHECKING:
    from shuzheng.engines.forms.definitions import Form
    from shuzheng.kernel.definition import Stored


class FormInvalid(Exception):
    """A stored form no longer fits its vocabulary; packs are checked so that this cannot happen."""


def form_of(stored: Stored[Form]) -> CompiledForm:
    """Return a stored form, compiled; recompiled only when one of its elements has changed. Raises FormInvalid."""
    vocabulary = Published()
    elements = tuple(vocabulary.element(f.element) for s in stored.body.sections for f in s.fields)
    return _compiled(_Identity(stored.id, stored), _Identity(tuple(map(id, elements)), elements))


class _Identity:
    """Hashes as its key while keeping the objects alive, so that an id is never reused."""

    def __init__(self, key: Any, held: Any) -> None:
        self.key, self.held = key, held

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.key == other.key


@lru_cache(maxsize=2000)
def _compiled(stored: _Identity, _elements: _Identity) -> CompiledForm:
    compilation = compile_form(stored.held.body, stored=stored.held)
    if compilation.form is None:
        raise FormInvalid("; ".join(f"{f.path}: {f.message}" for f in compilation.findings))
    return compilation.form
