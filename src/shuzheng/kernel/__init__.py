"""The kernel: actions, definitions, errors, events, paging. It knows no engine."""
