"""The shuzheng command."""
