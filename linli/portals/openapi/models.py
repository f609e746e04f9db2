"""What the API stores of its own: tokens, the answers given to them, and how much each may still ask."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Token(models.Model):
    """令牌 — lets one machine act from one appointment. Only its digest is kept; it is shown once."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    name = models.CharField(max_length=40, db_comment="哪个系统用；每一步都署上它")
    prefix = models.CharField(max_length=12, db_comment="令牌的开头，用来辨认")
    digest = models.CharField(max_length=64, unique=True, db_comment="令牌的摘要；令牌本身不存")
    appointment = models.ForeignKey(
        "access.Appointment", on_delete=models.PROTECT, related_name="+", db_comment="从谁的哪个岗位办事"
    )
    powers = ArrayField(models.CharField(max_length=60), db_comment="准用的权限；不会多于岗位现有的")
    issued_at = models.DateTimeField(db_comment="何时发放")
    issued_by = models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_comment="谁发放的；空为命令行"
    )
    until = models.DateField(db_comment="用到哪天（含）")
    revoked_at = models.DateTimeField(null=True, db_comment="何时吊销；空为没有吊销")
    used_at = models.DateTimeField(null=True, db_comment="最近一次使用的时刻（准到一分钟）")

    class Meta:
        db_table_comment = "数据接口的令牌"
        indexes = [models.Index(fields=["appointment"], name="openapi_token_of")]

    def __str__(self) -> str:
        """Never the token itself."""
        return f"{self.prefix}… {self.name}"


class KeptAnswer(models.Model):
    """已给的答复 — what was answered to an act, by its token and key, so that sending it again does nothing again.

    It holds numbers, states and dates: no answer to an act repeats what a resident said.
    """

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="+", db_comment="哪个令牌")
    key = models.CharField(max_length=100, db_comment="调用方的一次性标记（Idempotency-Key）")
    digest = models.CharField(max_length=64, db_comment="请求内容的摘要")
    status = models.SmallIntegerField(default=0, db_comment="答复的状态码")
    body = models.TextField(blank=True, db_comment="答复的内容")
    etag = models.CharField(max_length=60, blank=True, db_comment="答复的版本标记")
    location = models.CharField(max_length=200, blank=True, db_comment="答复所指的地址")
    at = models.DateTimeField(db_comment="何时")

    class Meta:
        db_table_comment = "数据接口已给的答复"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="openapi_answered_once")]
        indexes = [models.Index(fields=["at"], name="openapi_answer_at")]

    def __str__(self) -> str:
        """Which token, which key."""
        return f"{self.token_id} {self.key}"


class Allowance(models.Model):
    """余量 — how much a caller may still ask: a bucket that refills evenly. The table is UNLOGGED."""

    who = models.CharField(max_length=60, primary_key=True, db_comment="哪种调用、谁（摘要）")
    remaining = models.FloatField(db_comment="还剩几次")
    granted = models.BooleanField(db_comment="这一次放行了吗")
    at = models.DateTimeField(db_comment="算到何时")

    class Meta:
        db_table_comment = "数据接口的调用余量"
        indexes = [models.Index(fields=["at"], name="openapi_allowance_at")]

    def __str__(self) -> str:
        """By key."""
        return self.who
