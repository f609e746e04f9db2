"""不予受理、复核、抽查: what was not taken up, and who looked at it again."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.work.matters.models.matter import Matter


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

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    exclusion = models.ForeignKey(Exclusion, on_delete=models.PROTECT, related_name="looks", db_comment="不予受理")
    asked_by = models.CharField(max_length=10, choices=Asker, db_comment="谁请的：居民，或抽查的监督员")
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
