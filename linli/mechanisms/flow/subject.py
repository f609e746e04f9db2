"""What a model needs to have a life: a state, a version, and its name in the journal."""

from django.db import models


class Subject(models.Model):
    """主体 — a row whose state only moves change."""

    state = models.CharField(max_length=20, db_comment="状态")
    version = models.IntegerField(default=0, db_comment="版本：日志里的条数，也用于发现过期的表单")

    class Meta:
        abstract = True

    @property
    def subject(self) -> str:
        """Its name in the journal: "matter:滨26-0417-0032"."""
        raise NotImplementedError  # Each model says its own.
