"""等级 — the steps of pressing (督办): a list in which one grade comes after the other. Plain data, whatever is pressed."""

from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field, model_validator

from linli.kernel.rules import Named, RuleList


class Grade(Named):
    """督办等级 — one step of pressing."""

    rank: Annotated[int, Field(ge=1, le=9)]


Step = TypeVar("Step", bound=Grade)


class GradeList(RuleList[Step], Generic[Step]):
    """督办的等级: from the mildest (rank 1) to the gravest, none left out."""

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        if [item.rank for item in self.items] != list(range(1, len(self.items) + 1)):
            raise ValueError("督办等级要按 rank 从 1 起一级一级排列，不能缺也不能重")
        return self

    def after(self, rank: int) -> Step | None:
        """The next grade; None after the gravest."""
        return next((item for item in self.items if item.rank == rank + 1), None)

    def of_rank(self, rank: int) -> Step | None:
        """The grade of a rank."""
        return next((item for item in self.items if item.rank == rank), None)
