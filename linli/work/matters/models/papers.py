"""Words, photos and documents beside a matter."""

from django.db import models

from linli.work.matters.models.matter import Matter


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
