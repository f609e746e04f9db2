"""诉求 — the matter itself, where it is and who has it, and the indexes every desk reads."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.coordinates import Point
from linli.mechanisms.flow.subject import Subject
from linli.work.matters.flow import ENDED, IN_HAND, LIVING, OPEN, PAUSED, State
from linli.work.matters.rules import whole_of


class Channel(models.TextChoices):
    """渠道 — how a matter came in."""

    PAGE = "page", _("网页")
    QR = "qr", _("扫码")
    PHONE = "phone", _("电话")
    COUNTER = "counter", _("窗口")
    GRID = "grid", _("网格员代报")
    OPEN311 = "open311", _("别的系统转来")
    HOTLINE = "hotline", _("12345热线转来")


class Visibility(models.TextChoices):
    """留名 — what of the reporter the handling body may come to know."""

    NAMED = "named", _("留姓名和电话")
    PSEUDONYM = "pseudonym", _("只留电话")
    ANONYMOUS = "anonymous", _("不留")


def place(name: str) -> Any:
    """One level of where a matter is: kept beside each other so that every desk's list is one index."""
    return models.ForeignKey(
        "territory.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_comment=name
    )


COUNTED = ["state", "level", "handler", "category", "risk", "registered_at", "moved_at"]
"""What a desk asks of open matters to count and to sort them: kept in their index, so that the rows are not read."""


