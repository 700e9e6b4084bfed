"""The definitions' epoch moves with the transaction that publishes, so that nobody reads the old under the new."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "DROP SEQUENCE kernel_definition_epoch;"
            "CREATE TABLE kernel_definition_epoch (epoch bigint NOT NULL);"
            "INSERT INTO kernel_definition_epoch VALUES (0)",
            "DROP TABLE kernel_definition_epoch; CREATE SEQUENCE kernel_definition_epoch",
        )
    ]
