"""What is stored of the traffic with the hotline. A ticket's words and caller are the matter's, and nowhere twice."""

from django.db import models
from django.db.models import Q


class Ticket(models.Model):
    """热线工单 — one ticket of the other side, and the matter it became."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    foreign = models.CharField(max_length=40, unique=True, db_comment="热线的工单编号")
    number = models.CharField(max_length=20, unique=True, db_comment="成为哪一件诉求")
    day = models.DateField(db_comment="热线哪天转来（对账按这一天）")
    answer_by = models.DateTimeField(null=True, db_comment="热线写明的办理时限；空为未写")
    digest = models.CharField(max_length=64, db_comment="内容的摘要：重送的和改动的分得清")
    way = models.CharField(max_length=10, db_comment="怎么来的：http 或 file")
    received_at = models.DateTimeField(db_comment="何时收下")

    class Meta:
        db_table_comment = "热线转来的工单"
        indexes = [models.Index(fields=["day", "foreign"], name="hotline_ticket_day")]

    def __str__(self) -> str:
        """By its number there."""
        return self.foreign


class Message(models.Model):
    """回传 — one thing the hotline is to be told about a ticket. Its mark is its identity, however often it is sent."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages", db_comment="哪张工单")
    mark = models.CharField(max_length=40, unique=True, db_comment="消息的标识：重发时不变")
    status = models.CharField(max_length=20, db_comment="什么进展（hotline/statuses）")
    of = models.CharField(max_length=20, blank=True, db_comment="据哪件诉求的日志：并案后是主件的；空为工单自己的")
    seq = models.IntegerField(default=0, db_comment="据诉求日志的第几条；0 为不据日志")
    at = models.DateTimeField(db_comment="事情发生的时刻")
    sent_at = models.DateTimeField(null=True, db_comment="对方何时收下")
    tries = models.IntegerField(default=0, db_comment="试过几次")
    refused = models.CharField(max_length=300, blank=True, db_comment="对方不收的原因；空为没有被拒")

    class Meta:
        db_table_comment = "回传热线的消息"
        indexes = [
            models.Index(fields=["ticket", "id"], condition=Q(sent_at__isnull=True, refused=""), name="hotline_unsent")
        ]

    def __str__(self) -> str:
        """By its mark."""
        return f"{self.mark} {self.status}"


class HandBack(models.Model):
    """退回热线 — we say that a ticket is not ours. Until the hotline agrees it is handled like any other."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="hand_backs", db_comment="哪张工单")
    reason = models.CharField(max_length=60, db_comment="理由（hotline/returns）")
    words = models.CharField(max_length=500, db_comment="说明")
    person = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+", db_comment="谁申请的")
    asked_at = models.DateTimeField(db_comment="何时申请")
    agreed = models.BooleanField(null=True, db_comment="热线是否同意；空为未答")
    answer = models.CharField(max_length=500, blank=True, db_comment="热线的说明")
    answered_at = models.DateTimeField(null=True, db_comment="热线何时答复")

    class Meta:
        db_table_comment = "退回热线的申请"
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(agreed__isnull=True), name="hotline_one_hand_back")
        ]

    def __str__(self) -> str:
        """Which ticket."""
        return f"退回 {self.ticket_id}"


class HandOver(models.Model):
    """移交热线 — one of our own matters that is not ours to handle: the hotline takes it, and gives it a number there."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    number = models.CharField(max_length=20, db_comment="哪件诉求")
    exclusion = models.CharField(
        max_length=30, unique=True, db_comment="据哪一次不予受理（移交的情形）：一次只移交一次"
    )
    reason = models.CharField(max_length=160, db_comment="情形的依据")
    day = models.DateField(db_comment="哪天移交（对账按这一天）")
    at = models.DateTimeField(db_comment="何时移交")
    foreign = models.CharField(max_length=40, blank=True, db_comment="热线给的工单编号；空为还没有给")
    contact = models.BooleanField(default=False, db_comment="联系方式是否一并转去（举报的不转）")
    sent_at = models.DateTimeField(null=True, db_comment="热线何时收下，或何时写进移交文件")
    tries = models.IntegerField(default=0, db_comment="试过几次")
    refused = models.CharField(max_length=300, blank=True, db_comment="热线不收的原因；空为没有被拒")
    status = models.CharField(max_length=40, blank=True, db_comment="热线最近说的状态代码")
    recalled_at = models.DateTimeField(null=True, db_comment="何时收回（复核认为该由我方办）")
    recall_sent_at = models.DateTimeField(null=True, db_comment="热线何时知道已收回")

    class Meta:
        db_table_comment = "移交热线的诉求"
        indexes = [
            models.Index(fields=["day", "id"], name="hotline_handover_day"),
            models.Index(fields=["number", "id"], name="hotline_handover_number"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["foreign"], condition=~Q(foreign=""), name="hotline_handover_foreign_once")
        ]

    def __str__(self) -> str:
        """By our number."""
        return f"移交 {self.number}"

    @property
    def mark(self) -> str:
        """Its identity, however often it is sent."""
        return f"over-{self.pk}"


