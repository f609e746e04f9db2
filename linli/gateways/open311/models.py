"""What the gateway stores of its own: keys, what each key filed, and how often somebody asked this hour."""

from django.db import models


class ApiKey(models.Model):
    """密钥 — lets one system of one body file matters of one area. Only its digest is kept; it is shown once."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    name = models.CharField(max_length=80, db_comment="哪个系统")
    prefix = models.CharField(max_length=12, db_comment="密钥的开头，用来辨认")
    digest = models.CharField(max_length=64, unique=True, db_comment="密钥的摘要；密钥本身不存")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="归哪个单位")
    area = models.ForeignKey(
        "territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="能报哪个区域的诉求"
    )
    issued_at = models.DateTimeField(db_comment="何时发放")
    issued_by = models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_comment="谁发放的；空为命令行"
    )
    revoked_at = models.DateTimeField(null=True, db_comment="何时吊销；空为有效")
    uses = models.BigIntegerField(default=0, db_comment="用过多少次")
    used_at = models.DateTimeField(null=True, db_comment="最近一次使用的时刻")

    class Meta:
        db_table_comment = "开放接口的密钥"

    def __str__(self) -> str:
        """Never the key itself."""
        return f"{self.prefix}… {self.name}"


class Filing(models.Model):
    """代报 — which key brought which matter, so that sending it twice makes one and its token leads to it."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="filings", db_comment="哪个密钥")
    number = models.CharField(max_length=20, unique=True, db_comment="诉求编号")
    token_digest = models.CharField(max_length=64, unique=True, db_comment="跟踪链接密文部分的摘要")
    digest = models.CharField(max_length=64, db_comment="所报内容的摘要")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "经开放接口报来的诉求"
        indexes = [models.Index(fields=["key", "digest", "at"], name="open311_filing_same")]

    def __str__(self) -> str:
        """By number."""
        return self.number


class Tally(models.Model):
    """计数 — calls of one caller in one hour. Who it was cannot be read from it. The table is UNLOGGED."""

    who = models.CharField(max_length=80, primary_key=True, db_comment="哪种调用、谁（摘要）、哪个小时")
    calls = models.IntegerField(db_comment="几次")
    at = models.DateTimeField(db_comment="这个小时的开头")

    class Meta:
        db_table_comment = "开放接口的调用频次"
        indexes = [models.Index(fields=["at"], name="open311_tally_at")]

    def __str__(self) -> str:
        """By key."""
        return self.who
