"""Changing the master key."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.trust import jobs
from shuzheng.engines.trust.crypto import ring
from shuzheng.engines.trust.policies import MANAGE_KEYS
from shuzheng.engines.trust.rotation import encrypted_models
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class RotateKeysInput(Input):
    """Nothing has to be said."""


class KeysRotated(BaseModel):
    """The new key, and whose fields are being encrypted anew."""

    key_id: str
    models: list[str]


class RotateKeys(Action[RotateKeysInput, KeysRotated]):
    """Add a master key (轮换密钥) that encrypts from now on, and encrypt stored fields anew in the background.

    Older keys go on decrypting and stay in the ring. Raises KeyProblem when the keys come from the environment.
    """

    name = "trust.rotate_keys"
    permission = MANAGE_KEYS
    title = _("轮换密钥")

    def perform(self, actor: Actor, given: RotateKeysInput) -> KeysRotated:
        """Change the ring and queue one job per model with encrypted fields."""
        models = [model._meta.label_lower for model in encrypted_models()]
        for label in models:
            self.later(jobs.reencrypt, model=label)
        result = KeysRotated(key_id=ring().rotate(), models=models)
        self.about(**result.model_dump())
        return result
