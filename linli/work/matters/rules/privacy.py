"""个人信息 — how long each part is kept, and when a request to delete may be refused."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from linli.kernel.rules import Code, Refers, RuleItem, RuleList
from linli.work.matters.rules.kinds import Numbered


class ErasureRefusals(RuleList[Numbered]):
    """不能删除个人信息的情形."""

    key: ClassVar[str] = "lists/erasure_refusals"


Part = Literal["contact", "words", "photos"]
PARTS: tuple[Part, ...] = ("contact", "words", "photos")
"""What identifies somebody in a matter, each with a period of its own."""


class Retention(RuleItem):
    """保存期限 — for how many days after its end a matter keeps who brought it, their words' personal details, its photos."""

    category: Annotated[Code, Refers("matters/categories")] | None = None
    contact_days: Annotated[int, Field(ge=1, le=36_500)]
    words_days: Annotated[int, Field(ge=1, le=36_500)]
    photos_days: Annotated[int, Field(ge=1, le=36_500)]

    def days(self, part: Part) -> int:
        """Of one part."""
        found: int = getattr(self, f"{part}_days")
        return found


class Retentions(RuleList[Retention]):
    """保存期限表."""

    key: ClassVar[str] = "matters/retention"

    @model_validator(mode="after")
    def _leaves_no_gap(self) -> Self:
        if [item.category for item in self.items].count(None) != 1:
            raise ValueError("兜底的保存期限要有一条，也只有一条：不带 category，三项天数齐全")
        named = [item.category for item in self.items if item.category]
        for category in named:
            if named.count(category) > 1:
                raise ValueError(f"不止一条管类别“{category}”；合并成一条")
        return self

    @property
    def general(self) -> Retention:
        """The one for every category without its own."""
        return next(item for item in self.items if item.category is None)

    def rule_for(self, category: str) -> Retention:
        """The category's own, or the general one."""
        return next((item for item in self.items if item.category == category), self.general)
