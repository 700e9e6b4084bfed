"""A hold on a file names the units that may release it."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the units; holds set before have none, and whoever may hold everywhere releases them."""

    dependencies = [("documents", "0025_licence_batches_checked")]

    operations = [
        migrations.AddField(
            model_name="fileretention",
            name="held_unit_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), blank=True, default=list, size=None
            ),
        ),
    ]
