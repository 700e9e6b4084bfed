"""Files that stamps made are noted; what an office set about a file's time is its own."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add both."""

    dependencies = [("documents", "0026_held_by_units")]

    operations = [
        migrations.AddField(model_name="fileretention", name="by_office", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="StampedFile",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="documents.storedfile",
                    ),
                ),
                (
                    "use",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.sealuse"
                    ),
                ),
            ],
            options={"verbose_name": "已用印文件", "verbose_name_plural": "已用印文件"},
        ),
    ]
