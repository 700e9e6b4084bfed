"""Who may act: persons, accounts, organisations, posts, mandates."""
