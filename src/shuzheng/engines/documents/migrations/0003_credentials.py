"""Licences, their history, authorisations, uses and counts."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import shuzheng.engines.trust.fields
import shuzheng.kernel.fields
import shuzheng.kernel.moment


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_seals"),
        ("identity", "0002_shared_cache"),
    ]

    operations = [
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("identifier", models.CharField(max_length=80, unique=True, verbose_name="电子证照标识")),
                ("number", models.CharField(max_length=60, verbose_name="证照编号")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="查验码")),
                ("type_code", models.CharField(max_length=120, verbose_name="证照类型")),
                ("type_id", models.UUIDField(verbose_name="类型版本")),
                ("title", models.CharField(max_length=300, verbose_name="证照名称")),
                ("holder_kind", models.CharField(max_length=6, verbose_name="持证主体类型")),
                ("holder_id", models.UUIDField(verbose_name="持证主体编号")),
                ("holder_name", models.CharField(max_length=200, verbose_name="持证主体")),
                ("content", shuzheng.engines.trust.fields.EncryptedTextField(verbose_name="照面信息")),
                ("division_path", shuzheng.kernel.fields.LtreeField()),
                ("case_id", models.UUIDField(null=True, verbose_name="办件")),
                ("case_number", models.CharField(blank=True, max_length=30, verbose_name="办件编号")),
                ("item_code", models.CharField(blank=True, max_length=120, verbose_name="事项")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("issue", "首次核发"),
                            ("renew", "延续"),
                            ("replace", "遗失补领"),
                            ("correct", "更正"),
                        ],
                        default="issue",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issuing", "制证中"),
                            ("valid", "有效"),
                            ("held", "暂扣"),
                            ("suspended", "中止使用"),
                            ("revoked", "已吊销或撤销"),
                            ("void", "已作废"),
                            ("replaced", "已由新证代替"),
                        ],
                        default="issuing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("state_since", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="状态开始时间")),
                ("valid_from", models.DateField(verbose_name="有效期自")),
                ("valid_until", models.DateField(null=True, verbose_name="有效期至")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="原件摘要")),
                ("seal_use_id", models.UUIDField(null=True, verbose_name="用章记录")),
                ("ledger_entry", models.UUIDField(null=True, verbose_name="账本编号")),
                ("problem", models.TextField(blank=True, verbose_name="制证问题")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="制证次数")),
                (
                    "reminded",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None, verbose_name="已提醒"
                    ),
                ),
                ("synthetic", models.BooleanField(default=False, verbose_name="演示数据")),
                ("created_at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="建立时间")),
                ("issued_at", models.DateTimeField(null=True, verbose_name="签发时间")),
                (
                    "original",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                        verbose_name="签章原件",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="documents.credential",
                        verbose_name="前一证照",
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
                "verbose_name": "电子证照",
                "verbose_name_plural": "电子证照",
            },
        ),
        migrations.CreateModel(
            name="CredentialEvent",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="记录时间")),
                ("effective_at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="生效时间")),
                ("verb", models.CharField(max_length=20, verbose_name="操作")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("issuing", "制证中"),
                            ("valid", "有效"),
                            ("held", "暂扣"),
                            ("suspended", "中止使用"),
                            ("revoked", "已吊销或撤销"),
                            ("void", "已作废"),
                            ("replaced", "已由新证代替"),
                        ],
                        max_length=10,
                        verbose_name="此后状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="原因")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("actor_name", models.CharField(max_length=100, verbose_name="由谁")),
                ("ledger_entry", models.UUIDField(null=True, verbose_name="账本编号")),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="documents.credential",
                        verbose_name="证照",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "证照状态变更",
                "verbose_name_plural": "证照状态变更",
            },
        ),
        migrations.CreateModel(
            name="CredentialSerial",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("type_code", models.CharField(max_length=120)),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.orgunit"
                    ),
                ),
            ],
            options={
                "verbose_name": "证照顺序号",
                "verbose_name_plural": "证照顺序号",
            },
        ),
        migrations.CreateModel(
            name="CredentialTally",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("type_code", models.CharField(max_length=120)),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=10)),
                ("slot", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "用证计数",
                "verbose_name_plural": "用证计数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("type_code", "day", "what", "slot"), name="documents_credential_tally"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UseAuthorisation",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("recipient", models.CharField(blank=True, max_length=100, verbose_name="授权给")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="授权码")),
                ("valid_until", models.DateTimeField(verbose_name="有效期至")),
                ("most_uses", models.PositiveSmallIntegerField(verbose_name="最多次数")),
                ("used", models.PositiveSmallIntegerField(default=0, verbose_name="已用次数")),
                ("given_by", models.CharField(max_length=100, verbose_name="授权人")),
                ("created_at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="授权时间")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="收回时间")),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorisations",
                        to="documents.credential",
                        verbose_name="证照",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.orgunit",
                        verbose_name="授权给",
                    ),
                ),
            ],
            options={
                "verbose_name": "用证授权",
                "verbose_name_plural": "用证授权",
            },
        ),
        migrations.CreateModel(
            name="CredentialUse",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(serialize=False)),
                ("at", models.DateTimeField(default=shuzheng.kernel.moment.now, verbose_name="时间")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("case", "办件调用"),
                            ("authorisation", "凭授权使用"),
                            ("shown", "当面出示"),
                            ("office", "工作人员查看"),
                            ("print", "打印复印件"),
                        ],
                        max_length=15,
                        verbose_name="方式",
                    ),
                ),
                ("who", models.CharField(max_length=200, verbose_name="由谁")),
                ("organisation", models.CharField(blank=True, max_length=200, verbose_name="单位")),
                ("officer_id", models.UUIDField(null=True)),
                ("case_id", models.UUIDField(null=True, verbose_name="办件")),
                ("case_number", models.CharField(blank=True, max_length=30, verbose_name="办件编号")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("state", models.CharField(max_length=10, verbose_name="当时状态")),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="documents.credential",
                        verbose_name="证照",
                    ),
                ),
                (
                    "authorisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="documents.useauthorisation",
                        verbose_name="授权",
                    ),
                ),
            ],
            options={
                "verbose_name": "用证记录",
                "verbose_name_plural": "用证记录",
            },
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["holder_id", "-created_at", "-id"], name="documents_credential_holder"),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["number"], name="documents_credential_paper"),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["unit", "-created_at", "-id"], name="documents_credential_unit"),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                condition=models.Q(("state", "valid")), fields=["valid_until", "id"], name="documents_credential_ending"
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                condition=models.Q(("state", "issuing")), fields=["created_at"], name="documents_credential_open"
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["case_id"], name="documents_credential_of_case"),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case_id__isnull", False), models.Q(("origin", "correct"), _negated=True)),
                fields=("case_id", "type_code"),
                name="documents_credential_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.UniqueConstraint(
                fields=("type_code", "number", "version"), name="documents_credential_number"
            ),
        ),
        migrations.AddIndex(
            model_name="credentialevent",
            index=models.Index(fields=["credential", "at", "id"], name="documents_credential_event"),
        ),
        migrations.AddConstraint(
            model_name="credentialserial",
            constraint=models.UniqueConstraint(fields=("type_code", "unit"), name="documents_serial_once"),
        ),
        migrations.AddIndex(
            model_name="useauthorisation",
            index=models.Index(fields=["credential", "-created_at", "-id"], name="documents_leave_credential"),
        ),
        migrations.AddConstraint(
            model_name="useauthorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__lte", models.F("most_uses"))), name="documents_leave_not_overspent"
            ),
        ),
        migrations.AddIndex(
            model_name="credentialuse",
            index=models.Index(fields=["credential", "-at", "-id"], name="documents_credential_use"),
        ),
        migrations.AddIndex(
            model_name="credentialuse",
            index=models.Index(fields=["case_id"], name="documents_credential_use_case"),
        ),
    ]
