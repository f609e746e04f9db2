"""并案、协办: matters that go along with each other, and bodies beside the lead."""

from django.db import models
from django.db.models import Q

from linli.work.matters.models.matter import Matter


class Merge(models.Model):
    """并案 — a stretch in which one matter goes along with another; what its own reporter said of the answer they share."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="merges", db_comment="被并入的一件")
    main = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="took_in", db_comment="主件")
    state_before = models.CharField(max_length=20, db_comment="并案前的状态")
    timers = models.JSONField(default=dict, db_comment="并案时停下的定时器和各自的时刻")
    merged_at = models.DateTimeField(db_comment="何时并入")
    ended_at = models.DateTimeField(null=True, db_comment="何时分开；空为还并着")
    solved = models.BooleanField(null=True, db_comment="反映人说解决了吗；空为未答")
    satisfaction = models.SmallIntegerField(null=True, db_comment="满意度1至5")
    said_at = models.DateTimeField(null=True, db_comment="何时评的；早于主件最近一次答复的不算数")
    visit_at = models.DateTimeField(null=True, db_comment="何时起该回访这位反映人；空为不用")
    visit_tries = models.SmallIntegerField(default=0, db_comment="主件这次答复，这位反映人回访过几次")

    class Meta:
        db_table_comment = "并案"
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_merged_once"),
            models.CheckConstraint(condition=~Q(matter=models.F("main")), name="matters_not_into_itself"),
        ]
        indexes = [
            models.Index(fields=["visit_at"], condition=Q(visit_at__isnull=False), name="matters_along_visit_due")
        ]

    def __str__(self) -> str:
        """Which into which."""
        return f"{self.matter_id} 并入 {self.main_id}"


class CoHandler(models.Model):
    """协办 — a body beside the lead: asked for its part, with a day by which; it has no clock, its silence is seen."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="co_handlers", db_comment="诉求")
    body = models.ForeignKey(
        "access.Body", on_delete=models.PROTECT, related_name="+", db_index=False, db_comment="协办单位"
    )
    asked_at = models.DateTimeField(db_comment="何时请它协办")
    advise_by = models.DateTimeField(db_comment="请它何时前回话")
    advised_at = models.DateTimeField(null=True, db_comment="何时给出意见；空为还没有")

    class Meta:
        db_table_comment = "协办单位"
        constraints = [
            models.UniqueConstraint(fields=["matter", "body"], name="matters_helps_once"),
        ]
        indexes = [models.Index(fields=["body", "-asked_at"], name="matters_helped_by")]

    def __str__(self) -> str:
        """Which body, where."""
        return f"{self.matter_id} 协办 {self.body_id}"
