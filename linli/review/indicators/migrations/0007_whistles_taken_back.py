"""Whether a whistle was withdrawn: what is counted of it leaves those out. What the journal already tells is filled in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_endings_left_out_of_the_rates"),
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="called",
            name="withdrawn",
            field=models.BooleanField(db_comment="是撤回的，不是办结的", default=False),
        ),
        migrations.RunSQL(
            "UPDATE indicators_called SET withdrawn = true WHERE number IN"
            " (SELECT substr(subject, 9) FROM journal_entry WHERE fact = 'whistles.WhistleWithdrawn')",
            migrations.RunSQL.noop,
        ),
    ]
