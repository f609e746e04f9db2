"""Who brought a matter, who spoke for them, and who says the same."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.access.sealing import DigestField, SealedField
from linli.work.matters.models.matter import Matter


class Means(models.TextChoices):
    """怎么联系 — how a body spoke with whoever brought a matter."""

    PHONE = "phone", _("打电话")
    VISIT = "visit", _("上门")
    MESSAGE = "message", _("在页面上留言")


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
