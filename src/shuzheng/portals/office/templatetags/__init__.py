"""Template filters of the officials' portal."""
