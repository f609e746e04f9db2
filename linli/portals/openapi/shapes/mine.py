"""The token itself, and its holder's notices."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.pieces import AreaName, BodyName, Moment, Sent, example


class Me(BaseModel):
    """From which post this token acts, and what it may."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "数据中台", "until": "2027-02-20", "person": "李调度", "post": "township_dispatcher", "title": "调度员",
                    "body": {"id": 3, "name": "柳林街道综治中心"}, "area": {"code": "990001001000", "name": "柳林街道", "level": 3}, "scope": "area",
                    "powers": ["matters.assign", "matters.read"],
                }
            ]
        }
    )  # fmt: skip
    token: str = Field(description=translatable("令牌的名字"))
    until: date = Field(description=translatable("用到哪天（含）"))
    person: str = Field(description=translatable("谁的岗位"))
    post: str = Field(description=translatable("岗位种类"))
    title: str = Field(description=translatable("岗位名称"))
    body: BodyName = Field(description=translatable("单位"))
    area: AreaName = Field(description=translatable("区域"))
    scope: str = Field(description=translatable("管辖范围：area 区域及以下，body 派给本单位的"))
    powers: list[str] = Field(description=translatable("权限"))


class Notice(BaseModel):
    """Something the holder was told."""

    id: int = Field(description=translatable("序号"))
    kind: str = Field(description=translatable("事实的名称"))
    words: str = Field(description=translatable("怎么说的"))
    subject: str = Field(description=translatable("关于什么，如 matter:滨26-1123-0032"))
    number: str = Field(description=translatable("编号"))
    at: Moment = Field(description=translatable("何时"))
    urgent: bool = Field(description=translatable("要紧"))
    read: bool = Field(description=translatable("看过了"))


class Notices(BaseModel):
    """The newest fifty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unread": 1,
                    "items": [
                        {
                            "id": 12, "kind": "matters.MatterAssigned", "words": "派给您单位", "subject": "matter:滨26-1123-0032",
                            "number": "滨26-1123-0032", "at": "2026-11-23T09:10:00+08:00", "urgent": False, "read": False,
                        }
                    ],
                }
            ]
        }
    )  # fmt: skip
    unread: int = Field(description=translatable("没看过的，最多数到一百"))
    items: list[Notice] = Field(description=translatable("新的在前"))


class ReadNotices(Sent):
    """看过了."""

    model_config = example(subject="matter:滨26-1123-0032")
    subject: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}:[^\x00-\x20\x7f]{1,79}$")] | None = Field(
        default=None, description=translatable("关于哪一件的；不写就是全部")
    )


class Marked(BaseModel):
    """How many were marked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"marked": 3}]})
    marked: int = Field(description=translatable("几条"))
