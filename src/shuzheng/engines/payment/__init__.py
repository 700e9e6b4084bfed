"""Payment: who pays whom?"""

from __future__ import annotations
