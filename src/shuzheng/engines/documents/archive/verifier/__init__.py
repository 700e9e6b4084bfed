"""The script that travels with every package; ``verify.py`` is copied as it is and imports nothing of ours."""
