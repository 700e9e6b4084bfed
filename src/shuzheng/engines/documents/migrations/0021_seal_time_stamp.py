"""Whether a stamp was dated by a time-stamping authority."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of the log of uses."""

    dependencies = [("documents", "0020_archive")]

    operations = [
        migrations.AddField(
            model_name="sealuse",
            name="time_stamp",
            field=models.CharField(
                blank=True,
                choices=[("granted", "已取得时间戳"), ("missing", "无可信时间戳")],
                default="",
                max_length=10,
                verbose_name="时间戳",
            ),
        ),
    ]
