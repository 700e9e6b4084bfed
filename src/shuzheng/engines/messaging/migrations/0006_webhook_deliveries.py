"""Which delivery went to which receiver, so that a receiver's deliveries can be listed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import shuzheng.kernel.moment


class Migration(migrations.Migration):
    """One table beside the deliveries."""

    dependencies = [("messaging", "0005_resending")]

    operations = [
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="messaging.delivery",
                    ),
                ),
                ("at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="时间")),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="messaging.webhooktarget",
                    ),
                ),
            ],
            options={"verbose_name": "推送记录", "verbose_name_plural": "推送记录"},
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["target", "-at", "-delivery"], name="messaging_target_latest"),
        ),
    ]
