"""What is asked of the grassroots, for the month's brief; its reader begins at the first entry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_courses_and_whistles_that_indicators_count"),
    ]

    operations = [
        migrations.CreateModel(
            name="Given",
            fields=[
                ("number", models.CharField(db_comment="任务编号", max_length=20, primary_key=True, serialize=False)),
                ("owner", models.BigIntegerField(db_comment="主办单位")),
                ("given_at", models.DateTimeField(db_comment="布置时刻")),
            ],
            options={
                "db_table_comment": "布置的任务（由日志推出，可重建）",
                "indexes": [models.Index(fields=["given_at"], name="indicators_given_when")],
            },
        ),
    ]
