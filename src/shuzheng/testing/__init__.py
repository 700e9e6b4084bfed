"""What tests of engines and packs share: factories, a simulated world and the test server."""

from __future__ import annotations
