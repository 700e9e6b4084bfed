"""Front-end packages served straight from ``node_modules``, without a bundler.

Only the files named here are reachable under ``/static/vendor/``; whatever else npm installed stays private.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

#: Address below ``/static/``, the folder inside ``node_modules``, and the files of it that are shown.
VENDOR: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor/bpmn": (
        "bpmn-js/dist",
        (
            "bpmn-navigated-viewer.production.min.js",
            "assets/*.css",
            "assets/bpmn-font/css/*.css",
            "assets/bpmn-font/font/*",
        ),
    ),
    "vendor/echarts": ("echarts/dist", ("echarts.min.js",)),
    "vendor/htmx": ("htmx.org/dist", ("htmx.min.js",)),
    "vendor/leaflet": ("leaflet/dist", ("leaflet.css", "leaflet.js", "leaflet.js.map", "images/*")),
    "vendor/tabler": ("@tabler/core/dist", ("css/tabler.min.css*", "js/tabler.min.js*")),
    "vendor/tus": ("tus-js-client/dist", ("tus.min.js", "tus.min.js.map")),
}


class VendorStorage(FileSystemStorage):
    """The folder of one package, shown under a prefix."""

    def __init__(self, prefix: str, folder: Path, patterns: Iterable[str]) -> None:
        """Take the prefix below ``/static/``, the package's folder, and the globs of the files shown."""
        super().__init__(location=str(folder))
        self.prefix = prefix
        self.folder = folder
        self.patterns = tuple(patterns)

    def files(self) -> Iterator[str]:
        """Yield the names, relative to the folder, of the files that are shown."""
        for pattern in self.patterns:
            for path in sorted(self.folder.glob(pattern)):
                yield path.relative_to(self.folder).as_posix()


class VendorFinder(BaseFinder):
    """Finds the files of ``VENDOR``; a package that npm has not fetched is simply not there."""

    def __init__(self, app_names: Any = None) -> None:
        """Look into the folder that the settings name as ``NODE_MODULES``."""
        root = Path(settings.NODE_MODULES)
        self.storages = [VendorStorage(prefix, root / folder, shown) for prefix, (folder, shown) in VENDOR.items()]

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Find nothing wrong: ``shuzheng doctor`` reports missing packages."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file for an address below ``/static/``, or a list of it, or an empty list."""
        for storage in self.storages:
            name = path.removeprefix(f"{storage.prefix}/")
            if name != path and name in storage.files():
                return [storage.path(name)] if find_all else storage.path(name)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, VendorStorage]]:
        """Yield every file shown with its storage, for ``collectstatic``."""
        for storage in self.storages:
            for name in storage.files():
                if not matches_patterns(name, list(ignore_patterns or [])):
                    yield name, storage
