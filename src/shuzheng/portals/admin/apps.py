"""Django application of `operator`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class OperatorConfig(EngineConfig):
    """The operators' screens: Django's admin in the design system, for whoever holds ``operator.use_admin``."""

    name = "shuzheng.portals.admin"
    label = "operator"
    verbose_name = _("运维后台")

    def ready(self) -> None:
        """Name the site; its templates and colours are this application's own."""
        super().ready()
        from django.contrib import admin

        admin.site.site_header = _("数政运维后台")
        admin.site.site_title = _("数政")
        admin.site.index_title = _("查看")
        admin.site.enable_nav_sidebar = False
