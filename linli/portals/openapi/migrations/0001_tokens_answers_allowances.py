"""Tokens, the answers given to them, and their allowances. These last are UNLOGGED: after a crash counting begins anew."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0004_reveal_newest_first_for_auditors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "who",
                    models.CharField(
                        db_comment="哪种调用、谁（摘要）", max_length=60, primary_key=True, serialize=False
                    ),
                ),
                ("remaining", models.FloatField(db_comment="还剩几次")),
                ("granted", models.BooleanField(db_comment="这一次放行了吗")),
                ("at", models.DateTimeField(db_comment="算到何时")),
            ],
            options={
                "db_table_comment": "数据接口的调用余量",
                "indexes": [models.Index(fields=["at"], name="openapi_allowance_at")],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("name", models.CharField(db_comment="哪个系统用；每一步都署上它", max_length=40)),
                ("prefix", models.CharField(db_comment="令牌的开头，用来辨认", max_length=12)),
                ("digest", models.CharField(db_comment="令牌的摘要；令牌本身不存", max_length=64, unique=True)),
                (
                    "powers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        db_comment="准用的权限；不会多于岗位现有的",
                        size=None,
                    ),
                ),
                ("issued_at", models.DateTimeField(db_comment="何时发放")),
                ("until", models.DateField(db_comment="用到哪天（含）")),
                ("revoked_at", models.DateTimeField(db_comment="何时吊销；空为没有吊销", null=True)),
                ("used_at", models.DateTimeField(db_comment="最近一次使用的时刻（准到一分钟）", null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        db_comment="从谁的哪个岗位办事",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.appointment",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_comment="谁发放的；空为命令行",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table_comment": "数据接口的令牌",
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("key", models.CharField(db_comment="调用方的一次性标记（Idempotency-Key）", max_length=100)),
                ("digest", models.CharField(db_comment="请求内容的摘要", max_length=64)),
                ("status", models.SmallIntegerField(db_comment="答复的状态码", default=0)),
                ("body", models.TextField(blank=True, db_comment="答复的内容")),
                ("etag", models.CharField(blank=True, db_comment="答复的版本标记", max_length=60)),
                ("location", models.CharField(blank=True, db_comment="答复所指的地址", max_length=200)),
                ("at", models.DateTimeField(db_comment="何时")),
                (
                    "token",
                    models.ForeignKey(
                        db_comment="哪个令牌",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="openapi.token",
                    ),
                ),
            ],
            options={
                "db_table_comment": "数据接口已给的答复",
            },
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(fields=["appointment"], name="openapi_token_of"),
        ),
        migrations.AddIndex(
            model_name="keptanswer",
            index=models.Index(fields=["at"], name="openapi_answer_at"),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.UniqueConstraint(fields=("token", "key"), name="openapi_answered_once"),
        ),
        migrations.RunSQL("ALTER TABLE openapi_allowance SET UNLOGGED", "ALTER TABLE openapi_allowance SET LOGGED"),
    ]
