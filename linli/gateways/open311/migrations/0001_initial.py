"""Keys, filings and the hour's calls. These last are UNLOGGED: after a crash counting begins anew."""

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
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("name", models.CharField(db_comment="哪个系统", max_length=80)),
                ("prefix", models.CharField(db_comment="密钥的开头，用来辨认", max_length=12)),
                ("digest", models.CharField(db_comment="密钥的摘要；密钥本身不存", max_length=64, unique=True)),
                ("issued_at", models.DateTimeField(db_comment="何时发放")),
                ("revoked_at", models.DateTimeField(db_comment="何时吊销；空为有效", null=True)),
                ("uses", models.BigIntegerField(db_comment="用过多少次", default=0)),
                ("used_at", models.DateTimeField(db_comment="最近一次使用的时刻", null=True)),
                (
                    "area",
                    models.ForeignKey(
                        db_comment="能报哪个区域的诉求",
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
                "db_table_comment": "开放接口的密钥",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "who",
                    models.CharField(
                        db_comment="哪种调用、谁（摘要）、哪个小时", max_length=80, primary_key=True, serialize=False
                    ),
                ),
                ("calls", models.IntegerField(db_comment="几次")),
                ("at", models.DateTimeField(db_comment="这个小时的开头")),
            ],
            options={
                "db_table_comment": "开放接口的调用频次",
                "indexes": [models.Index(fields=["at"], name="open311_tally_at")],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("number", models.CharField(db_comment="诉求编号", max_length=20, unique=True)),
                ("token_digest", models.CharField(db_comment="跟踪链接密文部分的摘要", max_length=64, unique=True)),
                ("digest", models.CharField(db_comment="所报内容的摘要", max_length=64)),
                ("at", models.DateTimeField(db_comment="何时")),
                (
                    "key",
                    models.ForeignKey(
                        db_comment="哪个密钥",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="open311.apikey",
                    ),
                ),
            ],
            options={
                "db_table_comment": "经开放接口报来的诉求",
                "indexes": [models.Index(fields=["key", "digest", "at"], name="open311_filing_same")],
            },
        ),
        migrations.RunSQL("ALTER TABLE open311_tally SET UNLOGGED", "ALTER TABLE open311_tally SET LOGGED"),
    ]
