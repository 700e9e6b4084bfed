"""Every change of the country's calendar is proposed: withdrawals and single days beside the holidays of a year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A kind for each proposal."""

    dependencies = [("vocabulary", "0002_announced_years")]

    operations = [
        migrations.RemoveConstraint(model_name="yearproposal", name="vocabulary_one_proposal"),
        migrations.RenameModel("YearProposal", "CalendarProposal"),
        migrations.AddField(
            model_name="calendarproposal",
            name="kind",
            field=models.CharField(
                choices=[("announce", "公布放假安排"), ("withdraw", "撤回放假安排"), ("workday", "调整工作日")],
                default="announce",
                max_length=8,
            ),
        ),
        migrations.AlterModelOptions(
            name="calendarproposal",
            options={"ordering": ["-id"], "verbose_name": "工作日历录入", "verbose_name_plural": "工作日历录入"},
        ),
        migrations.AddConstraint(
            model_name="calendarproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed"), models.Q(("kind", "workday"), _negated=True)),
                fields=("year",),
                name="vocabulary_one_proposal",
            ),
        ),
    ]
