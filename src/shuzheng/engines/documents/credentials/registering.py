"""The kind of definition that packs declare licences with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.checking import check
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.kernel.definition import Kind, register

CREDENTIAL_TYPE = register(Kind(KIND, "credentials/*.yaml", CredentialType, title=_("证照类型"), check=check))
