"""The rulebook's two tables, and the trigger that keeps versions as they were."""

import uuid

from django.db import migrations, models

_REFUSE = """
CREATE FUNCTION rulebook_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rulebook: % v% is not changed or removed; enact a new version', OLD.key, OLD.version
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER rulebook_versions_stay BEFORE UPDATE OR DELETE ON rulebook_ruleversion
    FOR EACH ROW EXECUTE FUNCTION rulebook_refuse_change();
"""
_ALLOW = "DROP TRIGGER rulebook_versions_stay ON rulebook_ruleversion; DROP FUNCTION rulebook_refuse_change();"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                ("id", models.BigAutoField(db_comment="序号", primary_key=True, serialize=False)),
                ("key", models.CharField(db_comment="清单的键，如 matters/limits", max_length=80)),
                ("version", models.PositiveIntegerField(db_comment="第几版，从1起")),
                ("in_force", models.DateField(db_comment="何日起施行")),
                ("title", models.CharField(db_comment="清单名称", max_length=200)),
                ("basis", models.TextField(db_comment="依据")),
                ("status", models.CharField(db_comment="adopted 已确定；assumed 暂定", max_length=10)),
                ("reason", models.TextField(blank=True, db_comment="暂定的理由")),
                ("content", models.JSONField(db_comment="清单全文")),
                ("content_sha256", models.CharField(db_comment="全文规范JSON的SHA-256", max_length=64)),
                ("loaded_at", models.DateTimeField(db_comment="何时录入")),
                ("loaded_by", models.TextField(db_comment="何人录入（规范JSON）")),
            ],
            options={"db_table_comment": "规则库：每张清单的每一版，只增不改"},
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        db_comment="只有一行", default=1, primary_key=True, serialize=False
                    ),
                ),
                ("changes", models.PositiveIntegerField(db_comment="变更过几次", default=0)),
                ("stamp", models.UUIDField(db_comment="每次变更换一个", default=uuid.uuid4)),
            ],
            options={"db_table_comment": "规则库变更标记"},
        ),
        migrations.AddConstraint(
            model_name="ruleversion",
            constraint=models.UniqueConstraint(fields=("key", "version"), name="rulebook_one_version_per_number"),
        ),
        migrations.AddConstraint(
            model_name="stamp",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="rulebook_one_stamp"),
        ),
        migrations.RunSQL(_REFUSE, _ALLOW),
    ]
