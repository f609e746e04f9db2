"""The addresses under which posts' deadlines are read: only a digest of each is kept."""

from django.db import models
from django.db.models import Q


class Feed(models.Model):
    """期限日历 — one appointment's own. The address is shown once; a lost one is revoked and another made."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    appointment = models.ForeignKey(
        "access.Appointment", on_delete=models.PROTECT, related_name="+", db_comment="哪个任职的期限"
    )
    digest = models.CharField(max_length=64, unique=True, db_comment="地址密文部分的摘要；密文本身不存")
    opened_at = models.DateTimeField(db_comment="何时开通")
    revoked_at = models.DateTimeField(null=True, db_comment="何时停用；空为有效")

    class Meta:
        db_table_comment = "订阅期限日历的地址"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(revoked_at__isnull=True), name="calendars_one_feed"
            )
        ]

    def __str__(self) -> str:
        """Never the address."""
        return f"期限日历 {self.pk}"
