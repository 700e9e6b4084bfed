"""The portals, one audience each."""
