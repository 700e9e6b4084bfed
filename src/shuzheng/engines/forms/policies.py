"""Who may do what with forms. Drafts are their account's own: the actions check that, no role can be granted it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

PURGE_DRAFTS = permission("forms.purge_drafts", _("清理过期草稿"))
