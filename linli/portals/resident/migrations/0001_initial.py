"""The table of buckets. It is UNLOGGED: after a crash everybody may post again, and posting writes no log for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                (
                    "key",
                    models.CharField(
                        db_comment="哪种动作、谁（摘要）", max_length=80, primary_key=True, serialize=False
                    ),
                ),
                ("tokens", models.FloatField(db_comment="还剩几次")),
                ("most", models.FloatField(db_comment="最多攒几次")),
                ("refill", models.FloatField(db_comment="每秒恢复几次")),
                ("granted", models.BooleanField(db_comment="最近一次是否放行")),
                ("at", models.DateTimeField(db_comment="最近一次的时刻")),
            ],
            options={
                "db_table": "resident_bucket",
                "db_table_comment": "公开提交的频次",
                "indexes": [models.Index(fields=["at"], name="resident_bucket_at")],
            },
        ),
        migrations.RunSQL("ALTER TABLE resident_bucket SET UNLOGGED", "ALTER TABLE resident_bucket SET LOGGED"),
    ]
