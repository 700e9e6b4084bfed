"""The table behind Django's default cache, which allauth remembers used one-time codes in."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """As ``createcachetable`` would make it; a table of the migrations is there wherever the site is."""

    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE identity_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX identity_cache_expires ON identity_cache (expires);
            """,
            "DROP TABLE identity_cache",
        )
    ]
