"""Existing licences taken over from tables; licences found by their holder's name."""

import django.db.models.deletion
from django.db import migrations, models

import shuzheng.kernel.fields
import shuzheng.kernel.moment


class Migration(migrations.Migration):
    """Add the tables' batches."""

    dependencies = [
        ("documents", "0023_seal_applications"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CredentialBatch",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("type_code", models.CharField(max_length=120, verbose_name="证照类型")),
                ("title", models.CharField(max_length=300, verbose_name="证照名称")),
                ("division_path", shuzheng.kernel.fields.LtreeField()),
                ("digest", models.CharField(max_length=64, verbose_name="内容摘要")),
                ("registered", models.PositiveIntegerField(verbose_name="登记份数")),
                ("left_out", models.PositiveIntegerField(default=0, verbose_name="未登记行数")),
                ("actor_name", models.CharField(max_length=100, verbose_name="由谁")),
                ("created_at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="登记时间")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                ("undo_reason", models.CharField(blank=True, max_length=500, verbose_name="撤销原因")),
                ("kept", models.PositiveIntegerField(default=0, verbose_name="撤销后保留份数")),
                ("ledger_entry", models.UUIDField(null=True, verbose_name="账本编号")),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.officer",
                        verbose_name="经办人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.orgunit",
                        verbose_name="发证机关",
                    ),
                ),
            ],
            options={
                "verbose_name": "存量导入批次",
                "verbose_name_plural": "存量导入批次",
                "indexes": [models.Index(fields=["-created_at", "-id"], name="documents_credential_batch")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("type_code", "unit", "digest"),
                        name="documents_batch_once",
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="credential",
            name="origin",
            field=models.CharField(
                choices=[
                    ("issue", "首次核发"),
                    ("renew", "延续"),
                    ("replace", "遗失补领"),
                    ("correct", "更正"),
                    ("import", "存量登记"),
                ],
                default="issue",
                max_length=10,
                verbose_name="来源",
            ),
        ),
        migrations.AddField(
            model_name="credential",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="documents.credentialbatch",
                verbose_name="导入批次",
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["holder_name"], name="documents_credential_name"),
        ),
    ]
