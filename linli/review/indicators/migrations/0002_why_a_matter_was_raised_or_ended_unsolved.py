"""Columns for why, and cells by township. What was written before has no reasons: `linli replay indicators` finds them."""

from django.db import migrations, models

CELLS_ANEW = """
DELETE FROM indicators_monthlyending;
INSERT INTO indicators_monthlyending (month, county, township, ending, solved_level, outcome, n, satisfaction_sum)
SELECT date_trunc('month', ended_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(county, 0), coalesce(township, 0), ending,
       coalesce(solved_level, 0), '', count(*), coalesce(sum(satisfaction), 0)
FROM indicators_standing WHERE ended_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
"""
"""The months' cells ended at the community, which made a city's page add up twenty thousand of them."""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="raised_for",
            field=models.CharField(db_comment="最近一次上报的理由（lists/raise_reasons）", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="standing",
            name="outcome",
            field=models.CharField(db_comment="答复写明的办理结果（lists/outcome_reasons）", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="monthlyending",
            name="outcome",
            field=models.CharField(
                db_comment="没有评价就办结的：答复写明的办理结果；居民说解决了的为空，居民说了算",
                default="",
                max_length=60,
            ),
        ),
        migrations.RemoveConstraint(model_name="monthlyending", name="indicators_month_cell"),
        migrations.RemoveField(model_name="monthlyending", name="community"),
        migrations.RunSQL(CELLS_ANEW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="monthlyending",
            constraint=models.UniqueConstraint(
                fields=["month", "county", "township", "ending", "solved_level", "outcome"],
                name="indicators_month_cell",
            ),
        ),
        migrations.RemoveIndex(model_name="standing", name="indicators_open"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=~models.Q(stage="ended"),
                fields=["county", "township", "community", "grid"],
                include=["stage", "due_at", "reopened", "raised_for"],
                name="indicators_open",
            ),
        ),
        migrations.RemoveIndex(model_name="standing", name="indicators_ended_township"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(stage="ended"),
                fields=["township", "-ended_at"],
                include=["community", "grid", "ending", "solved_level", "outcome", "satisfaction"],
                name="indicators_ended_township",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(stage="ended"), fields=["ending", "-ended_at"], name="indicators_ended"
            ),
        ),
    ]
