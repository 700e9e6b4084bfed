"""How we are doing: indicators and their values."""
