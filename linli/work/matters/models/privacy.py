"""个人信息: what is held back, what has gone, and who asks that it go."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow.subject import Subject
from linli.work.matters.flow import ErasureState
from linli.work.matters.models.matter import Matter


class Hold(models.Model):
    """暂缓清除 — why a matter's personal data stays longer than its period: a lawsuit, a review, an investigation."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="holds", db_comment="诉求")
    reason = models.TextField(_("理由"), db_comment="理由")
    held_by = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+", db_comment="谁定的")
    held_at = models.DateTimeField(db_comment="何时起")
    released_at = models.DateTimeField(null=True, db_comment="何时解除；空为还在暂缓")

    class Meta:
        db_table_comment = "暂缓清除个人信息"
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(released_at__isnull=True), name="matters_held_once")
        ]

    def __str__(self) -> str:
        """Which matter."""
        return f"{self.matter_id} 暂缓清除"


class Clearing(models.Model):
    """清除 — when each part of a matter's personal data went. What is not there is not yet due."""

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="clearing", db_comment="诉求"
    )
    contact_at = models.DateTimeField(null=True, db_comment="联系方式何时清除")
    words_at = models.DateTimeField(null=True, db_comment="文字里的个人信息何时隐去")
    photos_at = models.DateTimeField(null=True, db_comment="照片何时清除")

    class Meta:
        db_table_comment = "清除个人信息的记录"

    def __str__(self) -> str:
        """Which matter."""
        return f"{self.matter_id} 已清除"


class Erasure(Subject):
    """删除申请 — a person asks that what is held of them be deleted, and what was decided."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    number = models.CharField(max_length=30, unique=True, db_comment="编号，如 滨26-0417-0032-删1")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="erasures", db_comment="诉求")
    scope = models.CharField(max_length=10, db_comment="删什么：contact联系方式，all全部")
    why = models.TextField(blank=True, db_comment="本人写的理由")
    asked_at = models.DateTimeField(db_comment="何时申请")
    decide_by = models.DateTimeField(db_comment="最晚何时答复")
    rule = models.CharField(max_length=160, db_comment="期限的依据")
    overdue = models.BooleanField(default=False, db_comment="逾期未定（由定时器标记）")
    decided_at = models.DateTimeField(null=True, db_comment="何时答复")
    reason = models.CharField(max_length=60, blank=True, db_comment="不能删的情形（lists/erasure_refusals）")
    said = models.TextField(blank=True, db_comment="给本人的话")

    class Meta:
        db_table_comment = "删除个人信息的申请"
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state=ErasureState.ASKED), name="matters_one_erasure_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=ErasureState.REFUSED) | (~Q(reason="") & ~Q(said="")),
                name="matters_erasure_refused_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["decide_by"], condition=Q(state=ErasureState.ASKED), name="matters_erasures_open")
        ]

    def __str__(self) -> str:
        """By its number."""
        return self.number

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"erasure:{self.number}"

    @property
    def state_words(self) -> str:
        """The state as people say it."""
        return str(ErasureState(self.state).label)
