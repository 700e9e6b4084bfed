"""The design system: layouts, components, tokens."""
