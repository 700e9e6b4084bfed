"""``build_icons``: cut the icon sprite from node_modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from shuzheng.ui import sprite


class Command(BaseCommand):
    """Write ``static/ui/icons.svg`` for the names in ``ui/icons.txt``."""

    help = "Cut the icon sprite from node_modules for the names in ui/icons.txt."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and write the sprite. Raises UnknownIcon for a name that Tabler does not have."""
        package = Path(settings.ROOT) / "node_modules" / "@tabler" / "icons-sprite" / "dist"
        sprite.SPRITE.write_text(sprite.build(package), "utf-8")
        self.stdout.write(f"{len(sprite.names())} icons")
