"""What the resident's pages store of their own: how much an address or a device has posted lately."""

from django.db import models


class Bucket(models.Model):
    """限流 — a token bucket. The key is a keyed digest: who it was cannot be read from it. The table is UNLOGGED."""

    key = models.CharField(max_length=80, primary_key=True, db_comment="哪种动作、谁（摘要）")
    tokens = models.FloatField(db_comment="还剩几次")
    most = models.FloatField(db_comment="最多攒几次")
    refill = models.FloatField(db_comment="每秒恢复几次")
    granted = models.BooleanField(db_comment="最近一次是否放行")
    at = models.DateTimeField(db_comment="最近一次的时刻")

    class Meta:
        db_table = "resident_bucket"
        db_table_comment = "公开提交的频次"
        indexes = [models.Index(fields=["at"], name="resident_bucket_at")]

    def __str__(self) -> str:
        """By key."""
        return self.key
