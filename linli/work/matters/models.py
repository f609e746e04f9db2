"""What is stored of a matter, and the constraints the database keeps."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.coordinates import Point
from linli.mechanisms.access.sealing import DigestField, SealedField
from linli.mechanisms.flow.subject import Subject
from linli.work.matters.flow import ENDED, IN_HAND, LIVING, OPEN, PAUSED, ErasureState, State
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


class Means(models.TextChoices):
    """怎么联系 — how a body spoke with whoever brought a matter."""

    PHONE = "phone", _("打电话")
    VISIT = "visit", _("上门")
    MESSAGE = "message", _("在页面上留言")


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


class Contact(models.Model):
    """联系方式 — who brought it and how to reach them. Read through queries.contact_of only, which masks and logs."""

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="contact", db_comment="诉求"
    )
    name = SealedField(_("称呼"), blank=True, default="", db_comment="姓名或称呼（加密）")
    phone = SealedField(_("电话"), blank=True, default="", db_comment="电话（加密）")
    phone_key = DigestField(of="phone", db_comment="电话的指纹，用来查找")
    email = SealedField(_("电子邮箱"), blank=True, default="", db_comment="电子邮箱（加密）")
    language = models.CharField(max_length=10, default="zh-hans", db_comment="通知用的语言")

    class Meta:
        db_table_comment = "反映人的联系方式"
        indexes = [models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="matters_contact_phone")]

    def __str__(self) -> str:
        """Never by name."""
        return f"{self.matter_id} 的联系方式"


class Remark(models.Model):
    """说的话 — the words said at one move: a reason, what was tried, a reply, a supplement. The journal holds their digest."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="remarks", db_comment="诉求")
    seq = models.IntegerField(db_comment="在日志里的第几条")
    move = models.CharField(max_length=40, db_comment="哪个动作")
    text = models.TextField(db_comment="说的话")
    for_resident = models.BooleanField(db_comment="居民能否看到")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "诉求各步骤中说的话"
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="matters_one_remark_per_entry")]

    def __str__(self) -> str:
        """Which move."""
        return f"{self.matter_id} #{self.seq} {self.move}"


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


