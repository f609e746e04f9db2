"""规则清单 — the shape every list of the rulebook shares: a dated head with a basis, and items with stable codes.

A list is data a city may change; a schema here says only what such a list must look like. An app declares its
lists by deriving from RuleList in its own `rules.py`. The sentences a validator raises are read by the official
who keeps the list, so they are Chinese and say how to mend it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar, get_args
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

CODE_PATTERN = r"^[a-z0-9]+([_.-][a-z0-9]+)*$"
KEY_PATTERN = r"^[a-z0-9_-]+(/[a-z0-9_-]+)+$"

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN, max_length=80)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=1000)]
InEnglish = Annotated[str, StringConstraints(max_length=1000)]
"""The English of the field of the same name without `_en`; may be left out."""


def _plausible(day: date) -> date:
    if not date(1949, 10, 1) <= day <= date(2100, 1, 1):
        raise ValueError(f"{day} 不像一个施行日期；请写成 2026-01-01 这样的真实日期")
    return day


class Status(StrEnum):
    """Whether the city has adopted a rule, or linli assumes it until the city says."""

    ADOPTED = "adopted"
    ASSUMED = "assumed"


class UnknownCodeError(LookupError):
    """A code is asked for that the list, in this version, does not have."""


@dataclass(frozen=True)
class Refers:
    """Marks a field that holds a code of another list: `Annotated[Code, Refers("bodies/functions")]`."""

    key: str


@dataclass(frozen=True)
class Reference:
    """One use of another list's code: where in the content it stands, and what it points to."""

    where: tuple[str | int, ...]
    key: str
    code: str


@dataclass(frozen=True, order=True)
class RuleRef:
    """One version of one list; what every decision stores beside itself. Its text is "matters/limits v3"."""

    key: str
    version: int

    _TEXT: ClassVar[re.Pattern[str]] = re.compile(r"^(?P<key>\S+) v(?P<version>[1-9]\d{0,8})(?: #(?P<code>\S+))?$")

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def item(self, code: str) -> str:
        """One item of this version, as stored and shown: "matters/limits v3 #streetlight"."""
        return f"{self} #{code}"

    def url(self, code: str = "") -> str:
        """The public page of this version, at the item."""
        page = f"/rules/{quote(self.key)}/v{self.version}/"
        return f"{page}#{quote(code)}" if code else page

    @classmethod
    def parse(cls, text: str) -> tuple[Self, str]:
        """The reference and the item's code ("" if none) back from their text. Raises ValueError."""
        found = cls._TEXT.match(text)
        if found is None:
            raise ValueError(f"{text!r} 不是规则引用；应像 “matters/limits v3 #streetlight”")
        return cls(found["key"], int(found["version"])), found["code"] or ""


class Worded(BaseModel):
    """What people read: in the city's language and, where the pack gives it, in English (`name`, `name_en`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    def said(self, part: str, *, english: bool) -> str:
        """One of its texts, in English if that is asked and given; empty where it says nothing."""
        given = getattr(self, f"{part}_en", "") if english else ""
        return str(given or getattr(self, part, None) or "")


class RuleItem(Worded):
    """条目 — one line of a list. Its code never changes meaning; its own basis and status outrank the list's."""

    code: Code
    basis: Sentence | None = None
    status: Status | None = None
    reason: Sentence | None = None
    reason_en: InEnglish = ""

    @model_validator(mode="after")
    def _an_assumption_says_why(self) -> Self:
        if self.status is Status.ASSUMED and not self.reason:
            raise ValueError("status 是 assumed（暂定）却没有 reason；请写明为何暂定、待谁确定")
        return self

    def why(self, part: str = "", *, english: bool = False) -> str:
        """Why it is assumed; of a line that says several things, why this one of them is, where it tells them apart."""
        del part
        return self.said("reason", english=english)


class Named(RuleItem):
    """An item people see by name, in Chinese and, where given, in English."""

    name: Words
    name_en: InEnglish = ""


Item = TypeVar("Item", bound=RuleItem)


