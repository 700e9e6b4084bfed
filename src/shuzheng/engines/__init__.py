"""The engines, one Django app each."""
