"""对照表 — how the hotline's fields, categories and statuses are called, and why a ticket may go back. All of it is data."""

from typing import Annotated, Any, ClassVar, Literal

from linli.kernel.rules import Code, InEnglish, Named, Refers, RuleItem, RuleList, Words

FieldCode = Literal[
    "number", "called_at", "text", "place", "category", "name", "phone", "lon", "lat", "answer_by", "status"
]
FIELDS: tuple[FieldCode, ...] = (
    "number", "called_at", "text", "place", "category", "name", "phone", "lon", "lat", "answer_by", "status",
)  # fmt: skip


class Field(Named):
    """字段 — one field of a ticket: its heading in files, its name in JSON."""

    code: FieldCode
    json_name: Words
    required: bool = False
    also: tuple[Words, ...] = ()
    """Other headings by which the same column is known."""


class Fields(RuleList[Field]):
    """热线工单的字段对照."""

    key: ClassVar[str] = "hotline/fields"


class Status(Named):
    """进展 — what the hotline calls it and by which code."""

    value: Words


class Statuses(RuleList[Status]):
    """回传热线的进展."""

    key: ClassVar[str] = "hotline/statuses"


class Return(Named):
    """退回的理由."""

    help: Words | None = None
    help_en: InEnglish = ""


class Returns(RuleList[Return]):
    """退回热线的理由."""

    key: ClassVar[str] = "hotline/returns"


class TheirCategory(RuleItem):
    """热线的分类 — the words they use for one of our categories."""

    category: Annotated[Code, Refers("matters/categories")]
    theirs: tuple[Words, ...]


class TheirCategories(RuleList[TheirCategory]):
    """热线分类的对照."""

    key: ClassVar[str] = "hotline/categories"

    def ours(self, theirs: str) -> str:
        """Our category of their words; empty where the list does not say."""
        return next((item.category for item in self.items if theirs in item.theirs), "")


LISTS: tuple[type[RuleList[Any]], ...] = (Fields, Statuses, Returns, TheirCategories)
"""Every list this gateway declares to the rulebook."""