class Exclusion(models.Model):
    """不予受理 — one proposal not to take a matter up: why, where it belongs, who proposed it and who decided."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="exclusions", db_comment="诉求")
    number = models.CharField(max_length=30, unique=True, db_comment="不予受理的编号，如 滨26-0417-0032-拒1")
    reason = models.CharField(max_length=60, db_comment="哪一种情形（lists/exclusions）")
    rule = models.CharField(max_length=160, db_comment="依据，如 lists/exclusions v1 #litigation")
    said = models.TextField(db_comment="给居民的话")
    channel = models.CharField(max_length=200, blank=True, db_comment="写明的渠道；说到危险的，写转给了谁、几点")
    emergency = models.BooleanField(default=False, db_comment="话里说到危险")
    level = models.SmallIntegerField(db_comment="由哪一级提出；确认以后为两个人里较高的一级")
    proposer = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+", db_comment="谁提出")
    proposer_office = models.CharField(max_length=120, db_comment="提出的人当时的岗位")
    proposed_at = models.DateTimeField(db_comment="何时提出")
    confirmed = models.BooleanField(null=True, db_comment="第二个人是否同意；空为还没有决定，或居民先撤回了")
    decider = models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_comment="谁决定"
    )
    decider_office = models.CharField(max_length=120, blank=True, db_comment="决定的人当时的岗位")
    decided_at = models.DateTimeField(null=True, db_comment="何时决定")

    class Meta:
        db_table_comment = "不予受理"
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(decided_at__isnull=True), name="matters_one_exclusion_open"
            ),
            # Four eyes, kept by the database too.
            models.CheckConstraint(
                condition=Q(decider__isnull=True) | ~Q(decider=F("proposer")), name="matters_excluded_by_two"
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, decider__isnull=True)
                | Q(confirmed__isnull=False, decider__isnull=False, decided_at__isnull=False),
                name="matters_exclusion_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["decided_at"], condition=Q(confirmed=True), name="matters_exclusions_of_month"),
        ]

    def __str__(self) -> str:
        """By its number."""
        return self.number


class SecondLook(models.Model):
    """复核 — an exclusion looked at once more, by somebody above who had no hand in it."""

    class Asker(models.TextChoices):
        """谁请的."""

        RESIDENT = "resident", _("居民")
        OVERSEER = "overseer", _("监督员")
        HOTLINE = "hotline", _("12345热线退回")

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    exclusion = models.ForeignKey(Exclusion, on_delete=models.PROTECT, related_name="looks", db_comment="不予受理")
    asked_by = models.CharField(max_length=10, choices=Asker, db_comment="谁请的：居民、抽查的监督员，或退回移交的热线")
    asked_at = models.DateTimeField(db_comment="何时请的")
    level = models.SmallIntegerField(db_comment="由哪一级复核")
    stands = models.BooleanField(null=True, db_comment="是否维持；空为还没有复核，或居民先撤回了")
    looker = models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_comment="谁复核"
    )
    looked_at = models.DateTimeField(null=True, db_comment="何时复核")

    class Meta:
        db_table_comment = "不予受理的复核"
        constraints = [
            models.UniqueConstraint(fields=["exclusion", "asked_by"], name="matters_second_look_once"),
            models.UniqueConstraint(
                fields=["exclusion"], condition=Q(looked_at__isnull=True), name="matters_one_second_look_open"
            ),
        ]

    def __str__(self) -> str:
        """Of which exclusion."""
        return f"{self.exclusion_id} 复核"


class Draw(models.Model):
    """抽签 — one month's sample of a county's exclusions: the seed, so that anybody can draw it again."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    month = models.DateField(db_comment="哪个月（一日）")
    county = models.ForeignKey(
        "territory.Area", null=True, on_delete=models.PROTECT, related_name="+", db_comment="县区；空为不详"
    )
    seed = models.CharField(max_length=64, db_comment="种子：月末以后第一张封条的总指纹；没有封条的为随机数")
    seal = models.IntegerField(null=True, db_comment="种子是第几张封条的总指纹")
    rule = models.CharField(max_length=160, db_comment="份额的依据（matters/sampling）")
    percent = models.SmallIntegerField(db_comment="抽百分之几")
    excluded = models.IntegerField(db_comment="当月不予受理几件")
    drawn_at = models.DateTimeField(db_comment="何时抽的")

    class Meta:
        db_table_comment = "不予受理的每月抽查"
        constraints = [
            models.UniqueConstraint(fields=["month", "county"], nulls_distinct=False, name="matters_drawn_once")
        ]

    def __str__(self) -> str:
        """Month and county."""
        return f"{self.month:%Y-%m} {self.county_id}"


class Sample(models.Model):
    """抽查 — one exclusion that came up, and what the overseer found."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="samples", db_comment="哪一次抽签")
    exclusion = models.OneToOneField(
        Exclusion, on_delete=models.PROTECT, related_name="sample", db_comment="抽中的不予受理"
    )
    always = models.BooleanField(db_comment="话里说到危险，必看，不凭抽签")
    rightly = models.BooleanField(null=True, db_comment="不予受理得对吗；空为还没有看")
    finder = models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_comment="谁看的"
    )
    found_at = models.DateTimeField(null=True, db_comment="何时看的")

    class Meta:
        db_table_comment = "抽中的不予受理"

    def __str__(self) -> str:
        """Which exclusion."""
        return f"{self.exclusion_id} 抽查"


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

    class Meta:
        db_table_comment = "并案"
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at__isnull=True), name="matters_merged_once"),
            models.CheckConstraint(condition=~Q(matter=models.F("main")), name="matters_not_into_itself"),
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


class Approval(models.Model):
    """清单外请示 — an order down that no duty list holds: who asked, for which body, what was decided by whom."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="approvals", db_comment="诉求")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="想派给哪个单位")
    by_body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="请示的单位")
    category = models.CharField(max_length=60, db_comment="类别")
    level = models.SmallIntegerField(db_comment="由哪一级批准")
    asked_at = models.DateTimeField(db_comment="何时请示")
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


