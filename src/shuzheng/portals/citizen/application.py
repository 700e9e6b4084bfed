"""An application under way: a draft together with its service item, its form and what government knows already.

The draft keeps the answers; its ``materials`` hold the place (``division``) and, under ``given``, how each material is
supplied: ``{code: {"way": …, "files": [ids]}}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.actions.filing import FileCase
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.definitions.parts import Material as MaterialDefinition
from shuzheng.engines.casework.licences import held_for
from shuzheng.engines.casework.materials import GivenMaterial, new_materials, wanted_of
from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.forms import engine
from shuzheng.engines.forms.actions import SaveDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.queries import draft as find_draft
from shuzheng.engines.forms.values import plain
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get


@dataclass
class Application:
    """A draft as the pages of an application use it."""

    actor: Actor
    draft: Draft
    item: ServiceItemDefinition
    form: engine.CompiledForm
    #: Words for elders instead of residents.
    elder: bool = False
    _licences: dict[str, Credential] | None = None

    @property
    def division(self) -> str:
        """Return the code of the place where it will be filed."""
        return self.draft.materials.get("division", "")

    @property
    def given(self) -> dict[str, dict[str, Any]]:
        """Return how each material is supplied so far."""
        return self.draft.materials.get("given", {})

    @cached_property
    def held(self) -> dict[str, Any]:
        """Return the answers kept so far, typed where they are valid."""
        return engine.draft_answers(self.form, self.draft)

    @cached_property
    def known(self) -> engine.Prefill:
        """Return what government knows already; reading it is recorded with the item as purpose."""
        return engine.prefill(self.form, self.actor, purpose=self.item.title)

    def context(self, posted: engine.Posted | None = None) -> engine.FormContext:
        """Return what the form is answered in, with what a posted page asked to see."""
        shown = posted or engine.Posted()
        return engine.FormContext(
            actor=self.actor,
            prefill=self.known,
            audience="elder" if self.elder else "resident",
            revealed=shown.revealed,
            opened=shown.opened,
            searches=shown.searches,
        )

    def answers(self) -> engine.Answers:
        """Return the answers in normal form. Raises InvalidInput."""
        return engine.validate(self.form, self.held, self.context(), reasons=self.draft.reasons)

    def wanted(self) -> list[MaterialDefinition]:
        """Return the materials asked for, given the answers. Raises InvalidInput while those are not complete."""
        return wanted_of(self.item, self.form, self.answers().values)

    def handed_in(self, wanted: list[MaterialDefinition]) -> list[GivenMaterial]:
        """Return what is handed in for the materials asked for, in their order."""
        found = []
        for material in wanted:
            way, files = self.way(material, self.licences(wanted)), self.given.get(material.code, {}).get("files", [])
            if way == "licence":
                found.append(GivenMaterial(code=material.code, way="licence"))
            elif files or way in ("commitment", "later"):
                found.append(GivenMaterial(code=material.code, way=way, files=files))
        return found

    def way(self, material: MaterialDefinition, held: Mapping[str, Credential]) -> Any:
        """Return how a material is supplied: as chosen, otherwise from the licence that the applicant holds."""
        chosen = self.given.get(material.code, {}).get("way")
        if chosen == "licence" and material.code not in held:
            return "upload"
        return chosen or ("licence" if material.code in held else "upload")

    def require_materials(self) -> None:
        """Raise InvalidInput naming every material that is still missing; the same check as when the case is filed."""
        wanted = self.wanted()
        new_materials(self.actor, Case(), wanted, self.handed_in(wanted), self.licences(wanted))

    def licences(self, wanted: Iterable[MaterialDefinition]) -> dict[str, Credential]:
        """Return the applicant's licences by the code of the material that they supply; one statement a page."""
        if self._licences is None:
            self._licences = held_for(self.actor.party, wanted)
        return self._licences

    def save(
        self,
        revision: int | None,
        *,
        answers: Mapping[str, Any] | None = None,
        reasons: Mapping[str, str] | None = None,
        materials: Mapping[str, Any] | None = None,
    ) -> Draft:
        """Save what changed. If another page saved meanwhile, the draft returned is a copy with another id."""
        self.draft = SaveDraft.do(
            self.actor,
            subject=self.item.code,
            form_id=self.form.id,
            answers=dict(plain(self.held) if answers is None else answers),
            reasons=dict(self.draft.reasons if reasons is None else reasons),
            materials=dict(self.draft.materials if materials is None else materials),
            draft_id=self.draft.pk,
            revision=revision,
        )
        self.__dict__.pop("held", None)
        return self.draft

    def submit(self, service: dict[str, str] | None = None) -> Case:
        """File the case, with how letters are to be served; sent twice, the first case is returned. Raises as FileCase."""
        wanted = self.wanted()
        return FileCase.do(
            self.actor,
            item_code=self.item.code,
            division_code=self.division,
            answers=plain(self.held),
            reasons=self.draft.reasons,
            materials=self.handed_in(wanted),
            draft_id=self.draft.pk,
            service=service,
            key=filing_key(self.draft.pk),
        )


def filing_key(draft_id: UUID) -> str:
    """Return the idempotency key under which a draft is filed, however often the button is pressed."""
    return f"draft:{draft_id}"


def open_application(actor: Actor, draft_id: UUID, *, elder: bool = False) -> Application:
    """Return the application of a draft of the actor's. Raises NoDraft, NoDefinition."""
    draft = find_draft(actor, draft_id)
    item: ServiceItemDefinition = get("service_item", draft.subject).body
    return Application(actor, draft, item, engine.form(item.form), elder)


def filed_from(actor: Actor, draft_id: UUID) -> Case | None:
    """Return the case that a draft has become, or ``None``."""
    return FileCase.done_before(actor, filing_key(draft_id))


def begin(actor: Actor, item: ServiceItemDefinition, division: str, existing: Draft | None) -> Draft:
    """Begin an application in a place, or go on with the draft there is."""
    form = engine.form(item.form)
    if existing is None:
        materials = {"division": division}
        return SaveDraft.do(actor, subject=item.code, form_id=form.id, materials=materials)
    application = Application(actor, existing, item, form)
    return application.save(existing.revision, materials={**existing.materials, "division": division})
