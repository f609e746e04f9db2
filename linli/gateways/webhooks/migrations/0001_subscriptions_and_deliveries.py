"""Who is told what, and every entry that is or was to be told."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0004_reveal_newest_first_for_auditors"),
        ("territory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("name", models.CharField(db_comment="哪个系统", max_length=40)),
                ("address", models.CharField(db_comment="推到哪个地址", max_length=500)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), db_comment="哪些事实", size=None
                    ),
                ),
                ("salt", models.CharField(db_comment="签名密钥的盐；密钥本身不存", max_length=32)),
                ("made_at", models.DateTimeField(db_comment="何时订阅；更早的事不推，除非补推")),
                ("stopped_at", models.DateTimeField(db_comment="何时停的；空为在推", null=True)),
                (
                    "stopped_for",
                    models.CharField(blank=True, db_comment="为什么停：asked有人停的，failures连续失败", max_length=20),
                ),
                ("failing_since", models.DateTimeField(db_comment="从何时起一直失败；空为最近一次成功", null=True)),
                ("failures", models.IntegerField(db_comment="连续失败几次", default=0)),
                ("next_at", models.DateTimeField(db_comment="失败后何时再试", null=True)),
                ("job_at", models.DateTimeField(db_comment="已经排了几时的发送任务；空为没有排", null=True)),
                ("busy_until", models.DateTimeField(db_comment="正在发送，最迟到何时；过了就是断了", null=True)),
                ("last_status", models.IntegerField(db_comment="对方最近一次的状态码；空为没有回应", null=True)),
                ("last_error", models.CharField(blank=True, db_comment="最近一次失败的说法", max_length=200)),
                ("last_good_at", models.DateTimeField(db_comment="最近一次成功的时刻", null=True)),
                (
                    "area",
                    models.ForeignKey(
                        db_comment="哪个区域的诉求",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territory.area",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        db_comment="归哪个单位",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.body",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_comment="谁订阅的；空为命令行",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table_comment": "推送的订阅",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(db_comment="日志的条目")),
                ("subject", models.CharField(db_comment="主体", max_length=100)),
                ("kind", models.CharField(db_comment="事实的名称", max_length=60)),
                ("at", models.DateTimeField(db_comment="事情发生的时刻")),
                ("sent_at", models.DateTimeField(db_comment="何时送到；空为待送", null=True)),
                ("tries", models.IntegerField(db_comment="试过几次", default=0)),
                ("next_at", models.DateTimeField(db_comment="失败后何时再试；空为轮到就送", null=True)),
                ("failing_since", models.DateTimeField(db_comment="第一次失败的时刻", null=True)),
                ("given_up_at", models.DateTimeField(db_comment="何时不再送：别的都收，只有它总被拒", null=True)),
                (
                    "subscription",
                    models.ForeignKey(
                        db_comment="哪个订阅",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="webhooks.subscription",
                    ),
                ),
            ],
            options={
                "db_table_comment": "推送的条目",
            },
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stopped_at__isnull", True), ("stopped_for", "")),
                    models.Q(("stopped_at__isnull", False), ("stopped_for__in", ["asked", "failures"])),
                    _connector="OR",
                ),
                name="webhooks_stopped_for_something",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("given_up_at__isnull", True), ("sent_at__isnull", True)),
                fields=["subscription", "entry_id"],
                name="webhooks_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False)), fields=["sent_at"], name="webhooks_sent"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("subscription", "entry_id"), name="webhooks_delivered_once"),
        ),
    ]
