"""Versions, locks, rights and retention of files."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shuzheng.kernel.fields
import shuzheng.kernel.moment


class Migration(migrations.Migration):
    """Later versions name the first; what there was becomes a first version."""

    dependencies = [
        ("documents", "0021_seal_time_stamp"),
        ("identity", "0003_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileLock",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="lock",
                        serialize=False,
                        to="documents.storedfile",
                    ),
                ),
                ("holder_name", models.CharField(max_length=100, verbose_name="锁定人")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("taken_at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="锁定时间")),
                ("until", models.DateTimeField(verbose_name="锁定至")),
            ],
            options={
                "verbose_name": "文件锁定",
                "verbose_name_plural": "文件锁定",
            },
        ),
        migrations.CreateModel(
            name="FileRetention",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="retention",
                        serialize=False,
                        to="documents.storedfile",
                    ),
                ),
                ("period", models.CharField(blank=True, max_length=10, verbose_name="留存期限")),
                ("starts_on", models.DateField(null=True, verbose_name="起算日")),
                ("due_on", models.DateField(null=True, verbose_name="到期日")),
                (
                    "disposal",
                    models.CharField(
                        choices=[("keep", "继续保存"), ("destroy", "销毁内容，保留登记信息和摘要")],
                        default="keep",
                        max_length=10,
                        verbose_name="到期处置",
                    ),
                ),
                ("set_by", models.CharField(blank=True, max_length=100, verbose_name="设定人")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("look_on", models.DateField(null=True)),
                ("held_at", models.DateTimeField(null=True, verbose_name="停止销毁时间")),
                ("held_by", models.CharField(blank=True, max_length=100, verbose_name="停止销毁经办人")),
                ("hold_reason", models.CharField(blank=True, max_length=300, verbose_name="停止销毁原因")),
            ],
            options={
                "verbose_name": "文件留存期",
                "verbose_name_plural": "文件留存期",
            },
        ),
        migrations.CreateModel(
            name="FileRight",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("recipient", models.CharField(max_length=200, verbose_name="授权给")),
                (
                    "uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "查看"),
                                ("download", "下载"),
                                ("print", "打印"),
                                ("reuse", "用于办事"),
                                ("revise", "存入新版本"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="可以",
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("valid_until", models.DateTimeField(verbose_name="有效期至")),
                ("given_by", models.CharField(max_length=100, verbose_name="授权人")),
                ("created_at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="授权时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="收回时间")),
            ],
            options={
                "verbose_name": "文件使用权",
                "verbose_name_plural": "文件使用权",
            },
        ),
        migrations.AddField(
            model_name="storedfile",
            name="author_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="作者"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="bytes_gone_at",
            field=models.DateTimeField(null=True, verbose_name="内容销毁时间"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="later",
                to="documents.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="修改说明"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="restored_from",
            field=models.PositiveIntegerField(null=True, verbose_name="恢复自版本"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="version",
            field=models.PositiveIntegerField(default=1, verbose_name="版本"),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("first__isnull", True)),
                fields=["owner_account", "-created_at", "-id"],
                name="documents_file_mine",
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("bytes_gone_at__isnull", False), models.Q(("storage_key", ""), _negated=True)),
                fields=["bytes_gone_at"],
                name="documents_file_leaving",
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.UniqueConstraint(condition=models.Q(("first__isnull", False)), fields=("first", "version"), name="documents_file_version"),
        ),
        migrations.AddField(
            model_name="filelock",
            name="holder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="锁定人",
            ),
        ),
        migrations.AddIndex(
            model_name="fileretention",
            index=models.Index(
                condition=models.Q(("held_at__isnull", True), ("look_on__isnull", False)),
                fields=["look_on", "file"],
                name="documents_retention_due",
            ),
        ),
        migrations.AddField(
            model_name="fileright",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="fileright",
            name="file",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rights",
                to="documents.storedfile",
                verbose_name="文件",
            ),
        ),
        migrations.AddField(
            model_name="fileright",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.orgunit",
                verbose_name="授权给",
            ),
        ),
        migrations.AddIndex(
            model_name="fileright",
            index=models.Index(fields=["file", "-created_at", "-id"], name="documents_right_file"),
        ),
        migrations.AddIndex(
            model_name="fileright",
            index=models.Index(fields=["account", "-created_at", "-id"], name="documents_right_account"),
        ),
        migrations.AddConstraint(
            model_name="fileright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account__isnull", False), ("unit__isnull", True)),
                    models.Q(("account__isnull", True), ("unit__isnull", False)),
                    _connector="OR",
                ),
                name="documents_right_one_recipient",
            ),
        ),
    ]
