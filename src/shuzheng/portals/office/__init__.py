"""The officials' portal (赣政通)."""
