"""派单和职责清单 — which body a matter goes to, and whose duty it is."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from linli.kernel.rules import Code, Named, Refers, RuleItem, RuleList
from linli.work.matters.rules.levels import LEVELS


class Route(RuleItem):
    """承办 — for one category, the function of the body that answers at each level. Its code is the category's."""

    code: Annotated[Code, Refers("matters/categories")]
    community: Annotated[Code, Refers("bodies/functions")] | None = None
    township: Annotated[Code, Refers("bodies/functions")] | None = None
    county: Annotated[Code, Refers("bodies/functions")] | None = None
    city: Annotated[Code, Refers("bodies/functions")] | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not (self.township or self.county):
            raise ValueError("乡镇和县两级都没有承办的职能；至少写 township 或 county 一项")
        return self


class Routing(RuleList[Route]):
    """承办职能表."""

    key: ClassVar[str] = "matters/routing"

    def function_for(self, category: str, level: int) -> tuple[str, int] | None:
        """Who answers for a category at a level: the function and the level it stands at, or of the next above.

        None for a category without a route: the dispatcher decides.
        """
        route = self.find(category)
        if route is None:
            return None
        for name, number in (("community", 4), ("township", 3), ("county", 2), ("city", 1)):
            function = getattr(route, name)
            if number <= level and function:
                return function, number
        return None


class Duty(Named):
    """职责事项 — what a level owns (自办), or only helps with (协办), of a category; and what was taken back above (上级收回)."""

    category: Annotated[Code, Refers("matters/categories")]
    level: Literal["community", "township"]
    part: Literal["owns", "assists", "recalled"]


class Duties(RuleList[Duty]):
    """职责事项清单 — outranks the table of functions on who may be sent what."""

    key: ClassVar[str] = "matters/duties"

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        places = [(item.category, item.level) for item in self.items]
        for item in self.items:
            if places.count((item.category, item.level)) > 1:
                raise ValueError(f"“{item.category} / {item.level}”不止一条；一级对一类只能自办、协办或者收回")
        return self

    def duty(self, category: str, level: int) -> Duty | None:
        """The line about a category at a level."""
        return next((each for each in self.items if each.category == category and LEVELS[each.level] == level), None)
