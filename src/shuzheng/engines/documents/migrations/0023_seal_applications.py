"""Move the applications that stamp to the one register of applications."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from shuzheng.engines.identity.applications import moving


def move(apps: Any, editor: Any) -> None:
    """Register every application again under its id, with its account, its secret and its quota."""
    for old in apps.get_model("documents", "SealApplication").objects.all():
        account = old.account
        given = {"id": old.pk, "code": old.code, "name": old.name, "unit": old.unit}
        new = moving.register(apps, **given, active=old.active, account=account)
        moving.give_key(apps, new, old.secret)
        moving.give(apps, new, "stamp", [], old.daily_quota)
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def to_application(**options: Any) -> models.ForeignKey:
    """Return the reference to the one register."""
    protect = django.db.models.deletion.PROTECT
    return models.ForeignKey(null=True, on_delete=protect, related_name="+", to="identity.application", **options)


class Migration(migrations.Migration):
    """From the register of the seals to the one of identity."""

    dependencies = [("identity", "0003_applications"), ("documents", "0022_files")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.AlterField("sealgrant", "application", to_application(verbose_name="被授权应用")),
        migrations.AlterField("sealuse", "application", to_application(verbose_name="应用")),
        migrations.AlterField("sealtally", "application", to_application()),
        migrations.DeleteModel(name="SealApplication"),
    ]
