"""What all shapes are made of: moments, days, codes, names, and the refusal."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from linli.kernel import clock
from linli.kernel.rules import CODE_PATTERN
from linli.kernel.text import translatable
from linli.work.matters.words import LONGEST

_DIGITS = re.compile(r"\A[0-9]{1,16}\Z", re.ASCII)
_INSTANT = re.compile(r"\A\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)
_DAY = re.compile(r"\A\d{4}-\d{2}-\d{2}\Z", re.ASCII)
BIGGEST = 9_007_199_254_740_991
"""The largest whole number every JSON reader keeps exactly."""


def _whole(value: object) -> object:
    """A query has only text: digits, and nothing that int() would forgive."""
    if isinstance(value, str) and not _DIGITS.match(value):
        raise ValueError("not a whole number")
    return value


def _chosen(value: object) -> object:
    """One of a few whole numbers, out of a query's text."""
    return int(str(_whole(value))) if isinstance(value, (str, int)) else value


def _integer(value: object) -> object:
    """A whole number as JSON Schema has it: 3 and 3.0, but neither "3" nor true."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")  # noqa: TRY004  pydantic tells of no other.
    return value


def _instant(value: object) -> object:
    """2026-11-23T09:30:00+08:00; never a number of seconds, never without an offset."""
    if not isinstance(value, datetime) and not (isinstance(value, str) and _INSTANT.match(value)):
        raise ValueError("not a moment like 2026-11-23T09:30:00+08:00")
    return value


def _day(value: object) -> object:
    """2026-11-23; never a number of seconds."""
    if not isinstance(value, date) and not (isinstance(value, str) and _DAY.match(value)):
        raise ValueError("not a day like 2026-11-23")
    return value


def _city_time(value: datetime) -> datetime:
    return value.astimezone(clock.CITY).replace(microsecond=0)


Moment = Annotated[datetime, AfterValidator(_city_time)]
"""In the city's time, with its offset."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Number = Annotated[int, Field(ge=1, le=BIGGEST), BeforeValidator(_whole)]
"""Of a row, in a query."""
Behind = Annotated[int, Field(ge=0, le=BIGGEST), BeforeValidator(_whole)]
Risk = Annotated[int, Field(ge=0, le=3), BeforeValidator(_whole)]
Metres = Annotated[Literal[50, 100, 300], BeforeValidator(_chosen)]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Level = Annotated[int, Field(ge=1, le=5), BeforeValidator(_whole)]
Edition = Annotated[int, Field(ge=1, le=999_999_999), BeforeValidator(_whole)]
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,24}$")]
Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{6})?_[0-9]{1,15}$")]
Said = Annotated[str, StringConstraints(max_length=LONGEST)]
BodyNumber = Annotated[int, Field(ge=1, le=BIGGEST), BeforeValidator(_integer)]
Piece = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Grade = Annotated[int, Field(ge=1, le=5), BeforeValidator(_integer)]
Days = Annotated[int, Field(ge=1, le=365), BeforeValidator(_integer)]


class Sent(BaseModel):
    """What a caller sends: an unknown field is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


def example(**values: Any) -> ConfigDict:
    """Of what is sent."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [values]})


class NamedCode(BaseModel):
    """A code of one of the city's lists, and its name."""

    code: str = Field(description=translatable("代码"))
    name: str = Field(description=translatable("名称，按 Accept-Language"))


class BodyName(BaseModel):
    """A body."""

    id: int = Field(description=translatable("单位的序号"))
    name: str = Field(description=translatable("简称"))


class AreaName(BaseModel):
    """An area."""

    code: str = Field(description=translatable("区域代码"))
    name: str = Field(description=translatable("名称"))
    level: int = Field(description=translatable("层级：1市2县区3镇街4村居5网格"))


class Cited(BaseModel):
    """A rule as it was when it was applied."""

    rule: str = Field(description=translatable("引用，如 matters/limits v1 #streetlight"))
    title: str = Field(description=translatable("清单的名称和版本"))
    url: str = Field(description=translatable("公开页面的地址"))
    assumed: str = Field(description=translatable("暂定的理由；空为已定"))


class Change(BaseModel):
    """What somebody did meanwhile."""

    seq: int = Field(description=translatable("日志第几条"))
    at: datetime = Field(description=translatable("何时"))
    who: str = Field(description=translatable("哪个单位哪个岗位"))
    move: str = Field(description=translatable("动作"))
    what: str = Field(description=translatable("动作的名称"))


class Wrong(BaseModel):
    """One thing that is not as described."""

    in_: str = Field(alias="in", description=translatable("在哪里：query、path、header、body、form、file"))
    where: str = Field(description=translatable("哪一项"))
    what: str = Field(description=translatable("怎么不对"))


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/api/#not-now", "title": "现在还不能这样办", "status": 409,
                    "detail": "现在不能“受理”：现在是“办理中”（柳林街道城管办 承办人 吴城管，11-23 09:10）。请刷新后再看。",
                    "remedy": "重新读一遍这件事，看 moves 里现在能做什么。",
                }
            ]
        }
    )  # fmt: skip
    type: str = Field(description=translatable("哪一种拒绝，见 /api/"))
    title: str = Field(description=translatable("这一种拒绝的名称"))
    status: int = Field(description=translatable("状态码"))
    detail: str = Field(description=translatable("拒绝了什么、为什么，同页面上的一句话"))
    remedy: str = Field(description=translatable("怎么办"))
    errors: list[Wrong] | None = Field(default=None, description=translatable("不合格式的各处"))
    found: list[str] | None = Field(
        default=None, description=translatable("您的话里像是个人信息的几处，只在 personal 里有")
    )
    changes: list[Change] | None = Field(default=None, description=translatable("您读过以后别人做了什么"))


MatterNumber = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x20/\x7f]{1,4}[0-9]{2}-[0-9]{4}-[0-9]{4,6}$")
]  # fmt: skip
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
