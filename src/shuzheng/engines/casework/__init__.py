"""What must be done, by when: service items, cases, clocks, processes."""
