"""Settings for each environment."""
