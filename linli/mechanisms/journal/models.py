"""Entries, the readers' cursors, what was parked, and the daily seals."""

from typing import Any

from django.db import models


class TransactionId(models.Field):  # type: ignore[type-arg]  # Not subscriptable at run time.
    """PostgreSQL's 64-bit transaction number: what lets a reader know that nothing earlier can still commit."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002  Django's signature.
        """Xid8: never wraps round."""
        return "xid8"

    def from_db_value(self, value: Any, *_: Any) -> int | None:
        """Psycopg hands an xid8 over as text."""
        return None if value is None else int(value)


class Entry(models.Model):
    """日志条目 — one fact about one subject. Written by service.append only; the database refuses every change."""

    id = models.BigAutoField(primary_key=True, db_comment="序号（不保证按提交先后）")
    epoch = models.IntegerField(db_comment="数据库的第几代：从备份恢复后加一")
    txid = TransactionId(db_comment="写入它的事务号，不小于该主体上一条的：读者据此不漏、不乱")
    subject = models.CharField(max_length=100, db_comment="主体，如 matter:滨26-0417-0032")
    seq = models.IntegerField(db_comment="该主体的第几条，从1起")
    at = models.DateTimeField(db_comment="发生的时刻")
    move = models.CharField(max_length=40, blank=True, db_comment="哪个动作")
    fact = models.CharField(max_length=80, db_comment="事实的名称")
    payload = models.TextField(db_comment="事实的内容（规范JSON，不含个人信息）")
    author = models.TextField(db_comment="谁（规范JSON）")
    previous = models.BinaryField(db_comment="上一条的哈希")
    hash = models.BinaryField(db_comment="本条的哈希（SHA-256）")

    class Meta:
        db_table_comment = "日志：只增不改"
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="journal_one_entry_per_place")]
        indexes = [models.Index(fields=["epoch", "txid", "id"], name="journal_reading_order")]

    def __str__(self) -> str:
        """Name it as `linli verify` does."""
        return f"{self.subject} #{self.seq} {self.fact}"


class Incarnation(models.Model):
    """数据库的代 — transaction numbers of a restored database mean nothing in the new one; a new epoch begins."""

    number = models.IntegerField(primary_key=True, db_comment="第几代")
    began_at = models.DateTimeField(db_comment="何时开始")

    class Meta:
        db_table_comment = "数据库的代"

    def __str__(self) -> str:
        """Say which."""
        return f"第{self.number}代"


class Cursor(models.Model):
    """读者的位置 — how far a reader has heard. Moved in the same transaction as what the reader did."""

    reader = models.CharField(max_length=60, primary_key=True, db_comment="读者")
    epoch = models.IntegerField(default=0, db_comment="读到的代")
    txid = models.BigIntegerField(default=0, db_comment="读到的事务号")
    entry_id = models.BigIntegerField(default=0, db_comment="读到的条目")
    tries = models.IntegerField(default=0, db_comment="当前条目失败了几次")
    retry_at = models.DateTimeField(null=True, db_comment="何时再试")
    last_error = models.TextField(blank=True, db_comment="上次的错误")

    class Meta:
        db_table_comment = "日志读者的位置"

    def __str__(self) -> str:
        """Name the reader."""
        return self.reader


class Parked(models.Model):
    """搁置的条目 — an entry one reader failed on again and again. Later entries of that subject wait behind it; others do not."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    reader = models.CharField(max_length=60, db_comment="读者")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_comment="条目")
    subject = models.CharField(max_length=100, db_comment="主体")
    parked_at = models.DateTimeField(db_comment="何时搁置")
    error = models.TextField(db_comment="最后的错误")

    class Meta:
        db_table_comment = "读者搁置的日志条目"
        constraints = [models.UniqueConstraint(fields=["reader", "entry"], name="journal_parked_once")]
        indexes = [models.Index(fields=["reader", "subject"], name="journal_parked_subject")]

    def __str__(self) -> str:
        """Name the reader and the entry."""
        return f"{self.reader}: {self.subject}"


class Seal(models.Model):
    """封条 — the Merkle root over the heads of every subject that changed since the seal before."""

    number = models.AutoField(primary_key=True, db_comment="第几张封条")
    sealed_at = models.DateTimeField(db_comment="何时封存")
    from_epoch = models.IntegerField(db_comment="自（代）")
    from_txid = models.BigIntegerField(db_comment="自（事务号）")
    to_epoch = models.IntegerField(db_comment="至（代）")
    to_txid = models.BigIntegerField(db_comment="至（事务号，不含）")
    entries = models.IntegerField(db_comment="其间的条目数")
    root = models.BinaryField(db_comment="默克尔树根")
    blocks = models.BinaryField(
        default=b"", db_comment="每1024片叶的子树根，连写：出示证明时不必读整棵树；可由链头重算"
    )
    previous = models.BinaryField(db_comment="上一张封条的哈希")
    hash = models.BinaryField(db_comment="本封条的哈希")

    class Meta:
        db_table_comment = "日志的每日封条"

    def __str__(self) -> str:
        """Name it."""
        return f"封条 {self.number}"


class SealedHead(models.Model):
    """封存的链头 — the last entry of one subject under one seal: a leaf of its tree."""

    id = models.BigAutoField(primary_key=True, db_comment="序号")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, db_comment="封条")
    position = models.IntegerField(db_comment="第几片叶，从1起")
    subject = models.CharField(max_length=100, db_comment="主体")
    seq = models.IntegerField(db_comment="链头是第几条")
    hash = models.BinaryField(db_comment="链头的哈希")

    class Meta:
        db_table_comment = "封条下的链头"
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="journal_leaf_once")]
        indexes = [models.Index(fields=["subject", "-seal"], name="journal_sealed_subject")]

    def __str__(self) -> str:
        """Name the leaf."""
        return f"{self.subject} #{self.seq}"
