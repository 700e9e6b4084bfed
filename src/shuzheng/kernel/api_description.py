"""How the HTTP API describes itself: who may call, and how every operation answers what goes wrong."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic import BaseModel

#: How connected applications and people prove who they are, as the description of the API says it.
SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": (
        "接入应用：HTTP Message Signatures（RFC 9421）。Signature-Input 覆盖 @method、@path、有查询时 @query、有正文时 "
        "content-digest（RFC 9530），参数 created、keyid、nonce；算法 hmac-sm3、hmac-sha256、sm2-sm3、ed25519。"
    ),
}
SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "sessionid",
    "description": "已登录的人员；写操作另需 X-CSRFToken。",
}


class FieldFinding(BaseModel):
    """What is wrong with one field."""

    path: str
    message: str


class Problem(BaseModel):
    """What went wrong (RFC 9457): for a person in ``title``, for a program in ``code``."""

    type: str
    title: str
    status: int
    code: str
    #: Address of the request.
    instance: str
    #: Joins this answer to the log.
    correlation_id: str
    #: With ``invalid-input``: one entry for each field.
    errors: list[FieldFinding] = []


class SiteAPI(NinjaAPI):
    """The API, whose description says how every operation answers what goes wrong."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the OpenAPI 3.1 description."""
        described = super().get_openapi_schema(**options)
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        described["components"]["schemas"].update({**schema.pop("$defs"), "Problem": schema})
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        described["components"]["responses"] = {"Problem": {"description": "Problem (RFC 9457)", "content": content}}
        described["components"]["securitySchemes"] = {"signature": SIGNATURE, "session": SESSION}
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
                if operation.get("security"):  # named after our classes by the framework
                    operation["security"] = [{"signature": []}, {"session": []}]
        return described