class RuleList(Worded, Generic[Item]):
    """清单 — one file of the pack, one key of the rulebook: since when, on what basis, and the items."""

    key: ClassVar[str] = ""
    """The key of the list this schema describes, or "calendar/*" for a family of lists of one shape."""

    list_key: Key = Field(alias="list")
    title: Words
    title_en: InEnglish = ""
    in_force: Annotated[date, AfterValidator(_plausible)]
    basis: Sentence
    status: Status
    reason: Sentence | None = None
    reason_en: InEnglish = ""
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _an_assumption_says_why(self) -> Self:
        if self.status is Status.ASSUMED and not self.reason:
            raise ValueError("status 是 assumed（暂定）却没有 reason；请写明为何暂定、待谁确定")
        return self

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        if not self.items:
            raise ValueError("items 是空的；清单至少要有一个条目")
        twice = sorted(code for code, times in Counter(item.code for item in self.items).items() if times > 1)
        if twice:
            raise PydanticCustomError(
                "duplicate_code", "代码 {codes} 用了不止一次；每个条目要有自己的代码", {"codes": "、".join(twice)}
            )
        return self

    @cached_property
    def by_code(self) -> dict[str, Item]:
        """The items by their code."""
        return {item.code: item for item in self.items}

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def item(self, code: str) -> Item:
        """The item of this code. Raises UnknownCodeError."""
        try:
            return self.by_code[code]
        except KeyError:
            raise UnknownCodeError(f"“{self.title}”里没有代码 {code}") from None

    def find(self, code: str | None) -> Item | None:
        """The item of this code, or None."""
        return self.by_code.get(code or "")

    def basis_of(self, item: RuleItem) -> str:
        """The item's own basis, or the list's."""
        return item.basis or self.basis

    def status_of(self, item: RuleItem) -> Status:
        """The item's own status, or the list's."""
        return item.status or self.status

    def reason_of(self, item: RuleItem, part: str = "", *, english: bool = False) -> str:
        """Why the item is assumed, or the one `part` of it that is used; empty where it is adopted."""
        if not self.is_assumed(item):
            return ""
        return item.why(part, english=english) if item.reason else self.said("reason", english=english)

    def is_assumed(self, item: RuleItem) -> bool:
        """Whether the city has not yet adopted this item."""
        return self.status_of(item) is Status.ASSUMED

    @property
    def assumed(self) -> tuple[Item, ...]:
        """The items that stand on an assumption."""
        return tuple(item for item in self.items if self.is_assumed(item))

    def references(self) -> Iterator[Reference]:
        """Every code of another list that this one uses."""
        yield from references(self)


AnyRuleList = RuleList[Any]


def references(value: Any, where: tuple[str | int, ...] = ()) -> Iterator[Reference]:
    """Walk a parsed list and yield what its fields marked with Refers point to."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            place = (*where, field.alias or name)
            marks = [mark for mark in field.metadata if isinstance(mark, Refers)]
            yield from _marked(getattr(value, name), field.annotation, marks, place)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from references(item, (*where, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references(item, (*where, str(key)))


def _marked(value: Any, hint: Any, marks: list[Refers], where: tuple[str | int, ...]) -> Iterator[Reference]:
    """A field's value against its annotation: marks may stand on the field or inside tuple[…], dict[…] and unions."""
    arguments = get_args(hint)
    marks = marks + [mark for mark in arguments if isinstance(mark, Refers)]
    if isinstance(value, str):
        inner = marks + [mark for option in arguments for mark in get_args(option) if isinstance(mark, Refers)]
        for mark in inner:
            yield Reference(where, mark.key, value)
    elif isinstance(value, (list, tuple)):
        options = [option for option in arguments if option is not Ellipsis]
        for index, item in enumerate(value):
            if isinstance(item, BaseModel):
                yield from references(item, (*where, index))
            else:
                yield from _marked(item, options[0] if options else None, marks, (*where, index))
    elif isinstance(value, dict):
        key_hint, value_hint = arguments if len(arguments) == 2 else (None, None)
        for key, item in value.items():
            yield from _marked(key, key_hint, [], (*where, str(key)))
            yield from _marked(item, value_hint, marks, (*where, str(key)))
    else:
        yield from references(value, where)