class Progress(models.Model):
    """移交后的进展 — one thing the hotline said of what was handed over: heard once. Its words are the matter's."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    mark = models.CharField(max_length=64, unique=True, db_comment="对方给的标识，文件里没有的是这一行的摘要")
    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="heard", db_comment="哪件移交")
    status = models.CharField(max_length=40, db_comment="状态代码")
    at = models.DateTimeField(db_comment="何时听到")

    class Meta:
        db_table_comment = "热线对移交诉求说的进展"

    def __str__(self) -> str:
        """What, by its mark."""
        return f"{self.status} {self.mark}"


class Order(models.Model):
    """热线的指令 — what the other side asked for about a ticket: done once, and answered the same whenever asked again."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    mark = models.CharField(max_length=60, unique=True, db_comment="对方给的标识")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="orders", db_comment="哪张工单")
    act = models.CharField(max_length=20, db_comment="要求什么：redo、urge、add、take_back、keep")
    at = models.DateTimeField(db_comment="何时办的")

    class Meta:
        db_table_comment = "热线的指令"

    def __str__(self) -> str:
        """What, by its mark."""
        return f"{self.act} {self.mark}"


class Nonce(models.Model):
    """一次性标记 — of a signed request; the same one is not heard twice."""

    value = models.CharField(max_length=64, primary_key=True, db_comment="标记")
    at = models.DateTimeField(db_comment="何时用的")

    class Meta:
        db_table_comment = "热线签名请求用过的一次性标记"
        indexes = [models.Index(fields=["at"], name="hotline_nonce_at")]

    def __str__(self) -> str:
        """As given."""
        return self.value


class Comparison(models.Model):
    """对账 — both sides' lists of one day laid beside each other, each time it was done."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    day = models.DateField(db_comment="哪天的工单")
    at = models.DateTimeField(db_comment="何时对的")
    theirs = models.IntegerField(null=True, db_comment="对方有几张；空为没有问到")
    ours = models.IntegerField(db_comment="我方有几张")
    taken_in = models.JSONField(default=list, db_comment="我方原缺、对账时补收的工单编号")
    missing_here = models.JSONField(default=list, db_comment="对方有、我方仍缺的：编号和原因")
    missing_there = models.JSONField(default=list, db_comment="我方有、对方没有的工单编号")
    behind = models.JSONField(default=list, db_comment="进展不一致、已重新回传的工单编号")
    over_missing = models.JSONField(default=list, db_comment="我方移交、对方没有、已重新移交的诉求编号")
    over_heard = models.JSONField(default=list, db_comment="对账时才听到进展的移交诉求编号")
    problem = models.CharField(max_length=300, blank=True, db_comment="没有对成的原因")

    class Meta:
        db_table_comment = "与热线的对账"
        indexes = [models.Index(fields=["-day", "-id"], name="hotline_comparison_newest")]

    def __str__(self) -> str:
        """Which day."""
        return f"对账 {self.day}"

    @property
    def is_even(self) -> bool:
        """Do both sides have the same?"""
        return not (self.problem or self.missing_here or self.missing_there or self.behind or self.over_missing)
