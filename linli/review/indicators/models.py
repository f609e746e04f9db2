"""The projection: one row per matter, and monthly counts of how matters ended. Written by reactions.py only."""

from django.contrib.postgres.indexes import BrinIndex
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
        max_length=10,
        blank=True,
        db_comment="怎样结束：solved 居民说解决了，lapsed 未评，withdrawn 撤回，struck 评价申诉成立而不计",
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


class Course(models.Model):
    """经过 — when each matter first reached each stage, and what is true of it: what every indicator counts."""

    number = models.CharField(max_length=20, primary_key=True, db_comment="诉求编号")
    county = models.BigIntegerField(null=True, db_comment="县区")
    township = models.BigIntegerField(null=True, db_comment="镇街")
    community = models.BigIntegerField(null=True, db_comment="村（社区）")
    grid = models.BigIntegerField(null=True, db_comment="网格")
    category = models.CharField(max_length=60, db_comment="类别")
    channel = models.CharField(max_length=20, db_comment="渠道")
    registered_at = models.DateTimeField(db_comment="登记时刻")
    due_at = models.DateTimeField(db_comment="第一次答复的期限")
    level = models.SmallIntegerField(default=0, db_comment="最后派到的层级")
    marks = models.BigIntegerField(default=0, db_comment="发生过什么（每一位的意思见 courses.MARKS）")
    dispatched_at = models.DateTimeField(null=True, db_comment="第一次派单")
    accepted_at = models.DateTimeField(null=True, db_comment="第一次受理")
    answered_at = models.DateTimeField(null=True, db_comment="第一次答复")
    verified_at = models.DateTimeField(null=True, db_comment="第一次核实")
    left_at = models.DateTimeField(null=True, db_comment="没有答复就结束的时刻：撤回、不予受理")
    carried_for = models.CharField(max_length=60, default="", db_comment="现在挂账的理由；空为没有挂账")
    excluded_for = models.CharField(max_length=60, default="", db_comment="不予受理的情形")
    outcome = models.CharField(max_length=60, default="", db_comment="答复写明的办理结果")

    class Meta:
        db_table_comment = "诉求经过（由日志推出，可重建）"
        indexes = [
            *(
                models.Index(fields=["township", f"{kind}_at"], include=["community", "grid", "marks"], name=f"course_by_{kind}")
                for kind in ("registered", "due", "answered")
            ),
            # The whole city's and a county's months lie together on the disk: numbers are given in order of time.
            BrinIndex(fields=["registered_at", "due_at", "answered_at"], name="course_months", pages_per_range=16),
            models.Index(
                fields=["county", "township", "registered_at"],
                condition=Q(answered_at__isnull=True, left_at__isnull=True),
                name="course_unanswered",
            ),
            models.Index(fields=["county", "township", "carried_for"], condition=~Q(carried_for=""), name="course_carried"),
        ]  # fmt: skip

    def __str__(self) -> str:
        """By number."""
        return self.number


class MonthlyCourse(models.Model):
    """每月经过数 — how many courses of a month had the same marks, for the city, a county, a township."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    month = models.DateField(db_comment="月份（一日）")
    area = models.BigIntegerField(db_comment="县区或镇街；0为全市")
    kind = models.CharField(max_length=10, db_comment="按哪个时刻归月：registered 登记，due 应答复，answered 答复")
    marks = models.BigIntegerField(db_comment="发生过什么")
    n = models.IntegerField(db_comment="件数")

    class Meta:
        db_table_comment = "每月经过数（由日志推出，可重建）"
        constraints = [
            models.UniqueConstraint(fields=["area", "month", "kind", "marks"], name="indicators_course_cell")
        ]

    def __str__(self) -> str:
        """Month and area."""
        return f"{self.month:%Y-%m} {self.area}"


class Given(models.Model):
    """布置 — one task given to a body: what is asked of the grassroots from above."""

    number = models.CharField(max_length=20, primary_key=True, db_comment="任务编号")
    owner = models.BigIntegerField(db_comment="主办单位")
    given_at = models.DateTimeField(db_comment="布置时刻")

    class Meta:
        db_table_comment = "布置的任务（由日志推出，可重建）"
        indexes = [models.Index(fields=["given_at"], name="indicators_given_when")]

    def __str__(self) -> str:
        """By number."""
        return self.number


class Called(models.Model):
    """应叫 — one body called by one whistle, and when it answered and came."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    number = models.CharField(max_length=20, db_comment="吹哨编号")
    body = models.BigIntegerField(db_comment="被叫的单位")
    area = models.BigIntegerField(db_comment="叫到哪里")
    sounded_at = models.DateTimeField(db_comment="吹哨时刻")
    acknowledge_by = models.DateTimeField(db_comment="回应的时限")
    arrive_by = models.DateTimeField(db_comment="到场的时限")
    answered_at = models.DateTimeField(null=True, db_comment="点收到或到场的时刻")
    arrived_at = models.DateTimeField(null=True, db_comment="到场时刻")
    ended_at = models.DateTimeField(null=True, db_comment="办结或撤回的时刻")
    withdrawn = models.BooleanField(default=False, db_comment="是撤回的，不是办结的")

    class Meta:
        db_table_comment = "吹哨叫到的单位（由日志推出，可重建）"
        constraints = [models.UniqueConstraint(fields=["number", "body"], name="indicators_called_once")]
        indexes = [models.Index(fields=["sounded_at"], name="indicators_called_when")]

    def __str__(self) -> str:
        """Whistle and body."""
        return f"{self.number} {self.body}"
