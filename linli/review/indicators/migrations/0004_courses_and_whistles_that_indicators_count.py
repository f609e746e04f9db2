"""The tables every indicator is counted from. Their readers begin at the first entry, so a running city fills by itself."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_stage_of_merged_matters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Called",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("number", models.CharField(db_comment="吹哨编号", max_length=20)),
                ("body", models.BigIntegerField(db_comment="被叫的单位")),
                ("area", models.BigIntegerField(db_comment="叫到哪里")),
                ("sounded_at", models.DateTimeField(db_comment="吹哨时刻")),
                ("acknowledge_by", models.DateTimeField(db_comment="回应的时限")),
                ("arrive_by", models.DateTimeField(db_comment="到场的时限")),
                ("answered_at", models.DateTimeField(db_comment="点收到或到场的时刻", null=True)),
                ("arrived_at", models.DateTimeField(db_comment="到场时刻", null=True)),
                ("ended_at", models.DateTimeField(db_comment="办结或撤回的时刻", null=True)),
            ],
            options={
                "db_table_comment": "吹哨叫到的单位（由日志推出，可重建）",
                "indexes": [models.Index(fields=["sounded_at"], name="indicators_called_when")],
                "constraints": [models.UniqueConstraint(fields=("number", "body"), name="indicators_called_once")],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                ("number", models.CharField(db_comment="诉求编号", max_length=20, primary_key=True, serialize=False)),
                ("county", models.BigIntegerField(db_comment="县区", null=True)),
                ("township", models.BigIntegerField(db_comment="镇街", null=True)),
                ("community", models.BigIntegerField(db_comment="村（社区）", null=True)),
                ("grid", models.BigIntegerField(db_comment="网格", null=True)),
                ("category", models.CharField(db_comment="类别", max_length=60)),
                ("channel", models.CharField(db_comment="渠道", max_length=20)),
                ("registered_at", models.DateTimeField(db_comment="登记时刻")),
                ("due_at", models.DateTimeField(db_comment="第一次答复的期限")),
                ("level", models.SmallIntegerField(db_comment="最后派到的层级", default=0)),
                ("marks", models.BigIntegerField(db_comment="发生过什么（每一位的意思见 courses.MARKS）", default=0)),
                ("dispatched_at", models.DateTimeField(db_comment="第一次派单", null=True)),
                ("accepted_at", models.DateTimeField(db_comment="第一次受理", null=True)),
                ("answered_at", models.DateTimeField(db_comment="第一次答复", null=True)),
                ("verified_at", models.DateTimeField(db_comment="第一次核实", null=True)),
                ("left_at", models.DateTimeField(db_comment="没有答复就结束的时刻：撤回、不予受理", null=True)),
                ("carried_for", models.CharField(db_comment="现在挂账的理由；空为没有挂账", default="", max_length=60)),
                ("excluded_for", models.CharField(db_comment="不予受理的情形", default="", max_length=60)),
                ("outcome", models.CharField(db_comment="答复写明的办理结果", default="", max_length=60)),
            ],
            options={
                "db_table_comment": "诉求经过（由日志推出，可重建）",
                "indexes": [
                    models.Index(
                        fields=["township", "registered_at"],
                        include=("community", "grid", "marks"),
                        name="course_by_registered",
                    ),
                    models.Index(
                        fields=["township", "due_at"], include=("community", "grid", "marks"), name="course_by_due"
                    ),
                    models.Index(
                        fields=["township", "answered_at"],
                        include=("community", "grid", "marks"),
                        name="course_by_answered",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["registered_at", "due_at", "answered_at"], name="course_months", pages_per_range=16
                    ),
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("left_at__isnull", True)),
                        fields=["county", "township", "registered_at"],
                        name="course_unanswered",
                    ),
                    models.Index(
                        condition=models.Q(("carried_for", ""), _negated=True),
                        fields=["county", "township", "carried_for"],
                        name="course_carried",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyCourse",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("month", models.DateField(db_comment="月份（一日）")),
                ("area", models.BigIntegerField(db_comment="县区或镇街；0为全市")),
                (
                    "kind",
                    models.CharField(
                        db_comment="按哪个时刻归月：registered 登记，due 应答复，answered 答复", max_length=10
                    ),
                ),
                ("marks", models.BigIntegerField(db_comment="发生过什么")),
                ("n", models.IntegerField(db_comment="件数")),
            ],
            options={
                "db_table_comment": "每月经过数（由日志推出，可重建）",
                "constraints": [
                    models.UniqueConstraint(fields=("area", "month", "kind", "marks"), name="indicators_course_cell")
                ],
            },
        ),
    ]
