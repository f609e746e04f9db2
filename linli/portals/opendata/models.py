"""What was published, byte for byte: it is served from here, and never made again."""

from django.db import models


class Publication(models.Model):
    """公开的一个月 — the file, how many it holds and how many it leaves out, and under which rule."""

    month = models.DateField(primary_key=True, db_comment="哪个月（当月一日）")
    published_at = models.DateTimeField(db_comment="何时公开")
    rule = models.CharField(max_length=160, db_comment="所据的规矩（版本）")
    k = models.IntegerField(db_comment="每组至少几件")
    total = models.IntegerField(db_comment="当月登记的件数（不含举报）")
    rows = models.IntegerField(db_comment="公开了几件")
    suppressed = models.IntegerField(db_comment="因凑不足一组没有公开的件数")
    steps = models.JSONField(db_comment="每种精细程度各几件")
    content = models.BinaryField(db_comment="文件（CSV，gzip 压缩）")
    size = models.IntegerField(db_comment="文件的字节数（未压缩）")
    sha256 = models.CharField(max_length=64, db_comment="文件的哈希（未压缩）")

    class Meta:
        db_table_comment = "公开的月度数据"

    def __str__(self) -> str:
        """Which month."""
        return f"{self.month:%Y-%m}"
