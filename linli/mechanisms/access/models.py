"""People, bodies, posts, appointments, delegations, and the log of identities revealed."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.access.words import title_words


class People(BaseUserManager["Person"]):
    """Makes accounts; Django's sign-in asks for one under this name."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """An account; without a password it cannot sign in by one."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """人员 — somebody with an account. What they may do hangs on the posts they hold, never on the account."""

    username = models.CharField(_("用户名"), max_length=60, unique=True, db_comment="用户名")
    name = models.CharField(_("姓名"), max_length=40, db_comment="姓名")
    phone = models.CharField(_("办公电话"), max_length=20, blank=True, db_comment="办公电话")
    email = models.EmailField(_("电子邮箱"), blank=True, db_comment="电子邮箱")
    is_active = models.BooleanField(_("启用"), default=True, db_comment="启用")
    must_change_password = models.BooleanField(
        _("须改密码"), default=False, db_comment="现用的是建号或重置时给的一次性密码，登录后须先改"
    )
    joined_at = models.DateTimeField(auto_now_add=True, db_comment="建号时刻")
    last_login = models.DateTimeField(_("上次登录"), null=True, blank=True, db_comment="上次登录")

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table_comment = "人员"

    def __str__(self) -> str:
        """By name."""
        return self.name or self.username

    def get_full_name(self) -> str:
        """What libraries ask for."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Nobody enters Django's own admin by a flag."""
        return False


class BodyKind(models.TextChoices):
    """单位性质."""

    GOVERNMENT = "government", _("政府")
    PARTY = "party", _("党组织")
    SELF_GOVERNMENT = "self_government", _("自治组织")
    COMPANY = "company", _("企业")
    SOCIAL = "social", _("社会组织")


class Body(models.Model):
    """单位 — whoever can be answerable: a township's urban-management office, a village committee, a heating company."""

    name = models.CharField(_("名称"), max_length=80, db_comment="名称")
    short_name = models.CharField(_("简称"), max_length=40, db_comment="简称")
    kind = models.CharField(_("性质"), max_length=20, choices=BodyKind, db_comment="性质")
    functions = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, db_comment="职能（pack 的 bodies/functions）"
    )
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="管辖区域")
    level = models.SmallIntegerField(db_comment="管辖区域的层级")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, db_comment="上级单位")
    phone = models.CharField(_("办公电话"), max_length=20, blank=True, db_comment="办公电话")
    valid_from = models.DateField(null=True, blank=True, db_comment="设立日期（空为不详）")
    valid_to = models.DateField(null=True, blank=True, db_comment="撤销日期")
    illustrative = models.BooleanField(default=False, db_comment="示意单位（演示用，不是真实机构资料）")

    class Meta:
        db_table_comment = "单位"
        verbose_name = _("单位")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="access_body_once_per_area")]
        indexes = [GinIndex(fields=["functions"], name="access_body_functions")]

    def __str__(self) -> str:
        """By name."""
        return self.name


class Post(models.Model):
    """岗位 — a chair in a body: powers belong to it, whoever sits there."""

    kind = models.CharField(_("种类"), max_length=40, db_comment="岗位种类（pack 的 posts/posts）")
    title = models.CharField(_("岗位名称"), max_length=60, db_comment="岗位名称")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="posts", db_comment="单位")
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="管辖区域")

    class Meta:
        db_table_comment = "岗位"
        verbose_name = _("岗位")
        constraints = [models.UniqueConstraint(fields=["kind", "body", "area"], name="access_post_once")]
        indexes = [models.Index(fields=["area", "kind"], name="access_post_of_area")]

    def __str__(self) -> str:
        """Body and title."""
        return f"{self.body} {self.title_words}"

    @property
    def title_words(self) -> str:
        """The title in the language of the page."""
        return title_words(self.title)


class Appointment(models.Model):
    """任职 — a person holds a post from a day to a day (the last day included)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments", db_comment="人员")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments", db_comment="岗位")
    from_on = models.DateField(_("自"), db_comment="自哪天起")
    to_on = models.DateField(_("至"), null=True, blank=True, db_comment="至哪天止（含；空为在任）")
    part_time = models.BooleanField(_("兼职"), default=False, db_comment="兼职")

    class Meta:
        db_table_comment = "任职"
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="access_term_in_order"
            ),
            models.UniqueConstraint(
                fields=["person", "post"], condition=Q(to_on__isnull=True), name="access_appointed_once"
            ),
        ]

    def __str__(self) -> str:
        """Person and post."""
        return f"{self.person}：{self.post}"


class Delegation(models.Model):
    """代理 — while somebody is away, another acts from their post, and every entry says so."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="delegations", db_comment="谁的任职"
    )
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegated", db_comment="代理人")
    from_on = models.DateField(_("自"), db_comment="自哪天起")
    to_on = models.DateField(_("至"), db_comment="至哪天止（含）")
    reason = models.CharField(_("事由"), max_length=100, db_comment="事由")
    recalled_at = models.DateTimeField(
        _("收回时刻"), null=True, blank=True, db_comment="提前收回的时刻（空为没有收回）"
    )

    class Meta:
        db_table_comment = "代理"
        verbose_name = _("代理")
        constraints = [models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="access_delegation_in_order")]

    def __str__(self) -> str:
        """Who for whom."""
        return f"{self.delegate} 代 {self.appointment}"


class Export(models.Model):
    """导出 — who took which list out as a table, how many rows, and what for. Written before the first row leaves."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    listing = models.CharField(max_length=40, db_comment="哪张清单，如 matters.desk")
    asked = models.CharField(max_length=300, db_comment="筛选条件")
    rows = models.IntegerField(db_comment="多少行")
    format = models.CharField(max_length=10, db_comment="csv 或 xlsx")
    purpose = models.CharField(_("用途"), max_length=200, db_comment="用途")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="谁导出的")
    office = models.CharField(max_length=160, db_comment="以什么岗位")
    area = models.ForeignKey(
        "territory.Area", null=True, on_delete=models.PROTECT, related_name="+", db_comment="岗位所在的区域"
    )
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "导出清单的记录"
        indexes = [models.Index(fields=["-at"], name="access_export_newest")]

    def __str__(self) -> str:
        """Who took out what."""
        return f"{self.office} 导出 {self.listing}"


class Reveal(models.Model):
    """查看身份 — who looked at whose identity, when, from which post and for what. Written before it is shown."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    subject = models.CharField(max_length=100, db_comment="主体，如 matter:滨26-0417-0032")
    field = models.CharField(max_length=40, db_comment="看了哪一项")
    purpose = models.CharField(_("用途"), max_length=200, db_comment="用途")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="谁看的")
    office = models.CharField(max_length=160, db_comment="以什么岗位")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "查看居民身份的记录"
        indexes = [
            models.Index(fields=["subject", "-at"], name="access_reveal_subject"),
            models.Index(fields=["-at"], name="access_reveal_newest"),
        ]

    def __str__(self) -> str:
        """Who looked at what."""
        return f"{self.office} 查看 {self.subject}"
