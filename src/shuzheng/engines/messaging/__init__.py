"""How people are reached: inbox, channels, templates."""
