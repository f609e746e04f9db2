"""The projection: one row per matter, and monthly counts of how matters ended. Written by reactions.py only."""

from django.db import models
from django.db.models import Q


class Standing(models.Model):
    """现状 — where each matter stands, as its facts say."""

    number = models.CharField(max_length=20, primary_key=True, db_comment="诉求编号")
    registered_at = models.DateTimeField(db_comment="登记时刻")
    county = models.BigIntegerField(null=True, db_comment="县区")
    township = models.BigIntegerField(null=True, db_comment="镇街")
    community = models.BigIntegerField(null=True, db_comment="村（社区）")
    grid = models.BigIntegerField(null=True, db_comment="网格")
    category = models.CharField(max_length=60, db_comment="类别")
    risk = models.SmallIntegerField(db_comment="风险等级")
    level = models.SmallIntegerField(db_comment="所在层级")
    handler = models.BigIntegerField(db_comment="负责单位")
    due_at = models.DateTimeField(db_comment="答复期限")
    stage = models.CharField(
        max_length=10, db_comment="阶段：in_hand 办理中，answered 已答复，merged 已并案，ended 已结束"
    )
    answered_at = models.DateTimeField(null=True, db_comment="答复时刻")
    ended_at = models.DateTimeField(null=True, db_comment="结束时刻")
    ending = models.CharField(
        max_length=10, blank=True, db_comment="怎样结束：solved 居民说解决了，lapsed 未评，withdrawn 撤回"
    )
    solved_level = models.SmallIntegerField(null=True, db_comment="在哪一级化解")
    satisfaction = models.SmallIntegerField(null=True, db_comment="满意度")
    reopened = models.SmallIntegerField(default=0, db_comment="没解决的次数")
    raised_for = models.CharField(max_length=60, default="", db_comment="最近一次上报的理由（lists/raise_reasons）")
    outcome = models.CharField(max_length=60, default="", db_comment="答复写明的办理结果（lists/outcome_reasons）")

    class Meta:
        db_table_comment = "诉求现状（由日志推出，可重建）"
        indexes = [
            models.Index(
                fields=["county", "township", "community", "grid"],
                include=["stage", "due_at", "reopened", "raised_for"],
                condition=~Q(stage="ended"),
                name="indicators_open",
            ),
            models.Index(
                fields=["township", "-ended_at"],
                include=["community", "grid", "ending", "solved_level", "outcome", "satisfaction"],
                condition=Q(stage="ended"),
                name="indicators_ended_township",
            ),
            models.Index(fields=["county", "-ended_at"], condition=Q(stage="ended"), name="indicators_ended_county"),
            models.Index(fields=["ending", "-ended_at"], condition=Q(stage="ended"), name="indicators_ended"),
        ]

    def __str__(self) -> str:
        """By number."""
        return self.number


class MonthlyEnding(models.Model):
    """每月结束数 — how many matters of a township ended in a month, how, at which level. Below it they are few enough to count."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    month = models.DateField(db_comment="月份（一日）")
    county = models.BigIntegerField(db_comment="县区；0为不详")
    township = models.BigIntegerField(db_comment="镇街；0为不详")
    ending = models.CharField(max_length=10, db_comment="怎样结束")
    solved_level = models.SmallIntegerField(db_comment="在哪一级化解；0为无")
    outcome = models.CharField(
        max_length=60, default="", db_comment="没有评价就办结的：答复写明的办理结果；居民说解决了的为空，居民说了算"
    )
    n = models.IntegerField(db_comment="件数")
    satisfaction_sum = models.IntegerField(db_comment="满意度之和")

    class Meta:
        db_table_comment = "每月结束的诉求数（由日志推出，可重建）"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "county", "township", "ending", "solved_level", "outcome"],
                name="indicators_month_cell",
            )
        ]

    def __str__(self) -> str:
        """Month and place."""
        return f"{self.month:%Y-%m} {self.township}"
