"""Django's database engine for PostgreSQL, with statements that stay prepared and a health check without a round trip."""
