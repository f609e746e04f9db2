"""What is stored of a whistle and of each body it calls, and the constraints the database keeps."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.mechanisms.flow.subject import Subject
from linli.work.whistles import rules
from linli.work.whistles.flow import OPEN, MeetingState, State


def place(name: str) -> Any:
    """One level of where a whistle was sounded."""
    return models.ForeignKey(
        "territory.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_comment=name
    )


def person(name: str) -> Any:
    """Who of a called body did it."""
    return models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_comment=name
    )


class Whistle(Subject):
    """吹哨 — a township summons departments to a place."""

    number = models.CharField(_("编号"), max_length=20, unique=True, db_comment="编号，如 哨26-1123-001")
    key = models.CharField(max_length=64, unique=True, db_comment="表单的一次性标记")
    kind = models.CharField(_("情形"), max_length=60, db_comment="情形代码（whistles/kinds）")
    caller = models.ForeignKey(
        "access.Body", on_delete=models.PROTECT, related_name="+", db_comment="吹哨的单位（镇街）"
    )
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="地点所在区域")
    county = place("县区")
    township = place("镇街")
    place_text = models.CharField(_("地点"), max_length=120, blank=True, db_comment="地点的文字")
    what = models.TextField(_("什么事"), db_comment="事由")
    matters = ArrayField(models.CharField(max_length=20), default=list, db_comment="相关诉求的编号")
    rule = models.CharField(max_length=160, db_comment="时限的依据")
    sounded_at = models.DateTimeField(_("吹哨时刻"), db_comment="吹哨时刻")
    plan = models.TextField(_("议定的办法"), blank=True, db_comment="议定的办法")
    conclusion = models.TextField(_("结论"), blank=True, db_comment="结论")
    withdrawn_for = models.TextField(_("撤回的原因"), blank=True, db_comment="撤回的原因")
    ended_at = models.DateTimeField(null=True, db_comment="办结或撤回的时刻")

    class Meta:
        db_table_comment = "吹哨"
        verbose_name = _("吹哨")
        indexes = [
            models.Index(fields=["township", "-sounded_at", "-id"], name="whistles_township_new"),
            models.Index(fields=["county", "-sounded_at", "-id"], name="whistles_county_new"),
        ]

    def __str__(self) -> str:
        """Number."""
        return self.number

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"whistle:{self.number}"

    @property
    def state_words(self) -> str:
        """The state as people say it."""
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        """Is somebody still waited for?"""
        return self.state in OPEN


class Summons(models.Model):
    """被叫的单位 — one called body: when it was to answer and to come, when it did, what it did, and what each side said."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="called", db_comment="吹哨")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="被叫的单位")
    acknowledge_by = models.DateTimeField(db_comment="最晚何时回应")
    arrive_by = models.DateTimeField(db_comment="最晚何时到场")
    acknowledged_at = models.DateTimeField(null=True, db_comment="何时回应")
    acknowledged_person = person("谁回应的")
    arrived_at = models.DateTimeField(null=True, db_comment="何时到场")
    arrived_person = person("谁到场的")
    absence = models.CharField(max_length=60, blank=True, db_comment="没到的原因代码（whistles/absences）")
    absence_words = models.TextField(blank=True, db_comment="没到的原因")
    action = models.TextField(blank=True, db_comment="做了什么")
    reported_at = models.DateTimeField(null=True, db_comment="最近一次报告的时刻")
    escalated_at = models.DateTimeField(null=True, db_comment="何时报县区")
    escalated_for = models.CharField(
        max_length=20, blank=True, db_comment="为什么报：silence没有回应，absence没有按时到"
    )
    conclusion = models.TextField(blank=True, db_comment="镇街给这个单位的结论")
    score = models.SmallIntegerField(null=True, db_comment="镇街评部门，1至5")
    score_words = models.TextField(blank=True, db_comment="评分的话")
    justified = models.BooleanField(null=True, db_comment="部门评哨：该不该吹；空为未评")
    unjustified = models.CharField(max_length=60, blank=True, db_comment="不该吹的理由代码（whistles/unjustified）")
    justified_words = models.TextField(blank=True, db_comment="评哨的话")

    class Meta:
        db_table_comment = "吹哨叫到的单位"
        verbose_name = _("被叫的单位")
        constraints = [
            models.UniqueConstraint(fields=["whistle", "body"], name="whistles_called_once"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="whistles_score"),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True, escalated_for="")
                | Q(escalated_at__isnull=False, escalated_for__in=["silence", "absence"]),
                name="whistles_escalated_for_something",
            ),
        ]

    def __str__(self) -> str:
        """Which body, by which whistle."""
        return f"{self.whistle_id} {self.body_id}"

    @property
    def minutes_late(self) -> int:
        """How late it came, or is by now; 0 if in time."""
        return rules.minutes_late(self.arrived_at or clock.now(), self.arrive_by)

    def owed(self, now: datetime) -> str:
        """What is overdue of this body: an answer, its coming, or nothing."""
        if self.acknowledged_at is None and self.arrived_at is None and self.acknowledge_by < now:
            return "silence"
        return "absence" if self.arrived_at is None and self.arrive_by < now else ""

    def next_due(self) -> datetime | None:
        """When to look at it next; never again once the county has been told or somebody is there."""
        if self.escalated_at is not None or self.arrived_at is not None:
            return None
        return self.arrive_by if self.acknowledged_at is not None else min(self.acknowledge_by, self.arrive_by)


class JointMeeting(Subject):
    """联席会议 — bodies sit down together, after a whistle or by itself; also 物业管理联席会议 and 红管家."""

    number = models.CharField(_("编号"), max_length=20, unique=True, db_comment="编号，如 会26-1123-001")
    key = models.CharField(max_length=64, unique=True, db_comment="表单的一次性标记")
    convener = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="召集的单位")
    whistle = models.ForeignKey(
        Whistle, null=True, on_delete=models.PROTECT, related_name="meetings", db_comment="因哪次吹哨"
    )
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="事情所在区域")
    county = place("县区")
    township = place("镇街")
    topic = models.TextField(_("议题"), db_comment="议题")
    starts_at = models.DateTimeField(_("开会时间"), db_comment="开会时间")
    place_text = models.CharField(_("开会地点"), max_length=120, db_comment="开会地点")
    invited = models.ManyToManyField("access.Body", related_name="+", verbose_name=_("请谁来"))
    convened_at = models.DateTimeField(db_comment="召集的时刻")
    cancelled_for = models.TextField(blank=True, db_comment="取消的原因")

    class Meta:
        db_table_comment = "联席会议"
        verbose_name = _("联席会议")
        indexes = [
            models.Index(fields=["township", "-starts_at"], name="whistles_meeting_township"),
            models.Index(fields=["county", "-starts_at"], name="whistles_meeting_county"),
        ]

    def __str__(self) -> str:
        """Number."""
        return self.number

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"meeting:{self.number}"

    @property
    def state_words(self) -> str:
        """The state as people say it."""
        return str(MeetingState(self.state).label)


class Resolve(models.Model):
    """会议结论 — one line: what is to be done, by which body, before which day."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    meeting = models.ForeignKey(JointMeeting, on_delete=models.PROTECT, related_name="resolves", db_comment="会议")
    text = models.TextField(db_comment="做什么")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="谁做")
    due_on = models.DateField(db_comment="哪天前")

    class Meta:
        db_table_comment = "联席会议的结论"

    def __str__(self) -> str:
        """Who, before which day."""
        return f"{self.body_id} {self.due_on}"
