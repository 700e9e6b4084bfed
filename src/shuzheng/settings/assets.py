"""Front-end packages served straight from ``node_modules``, without a bundler.

Only the folders named here are reachable under ``/static/vendor/``; everything else that npm installed stays private.
"""

from __future__ import annotations

from pathlib import Path

#: Address below ``/static/`` and the folder inside ``node_modules`` that it shows.
VENDOR = {
    "vendor/tabler/css": "@tabler/core/dist/css",
    "vendor/tabler/js": "@tabler/core/dist/js",
    "vendor/htmx": "htmx.org/dist",
    "vendor/leaflet": "leaflet/dist",
    "vendor/bpmn": "bpmn-js/dist",
    "vendor/echarts": "echarts/dist",
    "vendor/tus": "tus-js-client/dist",
}


def vendor_folders(node_modules: Path) -> list[tuple[str, str]]:
    """Return ``STATICFILES_DIRS`` entries ``(prefix, folder)`` for the packages that are installed.

    A package that is absent is left out, so that commands which need no page (migrate, worker) run without npm;
    ``make`` fetches the packages before it serves anything.
    """
    folders = ((prefix, node_modules / inside) for prefix, inside in VENDOR.items())
    return [(prefix, str(folder)) for prefix, folder in folders if folder.is_dir()]


STATICFILES_DIRS = vendor_folders(Path(__file__).resolve().parents[3] / "node_modules")
