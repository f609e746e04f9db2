"""What is kept of text messages: which was due to which matter and what became of it. No telephone number, no text."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """短信的下落."""

    WAITING = "waiting", _("等着发")
    SENT = "sent", _("已交给运营商")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("没有送到")
    CAPPED = "capped", _("当天已够条数")
    REPEATED = "repeated", _("同样的刚发过")
    STALE = "stale", _("太晚，不发了")
    UNWANTED = "unwanted", _("本人不要")
    NOBODY = "nobody", _("没有手机号")


LEFT = (State.SENT, State.DELIVERED, State.FAILED)
"""It went out, whatever became of it: it counts for the day."""


class TextMessage(models.Model):
    """短信 — one thing one reporter was to be told. Its mark is its identity with the provider, however often it is tried."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    mark = models.CharField(max_length=40, unique=True, db_comment="标识：重试时不变，运营商据此去重")
    number = models.CharField(max_length=20, db_comment="诉求编号")
    template = models.CharField(max_length=60, db_comment="哪个模板（sms/templates）")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_comment="下落")
    who = models.CharField(max_length=64, blank=True, db_comment="号码的摘要（加密钥）：只用来数条数、认退订")
    due_at = models.DateTimeField(db_comment="事情发生的时刻")
    tried = models.IntegerField(default=0, db_comment="试过几次")
    sent_at = models.DateTimeField(null=True, db_comment="何时交给运营商")
    theirs = models.CharField(max_length=80, blank=True, db_comment="运营商的编号")
    told_at = models.DateTimeField(null=True, db_comment="运营商何时报告下落")
    problem = models.CharField(max_length=200, blank=True, db_comment="没有送到的原因")

    class Meta:
        db_table_comment = "给居民的短信"
        indexes = [
            models.Index(fields=["who", "-sent_at"], name="sms_of_a_number"),
            models.Index(fields=["theirs"], condition=~models.Q(theirs=""), name="sms_theirs"),
        ]

    def __str__(self) -> str:
        """By its mark."""
        return f"{self.mark} {self.state}"


class OptOut(models.Model):
    """退订 — a number that answered T is not written to again, whatever matter it belongs to."""

    who = models.CharField(max_length=64, primary_key=True, db_comment="号码的摘要（加密钥）")
    at = models.DateTimeField(db_comment="何时退订")

    class Meta:
        db_table_comment = "退订短信的号码"

    def __str__(self) -> str:
        """Not by number."""
        return f"退订 {self.who[:8]}"
