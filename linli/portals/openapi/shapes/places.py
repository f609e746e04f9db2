"""Lists, areas and bodies."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from linli.kernel.text import translatable
from linli.portals.openapi.shapes.matters import Choice
from linli.portals.openapi.shapes.pieces import AreaCode, AreaName, Behind, Code, Edition, Level, NamedCode


class Category(BaseModel):
    """A kind of matter."""

    code: str = Field(description=translatable("代码"))
    name: str = Field(description=translatable("名称"))
    group: NamedCode = Field(description=translatable("大类"))
    examples: list[str] = Field(description=translatable("例子"))
    public: bool = Field(description=translatable("邻居可以看到"))
    is_report: bool = Field(description=translatable("举报"))
    rule: str = Field(description=translatable("依据的规则"))


class Categories(BaseModel):
    """The kinds of matters in force."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "code": "streetlight", "name": "路灯", "group": {"code": "city", "name": "市容环境"}, "examples": ["路灯不亮"],
                            "public": True, "is_report": False, "rule": "matters/categories v1 #streetlight",
                        }
                    ]
                }
            ]
        }
    )  # fmt: skip
    items: list[Category] = Field(description=translatable("全部类别"))


class RuleHead(BaseModel):
    """A list of the rulebook, without its items."""

    key: str = Field(description=translatable("清单的名字"))
    version: int = Field(description=translatable("第几版"))
    title: str = Field(description=translatable("标题"))
    in_force: date = Field(description=translatable("哪天起施行"))
    basis: str = Field(description=translatable("依据"))
    status: Literal["adopted", "assumed"] = Field(description=translatable("已定或暂定"))


class Rules(BaseModel):
    """Every list in force."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"key": "matters/limits", "version": 1, "title": "办理期限", "in_force": "2026-01-01", "basis": "《条例》第十一条", "status": "assumed"}]}
            ]
        }
    )  # fmt: skip
    items: list[RuleHead] = Field(description=translatable("全部清单"))


class RuleWhole(RuleHead):
    """One version of a list, whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "lists/outcome_reasons", "version": 1, "title": "办理结果", "in_force": "2026-01-01", "basis": "《条例》第十一条",
                    "status": "assumed", "reason": "待市里公布", "items": [{"code": "solved", "name": "已解决", "status": "assumed"}],
                }
            ]
        }
    )  # fmt: skip
    reason: str = Field(description=translatable("暂定的理由"))
    items: list[dict[str, Any]] = Field(description=translatable("条目，各清单的栏目不同，都有 code"))


class Area(AreaName):
    """An area of the tree."""

    full_name: str = Field(description=translatable("连上级的全称"))
    kind: str = Field(description=translatable("种类"))
    functional: bool = Field(description=translatable("功能区，不是行政区划"))
    parent: str | None = Field(description=translatable("上级的代码"))


_AREA: dict[str, Any] = {
    "code": "990001001001", "name": "槐花社区", "level": 4, "full_name": "柳河区柳林街道槐花社区", "kind": "community", "functional": False,
    "parent": "990001001000",
}  # fmt: skip


class Areas(BaseModel):
    """Areas."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_AREA]}]})
    items: list[Area] = Field(description=translatable("区域，按代码"))


class AreaWhole(Area):
    """An area, what it lies in and what lies in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_AREA, "lineage": [{"code": "990001001000", "name": "柳林街道", "level": 3}], "children": [{"code": "9900010010010001", "name": "槐花一网格", "level": 5}]}
            ]
        }
    )  # fmt: skip
    lineage: list[AreaName] = Field(description=translatable("从市到上级"))
    children: list[AreaName] = Field(description=translatable("下一级"))


class Body(Choice):
    """A body."""

    kind: str = Field(description=translatable("性质"))
    area: AreaName = Field(description=translatable("管辖区域"))
    functions: list[str] = Field(description=translatable("职能代码（bodies/functions）"))


class Bodies(BaseModel):
    """Bodies, a hundred at a time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": 7, "name": "柳林街道城市管理办公室", "short_name": "柳林街道城管办", "level": 3, "phone": "0543-0000301",
                            "kind": "government", "area": {"code": "990001001000", "name": "柳林街道", "level": 3}, "functions": ["urban-management"],
                        }
                    ],
                    "next": None,
                }
            ]
        }
    )  # fmt: skip
    items: list[Body] = Field(description=translatable("单位，按序号"))
    next: int | None = Field(description=translatable("下一页的 after"))


class AreasAsked(BaseModel):
    """Which areas."""

    level: Level | None = Field(default=None, description=translatable("只要这一级的"))
    within: AreaCode | None = Field(default=None, description=translatable("在哪个区域里；不写就是令牌岗位的区域"))


class BodiesAsked(BaseModel):
    """Which bodies."""

    area: AreaCode | None = Field(default=None, description=translatable("管得到这个地方的单位"))
    function: Code | None = Field(default=None, description=translatable("有这项职能的"))
    after: Behind | None = Field(default=None, description=translatable("上一页的 next"))


class RuleAsked(BaseModel):
    """Which version."""

    version: Edition | None = Field(default=None, description=translatable("第几版；不写是现在施行的"))
