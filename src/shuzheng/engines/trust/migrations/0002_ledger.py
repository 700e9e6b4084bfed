"""The hash chain of the audit gives way to the ledger: a Merkle tree over records and public entries."""

import json
import os
from pathlib import Path

import shuzheng.engines.trust.fields
import shuzheng.kernel.fields
import shuzheng.kernel.id
import shuzheng.kernel.moment
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


def give_leaves(apps, schema_editor):
    """Compute the leaf of every record that was written before there was a tree."""
    from shuzheng.engines.trust.content import COLUMNS, SALT, leaf_hash, of_row, record_leaf

    names = ["id", *COLUMNS]
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(f"SELECT {', '.join(names)} FROM trust_auditrecord WHERE leaf_hash IS NULL LIMIT 1000")
            rows = [dict(zip(names, row)) for row in cursor.fetchall()]
            if not rows:
                return
            given = []
            for row in rows:
                row["detail"] = json.loads(row["detail"])
                salt = os.urandom(SALT)
                given.append((salt, leaf_hash(record_leaf(of_row(row), salt)), row["at"], row["id"]))
            cursor.executemany("UPDATE trust_auditrecord SET salt = %s, leaf_hash = %s WHERE at = %s AND id = %s", given)


class Migration(migrations.Migration):

    dependencies = [("trust", "0001_initial")]

    operations = [
        migrations.RunSQL((SQL / "ledger.sql").read_text()),
        migrations.RunPython(give_leaves, migrations.RunPython.noop),
        migrations.RunSQL((SQL / "ledger_guard.sql").read_text()),
        migrations.DeleteModel("ChainCheckpoint"),
        migrations.RemoveField("auditrecord", "content_hash"),
        migrations.RemoveField("auditrecord", "sequence_no"),
        migrations.RemoveField("auditrecord", "chain_hash"),
        migrations.AddField("auditrecord", "salt", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField("auditrecord", "leaf_hash", models.BinaryField(default=b""), preserve_default=False),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("kind", models.CharField(verbose_name="类别")),
                ("subject", models.CharField(verbose_name="对象")),
                ("content", models.JSONField(verbose_name="内容")),
                ("digest", models.CharField(verbose_name="摘要")),
                ("key_id", models.UUIDField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                ("leaf_hash", models.BinaryField()),
                ("xid", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "存证",
                "verbose_name_plural": "存证",
                "db_table": "trust_ledgerentry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "trust_leaf", "managed": False},
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("pk", models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "trust_node", "managed": False},
        ),
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="叶数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("root", models.BinaryField()),
                ("frontier", models.BinaryField()),
                ("note", models.TextField()),
            ],
            options={
                "verbose_name": "账本树头",
                "verbose_name_plural": "账本树头",
                "db_table": "trust_treehead",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                ("id", shuzheng.kernel.fields.IdField(default=shuzheng.kernel.id.new_id, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("key", shuzheng.engines.trust.fields.EncryptedTextField()),
                ("created_at", models.DateTimeField(default=shuzheng.kernel.moment.now)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("destroyed_at", None)), fields=("person_id",), name="trust_one_key_in_use"
                    )
                ],
            },
        ),
    ]
