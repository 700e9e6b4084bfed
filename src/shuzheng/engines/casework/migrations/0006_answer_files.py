"""Which files are among the answers of a case."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add them; no form that was shipped before asked for files."""

    dependencies = [("casework", "0005_everyday_items")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="answer_files",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(fields=["answer_files"], name="casework_case_answer_files"),
        ),
    ]
