"""类别、风险等级、诉求性质 — what kind of matter it is."""

from typing import Annotated, ClassVar, Self

from pydantic import model_validator

from linli.kernel.rules import Code, InEnglish, Named, Refers, RuleList, Words
from linli.work.matters.rules.levels import Level


class Numbered(Named):
    """A reason or class with the number official papers give it."""

    number: Words
    help: Words | None = None
    """One sentence for who must choose."""
    help_en: InEnglish = ""


class Groups(RuleList[Named]):
    """诉求大类."""

    key: ClassVar[str] = "matters/groups"


class Category(Named):
    """诉求类别 — one kind of thing residents ask for, in their words, and how it begins."""

    group: Annotated[Code, Refers("matters/groups")]
    words: tuple[Words, ...]
    """Wordings that point here, colloquial ones among them."""
    examples: tuple[Words, ...]
    request_class: Annotated[Code, Refers("lists/request_classes")]
    risk: Annotated[Code, Refers("lists/risks")]
    public: bool
    """Whether others may see it by default: never where a household, money or an accusation is the subject."""
    solvable_at: Level
    """The lowest level that usually can settle it; proposals begin there."""
    function: Annotated[Code, Refers("bodies/functions")]
    """What the body that handles it is for."""
    is_report: bool = False
    """举报: the handling body never sees who reported."""

    @model_validator(mode="after")
    def _a_report_stays_out_of_sight(self) -> Self:
        if self.is_report and self.public:
            raise ValueError("举报不公开；public 写成 false")
        return self


class Categories(RuleList[Category]):
    """诉求类别."""

    key: ClassVar[str] = "matters/categories"


class RequestClass(Numbered):
    """诉求性质 — consultation, help, complaint …"""

    words: tuple[Words, ...] = ()


class RequestClasses(RuleList[RequestClass]):
    """诉求性质."""

    key: ClassVar[str] = "lists/request_classes"


class Risk(Numbered):
    """风险等级."""

    rank: int
    words: tuple[Words, ...] = ()
    """Wordings that raise a matter to this risk whatever its category."""


class Risks(RuleList[Risk]):
    """风险等级."""

    key: ClassVar[str] = "lists/risks"
