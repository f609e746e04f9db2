"""不予受理、复核、抽查; 首次联系 and 催办; 并案、拆分、协办、清单外请示. What is open changes, so its indexes are built anew, once."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OPEN = (
    "with_grid", "triage", "excluding", "assigned", "objected", "handling", "extending", "carried", "answered",
    "second_look", "split",
)  # fmt: skip
COUNTED = ("state", "level", "handler", "category", "risk", "registered_at", "moved_at")


class Migration(migrations.Migration):
    replaces = [("matters", "0007_exclusions_contact_and_urging"), ("matters", "0008_merged_split_and_helped")]

    dependencies = [
        ("access", "0004_reveal_newest_first_for_auditors"),
        ("matters", "0006_disputes_and_waiting"),
        ("territory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("month", models.DateField(db_comment="哪个月（一日）")),
                (
                    "seed",
                    models.CharField(db_comment="种子：月末以后第一张封条的总指纹；没有封条的为随机数", max_length=64),
                ),
                ("seal", models.IntegerField(db_comment="种子是第几张封条的总指纹", null=True)),
                ("rule", models.CharField(db_comment="份额的依据（matters/sampling）", max_length=160)),
                ("percent", models.SmallIntegerField(db_comment="抽百分之几")),
                ("excluded", models.IntegerField(db_comment="当月不予受理几件")),
                ("drawn_at", models.DateTimeField(db_comment="何时抽的")),
            ],
            options={
                "db_table_comment": "不予受理的每月抽查",
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                (
                    "number",
                    models.CharField(db_comment="不予受理的编号，如 滨26-0417-0032-拒1", max_length=30, unique=True),
                ),
                ("reason", models.CharField(db_comment="哪一种情形（lists/exclusions）", max_length=60)),
                ("rule", models.CharField(db_comment="依据，如 lists/exclusions v1 #litigation", max_length=160)),
                ("said", models.TextField(db_comment="给居民的话")),
                (
                    "channel",
                    models.CharField(blank=True, db_comment="写明的渠道；说到危险的，写转给了谁、几点", max_length=200),
                ),
                ("emergency", models.BooleanField(db_comment="话里说到危险", default=False)),
                ("level", models.SmallIntegerField(db_comment="由哪一级提出；确认以后为两个人里较高的一级")),
                ("proposer_office", models.CharField(db_comment="提出的人当时的岗位", max_length=120)),
                ("proposed_at", models.DateTimeField(db_comment="何时提出")),
                (
                    "confirmed",
                    models.BooleanField(db_comment="第二个人是否同意；空为还没有决定，或居民先撤回了", null=True),
                ),
                ("decider_office", models.CharField(blank=True, db_comment="决定的人当时的岗位", max_length=120)),
                ("decided_at", models.DateTimeField(db_comment="何时决定", null=True)),
            ],
            options={
                "db_table_comment": "不予受理",
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("always", models.BooleanField(db_comment="话里说到危险，必看，不凭抽签")),
                ("rightly", models.BooleanField(db_comment="不予受理得对吗；空为还没有看", null=True)),
                ("found_at", models.DateTimeField(db_comment="何时看的", null=True)),
            ],
            options={
                "db_table_comment": "抽中的不予受理",
            },
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                (
                    "asked_by",
                    models.CharField(
                        choices=[("resident", "居民"), ("overseer", "监督员")],
                        db_comment="谁请的：居民，或抽查的监督员",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(db_comment="何时请的")),
                ("level", models.SmallIntegerField(db_comment="由哪一级复核")),
                ("stands", models.BooleanField(db_comment="是否维持；空为还没有复核，或居民先撤回了", null=True)),
                ("looked_at", models.DateTimeField(db_comment="何时复核", null=True)),
            ],
            options={
                "db_table_comment": "不予受理的复核",
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("category", models.CharField(db_comment="类别", max_length=60)),
                ("level", models.SmallIntegerField(db_comment="由哪一级批准")),
                ("asked_at", models.DateTimeField(db_comment="何时请示")),
                ("why", models.TextField(db_comment="为什么派给它、给什么条件")),
                ("decided_at", models.DateTimeField(db_comment="何时有了结果；空为还等着", null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        db_comment="结果：approved 批准，rejected 不批，refused 对方拒接，dropped 另派了",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "db_table_comment": "清单外派办的请示",
            },
        ),
        migrations.CreateModel(
            name="CoHandler",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField(db_comment="何时请它协办")),
                ("advise_by", models.DateTimeField(db_comment="请它何时前回话")),
                ("advised_at", models.DateTimeField(db_comment="何时给出意见；空为还没有", null=True)),
            ],
            options={
                "db_table_comment": "协办单位",
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("state_before", models.CharField(db_comment="并案前的状态", max_length=20)),
                ("timers", models.JSONField(db_comment="并案时停下的定时器和各自的时刻", default=dict)),
                ("merged_at", models.DateTimeField(db_comment="何时并入")),
                ("ended_at", models.DateTimeField(db_comment="何时分开；空为还并着", null=True)),
                ("solved", models.BooleanField(db_comment="反映人说解决了吗；空为未答", null=True)),
                ("satisfaction", models.SmallIntegerField(db_comment="满意度1至5", null=True)),
                ("said_at", models.DateTimeField(db_comment="何时评的；早于主件最近一次答复的不算数", null=True)),
            ],
            options={
                "db_table_comment": "并案",
            },
        ),
        *(
            migrations.RemoveIndex(model_name="matter", name=f"matters_{each}")
            for each in (
                *(f"{scope}_open" for scope in ("county", "township", "community", "grid", "handler")),
                "open",
                "public_near",
                "search_living",
                "search_ended",
            )
        ),
        migrations.AddField(
            model_name="matter",
            name="contact_by",
            field=models.DateTimeField(db_comment="最晚何时首次联系；空为不用联系或已联系", null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="contacted_at",
            field=models.DateTimeField(db_comment="何时联系上的", null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="urged",
            field=models.SmallIntegerField(db_comment="居民催办的次数", default=0),
        ),
        migrations.AddField(
            model_name="matter",
            name="urged_at",
            field=models.DateTimeField(db_comment="最近一次催办", null=True),
        ),
        migrations.AddField(
            model_name="matter",
            name="parent",
            field=models.ForeignKey(
                db_comment="是哪一件的一部分",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="matters.matter",
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="matter",
                index=models.Index(
                    condition=models.Q(("state__in", OPEN)),
                    fields=[scope, "due_at", "id"],
                    include=COUNTED,
                    name=f"matters_{scope}_open",
                ),
            )
            for scope in ("county", "township", "community", "grid")
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("state__in", OPEN)),
                fields=["handler", "due_at", "id"],
                include=tuple(each for each in COUNTED if each != "handler"),
                name="matters_handler_open",
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(("state__in", OPEN)),
                fields=["due_at", "id"],
                include=COUNTED,
                name="matters_open",
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(condition=models.Q(("parent__isnull", False)), fields=["parent"], name="matters_parts"),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                condition=models.Q(
                    ("is_public", True),
                    ("state__in", OPEN),
                ),
                fields=["lat", "lon"],
                name="matters_public_near",
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state__in", (*OPEN, "verified"))),
                fastupdate=False,
                fields=["search"],
                name="matters_search_living",
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state__in", ("closed", "withdrawn", "excluded", "merged"))),
                fastupdate=False,
                fields=["search"],
                name="matters_search_ended",
            ),
        ),
        migrations.AddField(
            model_name="draw",
            name="county",
            field=models.ForeignKey(
                db_comment="县区；空为不详",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territory.area",
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="decider",
            field=models.ForeignKey(
                db_comment="谁决定",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="matter",
            field=models.ForeignKey(
                db_comment="诉求",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exclusions",
                to="matters.matter",
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="proposer",
            field=models.ForeignKey(
                db_comment="谁提出",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="draw",
            field=models.ForeignKey(
                db_comment="哪一次抽签",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="samples",
                to="matters.draw",
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="exclusion",
            field=models.OneToOneField(
                db_comment="抽中的不予受理",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sample",
                to="matters.exclusion",
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="finder",
            field=models.ForeignKey(
                db_comment="谁看的",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="exclusion",
            field=models.ForeignKey(
                db_comment="不予受理",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="looks",
                to="matters.exclusion",
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="looker",
            field=models.ForeignKey(
                db_comment="谁复核",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(
                fields=("month", "county"), name="matters_drawn_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="exclusion",
            index=models.Index(
                condition=models.Q(("confirmed", True)), fields=["decided_at"], name="matters_exclusions_of_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)), fields=("matter",), name="matters_one_exclusion_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decider__isnull", True),
                    models.Q(("decider", models.F("proposer")), _negated=True),
                    _connector="OR",
                ),
                name="matters_excluded_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed__isnull", True), ("decider__isnull", True)),
                    models.Q(("confirmed__isnull", False), ("decided_at__isnull", False), ("decider__isnull", False)),
                    _connector="OR",
                ),
                name="matters_exclusion_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondlook",
            constraint=models.UniqueConstraint(fields=("exclusion", "asked_by"), name="matters_second_look_once"),
        ),
        migrations.AddConstraint(
            model_name="secondlook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("looked_at__isnull", True)),
                fields=("exclusion",),
                name="matters_one_second_look_open",
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="body",
            field=models.ForeignKey(
                db_comment="想派给哪个单位",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.body",
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="by_body",
            field=models.ForeignKey(
                db_comment="请示的单位", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.body"
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="decided_by",
            field=models.ForeignKey(
                db_comment="哪个单位决定的",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.body",
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="matter",
            field=models.ForeignKey(
                db_comment="诉求",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approvals",
                to="matters.matter",
            ),
        ),
        migrations.AddField(
            model_name="cohandler",
            name="body",
            field=models.ForeignKey(
                db_comment="协办单位",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.body",
            ),
        ),
        migrations.AddField(
            model_name="cohandler",
            name="matter",
            field=models.ForeignKey(
                db_comment="诉求",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="co_handlers",
                to="matters.matter",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="main",
            field=models.ForeignKey(
                db_comment="主件",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="took_in",
                to="matters.matter",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="matter",
            field=models.ForeignKey(
                db_comment="被并入的一件",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges",
                to="matters.matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)), fields=("matter",), name="matters_one_approval_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", "")),
                    models.Q(("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="matters_approval_decided_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="cohandler",
            index=models.Index(fields=["body", "-asked_at"], name="matters_helped_by"),
        ),
        migrations.AddConstraint(
            model_name="cohandler",
            constraint=models.UniqueConstraint(fields=("matter", "body"), name="matters_helps_once"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("matter",), name="matters_merged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("matter", models.F("main")), _negated=True), name="matters_not_into_itself"
            ),
        ),
    ]
