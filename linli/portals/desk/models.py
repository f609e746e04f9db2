"""What a desk keeps of its own: saved views, standard texts, and bulk orders with a line per matter."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Sharing(models.TextChoices):
    """给谁用 — who finds it beside their own."""

    OWN = "own", _("只我自己")
    BODY = "body", _("本单位都能用")
    AREA = "area", _("本辖区都能用")


def kept_by(name: str) -> Any:
    """Whose it is."""
    return models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+", db_comment=name)


def shared_with(model: str, name: str) -> Any:
    """The body or the area whose posts find it."""
    return models.ForeignKey(model, null=True, on_delete=models.PROTECT, related_name="+", db_comment=name)


def only_one(name: str) -> models.CheckConstraint:
    """Shared with the body or with the area, not with both."""
    return models.CheckConstraint(condition=Q(body__isnull=True) | Q(area__isnull=True), name=name)


class SavedView(models.Model):
    """常用筛选 — a name, filters and an order; what it lists is always what its reader may see, never what its keeper saw."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    person = kept_by("谁存的")
    name = models.CharField(_("名称"), max_length=20, db_comment="名称")
    asked = models.CharField(max_length=600, db_comment="筛选和排列（地址里问号后面的部分）")
    body = shared_with("access.Body", "给哪个单位用（空为不共享给单位）")
    area = shared_with("territory.Area", "给哪个辖区用（空为不共享给辖区）")
    turn = models.SmallIntegerField(default=0, db_comment="排在第几")
    at = models.DateTimeField(db_comment="最近改动的时刻")

    class Meta:
        db_table_comment = "常用筛选"
        verbose_name = _("常用筛选")
        constraints = [
            only_one("desk_view_shared_once"),
            models.UniqueConstraint(fields=["person", "name"], name="desk_view_named_once"),
        ]

    def __str__(self) -> str:
        """By name."""
        return self.name

    @property
    def sharing(self) -> str:
        """Who else finds it."""
        return Sharing.BODY if self.body_id else Sharing.AREA if self.area_id else Sharing.OWN


class Phrase(models.Model):
    """常用语 — a standard text with placeholders, which a person fills in and then edits."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    person = kept_by("谁写的")
    name = models.CharField(_("名称"), max_length=20, db_comment="名称")
    text = models.TextField(_("内容"), db_comment="内容，可带{编号}一类的占位")
    verb = models.CharField(max_length=20, blank=True, db_comment="用在哪一步（空为都用）")
    body = shared_with("access.Body", "给哪个单位用（空为不共享给单位）")
    area = shared_with("territory.Area", "给哪个辖区用（空为不共享给辖区）")
    at = models.DateTimeField(db_comment="最近改动的时刻")

    class Meta:
        db_table_comment = "常用语"
        verbose_name = _("常用语")
        constraints = [
            only_one("desk_phrase_shared_once"),
            models.UniqueConstraint(fields=["person", "name"], name="desk_phrase_named_once"),
        ]

    def __str__(self) -> str:
        """By name."""
        return self.name

    @property
    def sharing(self) -> str:
        """Who else finds it."""
        return Sharing.BODY if self.body_id else Sharing.AREA if self.area_id else Sharing.OWN


class BulkOrder(models.Model):
    """批量 — one move for many matters: previewed, then done once, each matter in a transaction of its own."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    person = kept_by("谁办的")
    appointment = models.ForeignKey(
        "access.Appointment", on_delete=models.PROTECT, related_name="+", db_comment="以哪个岗位"
    )
    verb = models.CharField(max_length=20, db_comment="办什么")
    said = models.JSONField(default=dict, db_comment="派给谁、理由、写的话")
    back = models.CharField(max_length=600, blank=True, db_comment="从哪个清单来（地址里问号后面的部分）")
    made_at = models.DateTimeField(db_comment="何时勾选")
    begun_at = models.DateTimeField(null=True, db_comment="何时按下照此办；空为还只是预览")

    class Meta:
        db_table_comment = "批量办理"
        verbose_name = _("批量办理")
        indexes = [models.Index(fields=["person", "-made_at"], name="desk_bulk_lately")]

    def __str__(self) -> str:
        """By number."""
        return f"批量 {self.pk}"


class Result(models.TextChoices):
    """一件的结果."""

    WAITING = "waiting", _("还没有办")
    DONE = "done", _("办了")
    REFUSED = "refused", _("没有办")
    STALE = "stale", _("别人先动过")
    BROKEN = "broken", _("没有办成")


class BulkItem(models.Model):
    """批量里的一件 — the version that was seen, and what came of it. Written in the transaction of the matter's own move."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    order = models.ForeignKey(BulkOrder, on_delete=models.CASCADE, related_name="items", db_comment="哪一批")
    number = models.CharField(max_length=20, db_comment="诉求编号")
    version = models.IntegerField(db_comment="勾选时看到的版本")
    result = models.CharField(max_length=10, choices=Result, default=Result.WAITING, db_comment="结果")
    why = models.CharField(max_length=300, blank=True, db_comment="结果的一句话")
    at = models.DateTimeField(null=True, db_comment="何时办的")

    class Meta:
        db_table_comment = "批量办理的每一件"
        verbose_name = _("批量里的一件")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="desk_bulk_once_each")]
        indexes = [
            models.Index(fields=["order", "id"], condition=Q(result=Result.WAITING), name="desk_bulk_to_do"),
        ]

    def __str__(self) -> str:
        """By the matter's number."""
        return self.number
