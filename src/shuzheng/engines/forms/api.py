"""HTTP API of forms: what a form asks, and whether answers are acceptable, without sending anything."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from shuzheng.engines.forms import engine
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN

router = Router()


class AnswersIn(Schema):
    """Answers by question code."""

    answers: dict[str, Any]
    #: Why provided answers were changed, by path.
    reasons: dict[str, str] = {}


class AnswersOut(Schema):
    """Answers in normal form."""

    form: str
    version: str
    answers: dict[str, Any]


@router.get("/{key}", auth=Allow(PUBLIC), response=dict[str, Any], summary="表单的 JSON Schema")
def schema(request: Request, key: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the form in force today."""
    return engine.json_schema(engine.form(key))


@router.post("/{key}/validate", auth=Allow(SIGNED_IN), response=AnswersOut, summary="校验填写内容")
def validate(request: Request, key: str, given: AnswersIn) -> dict[str, Any]:
    """Return the answers in normal form, or 422 with one problem per field. Nothing is stored."""
    form, actor = engine.form(key), request.actor
    context = engine.FormContext(actor=actor, prefill=engine.prefill(form, actor))
    answers = engine.validate(form, given.answers, context, reasons=given.reasons)
    return {"form": form.key, "version": form.version, "answers": answers.plain()}
