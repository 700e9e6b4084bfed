"""The residents' portal (赣服通)."""
