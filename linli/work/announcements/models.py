"""What is stored of notices to neighbours, their editions and streets' front pages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.mechanisms.flow.subject import Subject
from linli.work.announcements.flow import State


class Announcement(Subject):
    """邻里告知 — what a street or community tells the neighbours of an area, from a moment until another."""

    number = models.CharField(_("编号"), max_length=20, unique=True, db_comment="编号，如 告26-0012")
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="告诉哪里的邻居")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="由哪个单位发布")
    kind = models.CharField(_("种类"), max_length=60, db_comment="种类代码（announcements/kinds）")
    edition = models.SmallIntegerField(default=1, db_comment="现在是第几版")
    title = models.CharField(_("标题"), max_length=40, db_comment="现在这一版的标题")
    begins_at = models.DateTimeField(_("从什么时候"), db_comment="从什么时候")
    until_at = models.DateTimeField(_("到什么时候"), db_comment="到什么时候；过了就不再显示")
    published_at = models.DateTimeField(db_comment="第一版发布的时刻")
    withdrawn_at = models.DateTimeField(null=True, db_comment="撤下的时刻")
    withdrawal = models.CharField(_("为什么撤下"), max_length=200, blank=True, db_comment="为什么撤下；公开")

    class Meta:
        db_table_comment = "邻里告知"
        verbose_name = _("邻里告知")
        constraints = [
            models.CheckConstraint(
                condition=Q(begins_at__lt=F("until_at")), name="announcements_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawal="")
                | ~Q(state=State.WITHDRAWN) & Q(withdrawn_at__isnull=True),
                name="announcements_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["area", "until_at"], condition=Q(state=State.PUBLISHED), name="announcements_standing"
            ),
            models.Index(fields=["area", "-until_at"], name="announcements_of_area"),
        ]

    def __str__(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"announcement:{self.number}"

    @property
    def is_over(self) -> bool:
        """Is its time over? Known before the timer has said so."""
        return self.state == State.ENDED or (self.state == State.PUBLISHED and self.until_at <= clock.now())

    @property
    def stands(self) -> bool:
        """Is it shown to neighbours?"""
        return self.state == State.PUBLISHED and not self.is_over

    def get_state_display(self) -> str:
        """The state by name, for the sentence that refuses a move."""
        return str(State(self.state).label)

    @property
    def state_words(self) -> str:
        """How it stands, as people say it."""
        if self.is_over:
            return str(State.ENDED.label)
        if self.state == State.WITHDRAWN:
            return str(State.WITHDRAWN.label)
        return str(_("还没开始") if self.begins_at > clock.now() else _("进行中"))

    @property
    def tone(self) -> str:
        """Its colour and shape."""
        if self.state == State.WITHDRAWN:
            return "refused"
        if self.is_over:
            return "done"
        return "waiting" if self.begins_at > clock.now() else "hand"


class Wording(models.Model):
    """告知的一版 — one edition of a notice, as it was published; never changed."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="wordings", db_comment="哪一份告知"
    )
    edition = models.SmallIntegerField(db_comment="第几版")
    title = models.CharField(max_length=40, db_comment="标题")
    text = models.TextField(db_comment="正文")
    phone = models.CharField(max_length=20, blank=True, db_comment="问哪个电话（单位的）")
    begins_at = models.DateTimeField(db_comment="从什么时候")
    until_at = models.DateTimeField(db_comment="到什么时候")
    at = models.DateTimeField(db_comment="发布这一版的时刻")
    office = models.CharField(max_length=160, db_comment="由哪个岗位发布，不写姓名")

    class Meta:
        db_table_comment = "邻里告知的各版"
        constraints = [models.UniqueConstraint(fields=["announcement", "edition"], name="announcements_edition_once")]

    def __str__(self) -> str:
        """Which notice, which edition."""
        return f"{self.announcement_id} v{self.edition}"


class FrontPicture(models.Model):
    """街道主页的图片 — a JPEG we wrote ourselves. In the database, because there is one to a street and it goes with the backup."""

    key = models.CharField(max_length=32, primary_key=True, db_comment="随机的名字")
    jpeg = models.BinaryField(db_comment="图片")
    width = models.IntegerField(db_comment="宽，像素")
    height = models.IntegerField(db_comment="高，像素")
    sha256 = models.CharField(max_length=64, db_comment="图片的SHA-256")
    at = models.DateTimeField(db_comment="放上去的时刻")

    class Meta:
        db_table_comment = "街道主页的图片"

    def __str__(self) -> str:
        """Its key."""
        return self.key


class FrontPage(models.Model):
    """街道主页 — how a township or street greets at its own address: a sentence, a short name for the address, a picture."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    area = models.OneToOneField(
        "territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="哪个乡镇（街道）"
    )
    alias = models.CharField(
        _("短地址"), max_length=20, null=True, blank=True, unique=True, db_comment="短地址；空为用代码"
    )
    welcome = models.CharField(_("欢迎的一句话"), max_length=120, blank=True, db_comment="欢迎的一句话")
    picture = models.OneToOneField(
        FrontPicture, null=True, on_delete=models.SET_NULL, related_name="+", db_comment="图片；空为没有"
    )
    described = models.CharField(
        _("图片上是什么"), max_length=60, blank=True, db_comment="图片上是什么，念给看不见的人听"
    )
    updated_at = models.DateTimeField(db_comment="最近一次改的时刻")

    class Meta:
        db_table_comment = "街道主页"
        constraints = [
            models.CheckConstraint(
                condition=Q(picture__isnull=True) | ~Q(described=""), name="announcements_picture_is_described"
            ),
            models.CheckConstraint(condition=~Q(alias=""), name="announcements_alias_or_none"),
        ]

    def __str__(self) -> str:
        """Whose."""
        return f"{self.area_id}"

    @property
    def subject(self) -> str:
        """Its name in the journal."""
        return f"frontpage:{self.area_id}"
