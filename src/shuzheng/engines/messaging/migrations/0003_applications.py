"""Move the systems that hand in notices, and the receivers of events, to the one register of applications."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import shuzheng.engines.trust.fields
from shuzheng.engines.identity.applications import moving


def move(apps: Any, editor: Any) -> None:
    """Register every system again under its id, with its secret, its templates and its receivers."""
    for old in apps.get_model("messaging", "Application").objects.all():
        unit = moving.unit_for(apps, old.department)
        move_budgets(apps, old.department, unit.code)
        new = moving.register(apps, id=old.pk, code=old.code, name=old.title, unit=unit, active=old.active)
        moving.give_key(apps, new, old.secret)
        moving.give(apps, new, "notices", old.templates, old.daily)
        if old.bare_numbers:
            moving.give(apps, new, "texts", [], old.daily)
    for target in apps.get_model("messaging", "WebhookTarget").objects.all():
        code = f"receiver-{target.pk.hex[-8:]}"
        unit = moving.unit_for(apps, "")
        owner = moving.register(apps, id=target.pk, code=code, name=target.title, unit=unit, active=target.active)
        moving.give(apps, owner, "events", target.events)
        target.application = owner
        target.save(update_fields=["application"])
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def move_budgets(apps: Any, department: str, code: str) -> None:
    """Let the limits of a department hold for the unit to which its notices are charged from now on."""
    budgets = apps.get_model("messaging", "Budget").objects
    limited = list(budgets.filter(department=code).values_list("channel", flat=True))
    budgets.filter(department=department).exclude(channel__in=limited).update(department=code)


class Migration(migrations.Migration):
    """From two registers of messaging to the one of identity."""

    dependencies = [("identity", "0003_applications"), ("messaging", "0002_reach")]

    operations = [
        migrations.AddField(
            model_name="webhooktarget",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="webhooks",
                to="identity.application",
                verbose_name="应用",
            ),
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="webhooktarget",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="webhooks",
                to="identity.application",
                verbose_name="应用",
            ),
        ),
        migrations.AddField(
            model_name="webhooktarget",
            name="previous",
            field=shuzheng.engines.trust.fields.EncryptedTextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="webhooktarget",
            name="previous_until",
            field=models.DateTimeField(null=True, verbose_name="旧密钥失效"),
        ),
        migrations.AddField(
            model_name="webhooktarget",
            name="retired_at",
            field=models.DateTimeField(null=True, verbose_name="停用时间"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="application",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.application",
            ),
        ),
        migrations.DeleteModel(name="Nonce"),
        migrations.DeleteModel(name="Application"),
    ]