class Photo(models.Model):
    """照片 — re-encoded, without EXIF. Shown to whoever handles the matter and to its reporter; never in public lists."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="photos", db_comment="诉求")
    key = models.CharField(max_length=60, unique=True, db_comment="文件名（随机）")
    width = models.IntegerField(db_comment="宽（像素）")
    height = models.IntegerField(db_comment="高（像素）")
    size = models.IntegerField(db_comment="字节数")
    sha256 = models.CharField(max_length=64, db_comment="哈希")
    at = models.DateTimeField(db_comment="何时")
    by_resident = models.BooleanField(default=True, db_comment="是否居民所传")

    class Meta:
        db_table_comment = "诉求的照片"

    def __str__(self) -> str:
        """By key."""
        return self.key


class Attachment(models.Model):
    """附件 — a document beside a matter: between officials, or for its reporter. Kept outside of what is served."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="attachments", db_comment="诉求")
    seq = models.IntegerField(db_comment="日志里的第几条")
    key = models.CharField(max_length=60, unique=True, db_comment="文件名（随机）")
    name = models.CharField(max_length=90, db_comment="原来的名字")
    kind = models.CharField(max_length=10, db_comment="种类，按内容认定：pdf、docx、xlsx、jpg")
    size = models.IntegerField(db_comment="字节数")
    sha256 = models.CharField(max_length=64, db_comment="哈希")
    at = models.DateTimeField(db_comment="何时")
    office = models.CharField(max_length=120, db_comment="谁放的（单位和岗位）")
    for_resident = models.BooleanField(default=False, db_comment="居民能否看到")

    class Meta:
        db_table_comment = "诉求的附件"
        indexes = [models.Index(fields=["matter", "id"], name="matters_attached")]

    def __str__(self) -> str:
        """By name."""
        return self.name


class Consent(models.Model):
    """代为反映 — who spoke for somebody else, what they are to them, and how and when that person agreed."""

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="consent", db_comment="诉求"
    )
    speaker = SealedField(db_comment="代为反映的人怎么称呼（加密）")
    phone = SealedField(blank=True, db_comment="代为反映的人的电话（加密）")
    relation = models.CharField(max_length=60, db_comment="是他的什么人（lists/relations）")
    how = models.CharField(max_length=60, db_comment="本人怎么同意的（lists/consents）")
    agreed_at = models.DateTimeField(db_comment="本人什么时候同意的")
    at = models.DateTimeField(db_comment="何时记下")

    class Meta:
        db_table_comment = "代为反映和本人同意"

    def __str__(self) -> str:
        """Which matter."""
        return f"代为反映 {self.matter_id}"


class Support(models.Model):
    """附议 — one device supports one matter once. Only a keyed digest of the device's cookie is kept."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="supports", db_comment="诉求")
    device = models.CharField(max_length=64, db_comment="设备标记的摘要")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "附议"
        constraints = [models.UniqueConstraint(fields=["matter", "device"], name="matters_support_once")]

    def __str__(self) -> str:
        """Which matter."""
        return f"附议 {self.matter_id}"


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


class LastAddress(models.Model):
    """最后的地址 — of somebody whose contact was just deleted at their own request: kept only until they were told of it."""

    erasure = models.OneToOneField(
        Erasure, on_delete=models.CASCADE, primary_key=True, related_name="last_address", db_comment="删除申请"
    )
    phone = SealedField(blank=True, default="", db_comment="电话（加密），告知后清空")
    email = SealedField(blank=True, default="", db_comment="电子邮箱（加密），告知后清空")
    language = models.CharField(max_length=10, default="zh-hans", db_comment="通知用的语言")

    class Meta:
        db_table_comment = "刚应本人要求删除联系方式、还没告知本人的地址：告知后即删，最多留三天"

    def __str__(self) -> str:
        """Never by name."""
        return f"{self.erasure_id} 的地址"


class DayBase(models.Model):
    """当日起号 — what the running number stood at when the day began; a day's first matter is 0001."""

    day = models.DateField(primary_key=True, db_comment="哪天")
    base = models.BigIntegerField(db_comment="起号")

    class Meta:
        db_table_comment = "编号的每日起点"

    def __str__(self) -> str:
        """By day."""
        return str(self.day)
