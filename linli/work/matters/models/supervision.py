"""督办、回访、评价申诉: what presses a matter on, and what the resident said of the answer."""

from django.db import models
from django.db.models import Q

from linli.work.matters.models.matter import Matter


class Card(models.Model):
    """督办卡 — one grade of supervision on a matter: on which body, from which level, answered, withdrawn or cleared when."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="cards", db_comment="诉求")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="督办哪个单位")
    presser = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="哪个单位发出")
    rank = models.SmallIntegerField(db_comment="第几级（matters/grades 的 rank）")
    rule = models.CharField(max_length=160, db_comment="依据的规则，如 matters/grades v1 #yellow")
    level = models.SmallIntegerField(db_comment="由哪一级发出")
    office = models.CharField(max_length=160, db_comment="由哪个岗位发出；空为系统")
    at = models.DateTimeField(db_comment="发出的时刻")
    responded_at = models.DateTimeField(null=True, db_comment="承办单位最近一次回复的时刻")
    withdrawn_at = models.DateTimeField(null=True, db_comment="撤销的时刻")
    cleared_at = models.DateTimeField(null=True, db_comment="核实通过、清零的时刻")

    class Meta:
        db_table_comment = "诉求的督办卡"
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "rank"],
                condition=Q(withdrawn_at__isnull=True, cleared_at__isnull=True),
                name="matters_one_card_of_a_grade",
            )
        ]

    def __str__(self) -> str:
        """Which matter, which grade."""
        return f"{self.matter_id} {self.rank}"


class Visit(models.Model):
    """回访 — one call to the resident about one answer: what came of it, and the three answers."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="visits", db_comment="诉求")
    round = models.SmallIntegerField(db_comment="第几次没解决以后（0为第一次答复）")
    outcome = models.CharField(max_length=60, db_comment="结果（lists/visit_outcomes）")
    contacted = models.BooleanField(null=True, db_comment="承办单位联系过吗")
    solved = models.BooleanField(null=True, db_comment="解决了吗")
    satisfaction = models.SmallIntegerField(null=True, db_comment="满意度1至5")
    office = models.CharField(max_length=160, db_comment="由哪个岗位打的")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "回访"
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="matters_visit_grade"
            )
        ]

    def __str__(self) -> str:
        """Which matter."""
        return f"{self.matter_id} 回访"


class Appeal(models.Model):
    """评价申诉 — a body says that a rating should not count, and what the level above decided. A rating is appealed once."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="appeals", db_comment="诉求")
    number = models.CharField(max_length=30, unique=True, db_comment="申诉号，如 滨26-0417-0032-诉1")
    verdict = models.IntegerField(db_comment="评价在日志里的第几条")
    solved = models.BooleanField(db_comment="居民说解决了吗")
    satisfaction = models.SmallIntegerField(null=True, db_comment="满意度1至5；说没解决的为空")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="申诉的单位")
    level = models.SmallIntegerField(db_comment="由哪一级审")
    reason = models.CharField(max_length=60, db_comment="理由（lists/appeal_reasons）")
    made_at = models.DateTimeField(db_comment="何时申诉")
    decide_by = models.DateTimeField(db_comment="最晚何时审")
    decided_at = models.DateTimeField(null=True, db_comment="何时审的")
    upheld = models.BooleanField(null=True, db_comment="成立吗；空为还没有审")
    reviewer = models.CharField(max_length=160, blank=True, db_comment="谁审的：岗位和姓名")

    class Meta:
        db_table_comment = "评价申诉"
        constraints = [
            models.UniqueConstraint(fields=["matter", "verdict"], name="matters_one_appeal_of_a_rating"),
            # An exclusion has its reason and its reviewer.
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, upheld__isnull=True, reviewer="")
                | (Q(decided_at__isnull=False, upheld__isnull=False) & ~Q(reviewer="")),
                name="matters_appeal_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(decided_at__isnull=True), name="matters_appeals_waiting"),
            models.Index(fields=["-decided_at"], condition=Q(upheld=True), name="matters_appeals_upheld"),
        ]

    def __str__(self) -> str:
        """By its number."""
        return self.number


class Appealable(models.Model):
    """可以申诉 — a rating that took the matter away from the body that had answered: until when it may still appeal."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="appealable", db_comment="诉求")
    body = models.ForeignKey(
        "access.Body", on_delete=models.PROTECT, related_name="+", db_index=False, db_comment="答复的单位"
    )
    verdict = models.IntegerField(db_comment="评价在日志里的第几条")
    until = models.DateTimeField(db_comment="最晚何时申诉")

    class Meta:
        db_table_comment = "已经移到上一级、原单位还可以申诉的评价"
        constraints = [models.UniqueConstraint(fields=["matter", "verdict"], name="matters_appealable_once")]
        indexes = [models.Index(fields=["body", "-until"], name="matters_appealable_by")]

    def __str__(self) -> str:
        """Which matter, which rating."""
        return f"{self.matter_id} #{self.verdict}"
