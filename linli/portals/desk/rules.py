"""工作台的清单 — the views a post begins with and the standard texts a city offers. Plain Python."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import StringConstraints, model_validator

from linli.kernel.rules import Code, InEnglish, Named, Refers, RuleList, Words

View = Literal["mine", "triage", "overdue", "soon", "open", "answered", "verified", "ended", "all"]
PLACEHOLDERS = ("编号", "标题", "地点", "类别", "期限", "单位", "电话", "今天")
"""What a standard text may leave open: the matter's number, title, place, category, last day, body, its phone; the day."""
ENGLISH = ("number", "title", "place", "category", "due", "body", "phone", "today")
"""The same as an English text calls them."""
_OPEN = re.compile(r"[{\uff5b]([^{}\uff5b\uff5d]*)[}\uff5d]")  # Also as a Chinese keyboard writes them.

Verb = Literal["answer", "redo", "raise_up", "object", "ask_extension", "carry", "settle", "add"]


def unknown_in(text: str) -> list[str]:
    """The placeholders of a text that nothing fills."""
    return [each for each in dict.fromkeys(_OPEN.findall(text)) if each.strip() not in {*PLACEHOLDERS, *ENGLISH}]


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled; one that nothing is known for stays, for the person to see."""
    known = values | {each: values.get(name, "") for each, name in zip(ENGLISH, PLACEHOLDERS, strict=True)}
    return _OPEN.sub(lambda found: known.get(found[1].strip(), "") or found[0], text)


class DeskView(Named):
    """默认的常用筛选 — filters and order that a kind of post begins with."""

    posts: tuple[Annotated[Code, Refers("posts/posts")], ...]
    view: View = "open"
    category: Annotated[Code, Refers("matters/categories")] | None = None
    risk: Literal[0, 1, 2, 3] | None = None
    words: Annotated[str, StringConstraints(max_length=40)] = ""
    order: Literal["due", "new", "moved"] = "due"


class DeskViews(RuleList[DeskView]):
    """各岗位默认的常用筛选."""

    key: ClassVar[str] = "desk/views"


class StandardText(Named):
    """常用语 — one standard text, for a step or for all."""

    text: Words
    text_en: InEnglish = ""
    verb: Verb | None = None

    @model_validator(mode="after")
    def _names_only_what_is_known(self) -> Self:
        if unknown := unknown_in(self.text):
            known = "、".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValueError(f"不认识占位 {'、'.join(unknown)}；可以用的有 {known}")
        return self


class StandardTexts(RuleList[StandardText]):
    """常用语."""

    key: ClassVar[str] = "desk/phrases"


LISTS: tuple[type[RuleList[Any]], ...] = (DeskViews, StandardTexts)
"""Every list this portal declares to the rulebook."""
