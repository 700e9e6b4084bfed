"""Tables of existing licences wait for a second officer; those registered before count as confirmed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import shuzheng.engines.trust.fields


def confirm_earlier(apps, schema_editor):
    """Take what was registered before for confirmed when it was registered."""
    apps.get_model("documents", "CredentialBatch").objects.update(confirmed_at=models.F("created_at"))


class Migration(migrations.Migration):
    """Add the second officer, the waiting rows and the salt of their digest."""

    dependencies = [
        ("documents", "0024_licence_batches"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="credentialbatch",
            name="salt",
            field=models.CharField(blank=True, max_length=32, verbose_name="摘要盐值"),
        ),
        migrations.AddField(
            model_name="credentialbatch",
            name="rows",
            field=shuzheng.engines.trust.fields.EncryptedTextField(blank=True, default="", verbose_name="待复核的行"),
        ),
        migrations.AddField(
            model_name="credentialbatch",
            name="checker",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.officer",
                verbose_name="复核人",
            ),
        ),
        migrations.AddField(
            model_name="credentialbatch",
            name="checker_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="由谁复核"),
        ),
        migrations.AddField(
            model_name="credentialbatch",
            name="confirmed_at",
            field=models.DateTimeField(null=True, verbose_name="确认时间"),
        ),
        migrations.RunPython(confirm_earlier, migrations.RunPython.noop),
    ]
