"""职责异议、挂账、清单外请示: what keeps a matter from being done, and what was decided."""

from django.db import models
from django.db.models import Q

from linli.work.matters.models.matter import Matter


class Objection(models.Model):
    """职责异议 — a body says a matter is not its duty, and what was ruled: the ruling is cited by its number."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="objections", db_comment="诉求")
    number = models.CharField(max_length=30, unique=True, db_comment="裁定号，如 滨26-0417-0032-裁1")
    by_body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="提出的单位")
    level = models.SmallIntegerField(db_comment="由哪一级裁定")
    reason = models.CharField(max_length=60, db_comment="理由（lists/objections）")
    believed = models.ForeignKey(
        "access.Body", null=True, on_delete=models.PROTECT, related_name="+", db_comment="认为应属哪个单位"
    )
    category = models.CharField(max_length=60, db_comment="争的是哪一类别的职责")
    made_at = models.DateTimeField(db_comment="何时提出")
    ruled_at = models.DateTimeField(null=True, db_comment="何时裁定")
    upheld = models.BooleanField(null=True, db_comment="异议是否成立；空为未裁定")
    body = models.ForeignKey(
        "access.Body",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="裁定由哪个单位承办；空为未裁定，或退回重新派单",
    )

    class Meta:
        db_table_comment = "职责异议和裁定"
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ruled_at__isnull=True), name="matters_one_objection_open"
            ),
            models.CheckConstraint(
                condition=Q(ruled_at__isnull=True, upheld__isnull=True, body__isnull=True)
                | Q(ruled_at__isnull=False, upheld=False, body__isnull=False)
                | Q(ruled_at__isnull=False, upheld=True),
                name="matters_ruled_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["category", "-ruled_at"], condition=Q(upheld=True), name="matters_rulings_teach"),
        ]

    def __str__(self) -> str:
        """By its number."""
        return self.number


class Carry(models.Model):
    """挂账 — a stretch in which a matter could not be done: why, who answers for it, when it is looked at again."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="carries", db_comment="诉求")
    reason = models.CharField(max_length=60, db_comment="理由（lists/carry_reasons）")
    owner = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+", db_comment="负责人")
    carried_at = models.DateTimeField(db_comment="何时挂账")
    review_on = models.DateField(db_comment="哪天再看")
    ended_at = models.DateTimeField(null=True, db_comment="何时重新办理；空为还挂着")

    class Meta:
        db_table_comment = "挂账"
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_carried_once")
        ]

    def __str__(self) -> str:
        """Which matter."""
        return f"{self.matter_id} 挂账"


class Approval(models.Model):
    """清单外请示 — an order down that no duty list holds: who asked, for which body, what was decided by whom."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="approvals", db_comment="诉求")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="想派给哪个单位")
    by_body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="请示的单位")
    category = models.CharField(max_length=60, db_comment="类别")
    level = models.SmallIntegerField(db_comment="由哪一级批准")
    asked_at = models.DateTimeField(db_comment="何时请示")
    decide_by = models.DateTimeField(null=True, db_comment="最晚何时答复；早先的请示没有")
    why = models.TextField(db_comment="为什么派给它、给什么条件")
    decided_at = models.DateTimeField(null=True, db_comment="何时有了结果；空为还等着")
    decision = models.CharField(
        max_length=10, blank=True, db_comment="结果：approved 批准，rejected 不批，refused 对方拒接，dropped 另派了"
    )
    decided_by = models.ForeignKey(
        "access.Body", null=True, on_delete=models.PROTECT, related_name="+", db_comment="哪个单位决定的"
    )

    class Meta:
        db_table_comment = "清单外派办的请示"
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(decided_at__isnull=True), name="matters_one_approval_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="matters_approval_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        """Which matter, to whom."""
        return f"{self.matter_id} 请示派给 {self.body_id}"