class Matter(Subject):
    """诉求 — one thing a resident wants settled."""

    number = models.CharField(_("编号"), max_length=20, unique=True, db_comment="编号，如 滨26-0417-0032")
    foreign_number = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        db_comment="转来的系统里的编号（热线工单号）；空为本平台登记",
    )
    title = models.CharField(_("标题"), max_length=60, db_comment="标题：诉求的前几个字")
    text = models.TextField(_("诉求"), db_comment="居民的原话")
    category = models.CharField(_("类别"), max_length=60, db_comment="类别代码（matters/categories）")
    confidence = models.FloatField(default=0, db_comment="系统归类的把握，0至1；人定的为1")
    risk = models.SmallIntegerField(_("风险等级"), default=0, db_comment="风险等级0至3（matters/risks）")
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel, db_comment="渠道")
    visibility = models.CharField(_("留名"), max_length=10, choices=Visibility, db_comment="留名方式")
    is_public = models.BooleanField(_("公开"), default=False, db_comment="附近的人能否看到")
    is_report = models.BooleanField(_("举报"), default=False, db_comment="举报：对承办单位隐去反映人")

    city = place("市")
    county = place("县区")
    township = place("镇街")
    community = place("村（社区）")
    grid = place("网格")
    place_text = models.CharField(_("地点"), max_length=120, blank=True, db_comment="地点的文字")
    lon = models.FloatField(null=True, db_comment="经度（WGS 84）")
    lat = models.FloatField(null=True, db_comment="纬度（WGS 84）")

    level = models.SmallIntegerField(_("所在层级"), db_comment="现在由哪一级处理：5网格4社区3镇街2县区1市")
    handler = models.ForeignKey(
        "access.Body", on_delete=models.PROTECT, related_name="+", db_index=False, db_comment="现在负责的单位"
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="parts", db_index=False, db_comment="是哪一件的一部分"
    )
    registered_at = models.DateTimeField(_("登记时刻"), db_comment="登记时刻")
    due_at = models.DateTimeField(_("答复期限"), db_comment="最晚何时答复居民")
    due_rule = models.CharField(max_length=160, db_comment="期限的依据")
    due_provisional = models.BooleanField(default=False, db_comment="期限是否暂定（跨入未公布放假安排的年份）")
    overdue = models.BooleanField(default=False, db_comment="已逾期（由定时器标记）")
    moved_at = models.DateTimeField(_("最近变动"), db_comment="最近变动的时刻")
    answered_at = models.DateTimeField(null=True, db_comment="最近一次答复的时刻")
    ended_at = models.DateTimeField(null=True, db_comment="办结或撤回的时刻")

    outcome = models.CharField(max_length=20, blank=True, db_comment="办理结果（matters/outcomes）")
    reply = models.TextField(_("答复"), blank=True, db_comment="给居民的答复")
    settled_on_spot = models.BooleanField(default=False, db_comment="网格员当场解决")
    solved = models.BooleanField(null=True, db_comment="居民说解决了吗；空为未答")
    satisfaction = models.SmallIntegerField(null=True, db_comment="满意度1至5")
    reopened = models.SmallIntegerField(default=0, db_comment="居民说没解决的次数")
    redone = models.SmallIntegerField(default=0, db_comment="核实退回的次数")
    supporters = models.IntegerField(default=0, db_comment="附议人数")
    shown_title = models.CharField(
        _("公开的标题"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        db_comment="人核定的公开标题；空为系统隐去",
    )
    shown_place = models.CharField(
        _("公开的地点"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        db_comment="人核定的公开地点；空为系统隐去",
    )
    contact_by = models.DateTimeField(null=True, db_comment="最晚何时首次联系；空为不用联系或已联系")
    contacted_at = models.DateTimeField(null=True, db_comment="何时联系上的")
    urged = models.SmallIntegerField(default=0, db_comment="居民催办的次数")
    urged_at = models.DateTimeField(null=True, db_comment="最近一次催办")
    grade = models.SmallIntegerField(default=0, db_comment="现在的督办等级；0为没有")
    reminded = models.SmallIntegerField(default=0, db_comment="这个期限提醒过几次")
    escalated = models.SmallIntegerField(default=0, db_comment="这次逾期报过上级几步")
    verdict = models.IntegerField(null=True, db_comment="居民对这次答复的评价在日志里的第几条；空为还没有")
    visit_at = models.DateTimeField(null=True, db_comment="何时起该回访；空为不用")
    visit_tries = models.SmallIntegerField(default=0, db_comment="这次答复回访过几次")
    search = SearchVectorField(db_comment="检索词（二字组）")

    class Meta:
        db_table_comment = "诉求"
        verbose_name = _("诉求")
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="matters_satisfaction_grade",
            ),
            models.CheckConstraint(condition=Q(risk__range=(0, 3)), name="matters_risk_grade"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="matters_level"),
            models.CheckConstraint(condition=Q(grade__range=(0, 9)), name="matters_press_grade"),
            # domain.md C.5, 1: no matter closes without an outcome and words for the resident.
            models.CheckConstraint(
                condition=~Q(state__in=[State.ANSWERED, State.VERIFIED, State.CLOSED])
                | (~Q(outcome="") & ~Q(reply="")),
                name="matters_answered_in_words",
            ),
        ]
        # A desk's list in every order for the wide scopes; a village's few hundred rows are sorted where they are read.
        indexes = [
            *(
                models.Index(fields=[scope, "-registered_at", "-id"], name=f"matters_{scope}_new")
                for scope in ("county", "township", "community", "grid", "handler")
            ),
            models.Index(fields=["-registered_at", "-id"], name="matters_new"),
            *(
                models.Index(fields=[scope, "-moved_at", "-id"], name=f"matters_{scope}_moved")
                for scope in ("county", "township")
            ),
            models.Index(fields=["-moved_at", "-id"], name="matters_moved"),
            *(
                models.Index(
                    fields=[scope, "due_at", "id"],
                    include=COUNTED if scope != "handler" else [each for each in COUNTED if each != "handler"],
                    condition=Q(state__in=OPEN),
                    name=f"matters_{scope}_open",
                )
                for scope in ("county", "township", "community", "grid", "handler")
            ),
            models.Index(
                fields=["due_at", "id"],
                include=COUNTED,
                condition=Q(state__in=OPEN),
                name="matters_open",
            ),
            *(
                models.Index(
                    fields=[scope],
                    include=["category", "risk"],
                    condition=Q(state=State.VERIFIED),
                    name=f"matters_{scope}_verified",
                )
                for scope in ("county", "township")
            ),
            # Few at any time: one index each for everybody's list of what is pressed, and of whom to call.
            models.Index(
                fields=["due_at", "id"],
                include=["county", "township", "community", "grid", "handler", "state", "grade", "category", "risk"],
                condition=Q(grade__gt=0),
                name="matters_pressed",
            ),
            models.Index(
                fields=["visit_at", "id"],
                include=["county", "township", "level", "handler"],
                condition=Q(visit_at__isnull=False),
                name="matters_visit_due",
            ),
            *(
                models.Index(fields=["category", f"-{moment}", "-id"], name=f"matters_category_{name}")
                for name, moment in (("new", "registered_at"), ("moved", "moved_at"))
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="matters_parts"),
            models.Index(
                fields=["lat", "lon"], condition=Q(is_public=True, state__in=OPEN), name="matters_public_near"
            ),
            models.Index(fields=["ended_at", "id"], condition=Q(state__in=ENDED), name="matters_ended"),
            # Two, because of the thousands that live every word is asked for each time, and they change most.
            # Without a list of what is yet to be sorted in: every search would read that list from end to end.
            *(
                GinIndex(
                    fields=["search"], condition=Q(state__in=kind), name=f"matters_search_{name}", fastupdate=False
                )
                for name, kind in (("living", LIVING), ("ended", ENDED))
            ),
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"matter:{self.number}"

    @property
    def reporter_subject(self) -> str:
        """The matter whose reporter stands behind it: its own, or of a part the whole's."""
        return f"matter:{whole_of(self.number)}" if self.parent_id is not None else self.subject

    @property
    def state_words(self) -> str:
        """The state as people say it."""
        return str(State(self.state).label)

    @property
    def point(self) -> Point | None:
        """Where it is, if anybody said so exactly."""
        return Point(self.lon, self.lat) if self.lon is not None and self.lat is not None else None

    @property
    def is_open(self) -> bool:
        """Does somebody still owe the resident something?"""
        return self.state in OPEN

    @property
    def is_in_hand(self) -> bool:
        """Is it being worked on, not yet answered?"""
        return self.state in IN_HAND

    @property
    def is_paused(self) -> bool:
        """Does its clock stand still?"""
        return self.state in PAUSED

    @property
    def place_ids(self) -> list[int]:
        """Where it is, from the most specific area up."""
        chain = (self.grid_id, self.community_id, self.township_id, self.county_id, self.city_id)
        return [each for each in chain if each is not None]

    @property
    def area_id(self) -> int | None:
        """The most specific area known."""
        return next(iter(self.place_ids), None)


class DayBase(models.Model):
    """当日起号 — what the running number stood at when the day began; a day's first matter is 0001."""

    day = models.DateField(primary_key=True, db_comment="哪天")
    base = models.BigIntegerField(db_comment="起号")

    class Meta:
        db_table_comment = "编号的每日起点"

    def __str__(self) -> str:
        """By day."""
        return str(self.day)


class Submission(models.Model):
    """提交 — the key a form carries, so that sending it twice makes one matter and gives the same answer."""

    key = models.CharField(max_length=64, primary_key=True, db_comment="表单的一次性标记")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, db_comment="诉求")
    digest = models.CharField(max_length=64, db_comment="内容的摘要")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "提交记录（防重复）"

    def __str__(self) -> str:
        """By key."""
        return self.key
