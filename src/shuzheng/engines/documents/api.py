"""HTTP API of documents: each part has its own router."""

from __future__ import annotations

from ninja import Router

from shuzheng.engines.documents import files_api
from shuzheng.engines.documents.credentials import api as credentials
from shuzheng.engines.documents.seals import api as seals

router = Router()
router.add_router("/files", files_api.router)
router.add_router("/seals", seals.router)
router.add_router("/credentials", credentials.router)
