"""Clocks that run on subjects, and the timers they set."""

from django.db import models
from django.db.models import Q

from linli.kernel.calendar import Unit


class Clock(models.Model):
    """时钟 — one limit running on one subject: the limit it was given, by which rule, and what became of it."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    subject = models.CharField(max_length=100, db_comment="主体")
    name = models.CharField(max_length=20, db_comment="哪个时钟：受理、办理、核实……")
    amount = models.IntegerField(db_comment="时限的数")
    unit = models.CharField(max_length=20, choices=[(u.value, u.words) for u in Unit], db_comment="时限的单位")
    rule = models.CharField(max_length=160, db_comment="依据的规则，如 matters/limits v3 #streetlight")
    started_at = models.DateTimeField(db_comment="起算")
    due_at = models.DateTimeField(db_comment="到期")
    provisional = models.BooleanField(db_comment="是否暂定（跨入未公布放假安排的年份）")
    paused_at = models.DateTimeField(null=True, db_comment="暂停自")
    stopped_at = models.DateTimeField(null=True, db_comment="停止于")

    class Meta:
        db_table_comment = "时钟"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "name"], condition=Q(stopped_at__isnull=True), name="flow_one_clock_runs"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=models.F("started_at")), name="flow_due_after_start"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(stopped_at__isnull=True, provisional=True), name="flow_provisional_clocks"
            ),
            models.Index(fields=["subject"], name="flow_clock_subject"),
        ]

    def __str__(self) -> str:
        """Subject and name."""
        return f"{self.subject} {self.name}"


class Pause(models.Model):
    """暂停 — a stretch of a clock's time that does not count against the handler. Kept, so that any due moment can be counted anew."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses", db_comment="时钟")
    paused_at = models.DateTimeField(db_comment="自")
    resumed_at = models.DateTimeField(db_comment="至")

    class Meta:
        db_table_comment = "时钟的暂停"
        constraints = [
            models.CheckConstraint(condition=Q(resumed_at__gte=models.F("paused_at")), name="flow_pause_in_order")
        ]

    def __str__(self) -> str:
        """Which clock, from when."""
        return f"{self.clock} {self.paused_at}"


class Timer(models.Model):
    """定时器 — something to be done about a subject at a moment, exactly once."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    subject = models.CharField(max_length=100, db_comment="主体")
    kind = models.CharField(max_length=40, db_comment="做什么，如 matters.overdue")
    due_at = models.DateTimeField(db_comment="何时")
    retry_at = models.DateTimeField(db_comment="何时（再）试：初为 due_at")
    tries = models.SmallIntegerField(default=0, db_comment="失败了几次")
    last_error = models.TextField(blank=True, db_comment="上次的错误")

    class Meta:
        db_table_comment = "定时器：到时触发一次，触发后即删（触发的事实在日志里）"
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="flow_timer_once")]
        indexes = [models.Index(fields=["retry_at"], name="flow_timer_due")]

    def __str__(self) -> str:
        """Kind and subject."""
        return f"{self.kind} {self.subject}"
