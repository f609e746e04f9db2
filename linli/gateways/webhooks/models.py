"""Who is told what, and every entry that is or was to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Subscription(models.Model):
    """推送订阅 — one address of one body's system is told of some kinds of facts within an area.

    The secret is derived from its salt and the city's key, so that it is stored nowhere.
    """

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    name = models.CharField(max_length=40, db_comment="哪个系统")
    address = models.CharField(max_length=500, db_comment="推到哪个地址")
    kinds = ArrayField(models.CharField(max_length=60), db_comment="哪些事实")
    body = models.ForeignKey("access.Body", on_delete=models.PROTECT, related_name="+", db_comment="归哪个单位")
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+", db_comment="哪个区域的诉求")
    salt = models.CharField(max_length=32, db_comment="签名密钥的盐；密钥本身不存")
    made_at = models.DateTimeField(db_comment="何时订阅；更早的事不推，除非补推")
    made_by = models.ForeignKey(
        "access.Person", null=True, on_delete=models.PROTECT, related_name="+", db_comment="谁订阅的；空为命令行"
    )
    stopped_at = models.DateTimeField(null=True, db_comment="何时停的；空为在推")
    stopped_for = models.CharField(max_length=20, blank=True, db_comment="为什么停：asked有人停的，failures连续失败")
    failing_since = models.DateTimeField(null=True, db_comment="从何时起一直失败；空为最近一次成功")
    failures = models.IntegerField(default=0, db_comment="连续失败几次")
    next_at = models.DateTimeField(null=True, db_comment="失败后何时再试")
    job_at = models.DateTimeField(null=True, db_comment="已经排了几时的发送任务；空为没有排")
    busy_until = models.DateTimeField(null=True, db_comment="正在发送，最迟到何时；过了就是断了")
    last_status = models.IntegerField(null=True, db_comment="对方最近一次的状态码；空为没有回应")
    last_error = models.CharField(max_length=200, blank=True, db_comment="最近一次失败的说法")
    last_good_at = models.DateTimeField(null=True, db_comment="最近一次成功的时刻")

    class Meta:
        db_table_comment = "推送的订阅"
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_for="")
                | Q(stopped_at__isnull=False, stopped_for__in=["asked", "failures"]),
                name="webhooks_stopped_for_something",
            )
        ]

    def __str__(self) -> str:
        """By name."""
        return self.name

    @property
    def is_on(self) -> bool:
        """Is it told?"""
        return self.stopped_at is None


class Delivery(models.Model):
    """一次推送 — one entry for one subscription: to be sent, or sent."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="deliveries", db_comment="哪个订阅"
    )
    entry_id = models.BigIntegerField(db_comment="日志的条目")
    subject = models.CharField(max_length=100, db_comment="主体")
    kind = models.CharField(max_length=60, db_comment="事实的名称")
    at = models.DateTimeField(db_comment="事情发生的时刻")
    sent_at = models.DateTimeField(null=True, db_comment="何时送到；空为待送")
    tries = models.IntegerField(default=0, db_comment="试过几次")
    next_at = models.DateTimeField(null=True, db_comment="失败后何时再试；空为轮到就送")
    failing_since = models.DateTimeField(null=True, db_comment="第一次失败的时刻")
    given_up_at = models.DateTimeField(null=True, db_comment="何时不再送：别的都收，只有它总被拒")

    class Meta:
        db_table_comment = "推送的条目"
        constraints = [models.UniqueConstraint(fields=["subscription", "entry_id"], name="webhooks_delivered_once")]
        indexes = [
            models.Index(
                fields=["subscription", "entry_id"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="webhooks_waiting",
            ),
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="webhooks_sent"),
        ]

    def __str__(self) -> str:
        """By its id outside."""
        return self.key

    @property
    def key(self) -> str:
        """The id the receiver knows it by; the same however often it is sent."""
        return f"wh_{self.subscription_id}_{self.entry_id}"
