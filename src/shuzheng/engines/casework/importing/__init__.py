"""Importing service items (事项导入): from files of other platforms to published definitions.

``read_file`` recognises the format and yields an entry a row: a valid item, or why there is none, with whatever had to
be assumed. ``import_file`` hands the items to the action ``casework.import_items`` in batches and returns the account.
A new format is a module with a ``Format``; see ``guangdong`` and ``guangan``.
"""

from __future__ import annotations

from shuzheng.engines.casework.importing.entry import Entry, Finding
from shuzheng.engines.casework.importing.formats import Unrecognised, read_file
from shuzheng.engines.casework.importing.report import write_report
from shuzheng.engines.casework.importing.run import Account, import_file

__all__ = ["Account", "Entry", "Finding", "Unrecognised", "import_file", "read_file", "write_report"]
