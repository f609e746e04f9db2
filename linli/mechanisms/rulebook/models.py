"""What is stored: every version of every list, for ever, and one row that says when the rulebook last changed."""

import uuid

from django.db import models


class RuleVersion(models.Model):
    """规则版本 — one list as it was enacted once. The database refuses every change and removal."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    key = models.CharField(max_length=80, db_comment="清单的键，如 matters/limits")
    version = models.PositiveIntegerField(db_comment="第几版，从1起")
    in_force = models.DateField(db_comment="何日起施行")
    title = models.CharField(max_length=200, db_comment="清单名称")
    basis = models.TextField(db_comment="依据")
    status = models.CharField(max_length=10, db_comment="adopted 已确定；assumed 暂定")
    reason = models.TextField(blank=True, db_comment="暂定的理由")
    content = models.JSONField(db_comment="清单全文")
    content_sha256 = models.CharField(max_length=64, db_comment="全文规范JSON的SHA-256")
    loaded_at = models.DateTimeField(db_comment="何时录入")
    loaded_by = models.TextField(db_comment="何人录入（规范JSON）")

    class Meta:
        db_table_comment = "规则库：每张清单的每一版，只增不改"
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="rulebook_one_version_per_number")]

    def __str__(self) -> str:
        """Name it as decisions cite it."""
        return f"{self.key} v{self.version}"


class Stamp(models.Model):
    """规则库变更标记 — one row. Processes compare it with what they remember and forget what is out of date."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, db_comment="只有一行")
    changes = models.PositiveIntegerField(default=0, db_comment="变更过几次")
    stamp = models.UUIDField(default=uuid.uuid4, db_comment="每次变更换一个")

    class Meta:
        db_table_comment = "规则库变更标记"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="rulebook_one_stamp")]

    def __str__(self) -> str:
        """Say how often."""
        return f"第{self.changes}次变更"
