"""Forms, as other engines and portals use them: everything a page or an API needs, without views.

A page: ``form``, ``prefill``, ``FormContext``, ``read_post``, ``bind``, ``validate``, ``review``; its draft:
``forms.save_draft``, ``draft_answers``. What is stored with a case: ``seal_answers``, ``open_answers``.
"""

from __future__ import annotations

from shuzheng.engines.forms.answers import Answers, Correction
from shuzheng.engines.forms.binding import bind, progress
from shuzheng.engines.forms.bound import BoundForm, BoundSection
from shuzheng.engines.forms.bound_field import BoundField
from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.context import FormContext, Prefill
from shuzheng.engines.forms.drafting import draft_answers
from shuzheng.engines.forms.files import files_in
from shuzheng.engines.forms.posted import Posted
from shuzheng.engines.forms.posting import read_post
from shuzheng.engines.forms.prefilling import prefill
from shuzheng.engines.forms.queries import form, form_version
from shuzheng.engines.forms.review import Row, RowGroup, personal_elements, review
from shuzheng.engines.forms.schema import json_schema
from shuzheng.engines.forms.sealing import mask_answers, open_answers, seal_answers
from shuzheng.engines.forms.sources import Source, Subjects, prefill_source
from shuzheng.engines.forms.stored_form import form_of
from shuzheng.engines.forms.validation import validate

__all__ = [
    "Answers", "BoundField", "BoundForm", "BoundSection", "CompiledForm", "Correction", "FormContext", "Posted", "Prefill",
    "Row", "RowGroup", "Source", "Subjects", "bind", "draft_answers", "files_in", "form", "form_of", "form_version", "json_schema",
    "mask_answers", "open_answers", "personal_elements", "prefill", "prefill_source", "progress", "read_post", "review",
    "seal_answers", "validate",
]  # fmt: skip
